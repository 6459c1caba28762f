package org.reconverge.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.evidence.EvidenceCheck;
import org.reconverge.model.evidence.EvidenceDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Computes the verdicts of an evidence directory again. */
@Command(
        name = "check",
        description = {
            "Computes every verdict of an evidence directory again, from its histories alone, and compares.",
            "Needs no container engine. Digests are checked first."
        })
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Parameters(paramLabel = "DIR", description = "An evidence directory.")
    private Path directory = Path.of("");

    /** What a program is told. */
    private record Result(
            boolean same, List<String> problems, List<EvidenceCheck.TrialRecheck> trials, CampaignSummary summary) {}

    @Override
    public Integer call() {
        EvidenceCheck.Recheck recheck = EvidenceCheck.recheck(EvidenceDirectory.open(directory));
        if (options.isJson()) {
            options.json(new Result(recheck.same(), recheck.problems(), recheck.trials(), recheck.summary()));
        } else {
            recheck.problems().forEach(problem -> options.out().println("problem: " + problem));
            recheck.trials().stream()
                    .forEach(trial -> trial.differences()
                            .forEach(difference -> options.out()
                                    .println("differs: " + trial.scenario() + ", trial " + trial.trial() + ": "
                                            + difference)));
            options.out().print(ResultTable.of(recheck.summary()));
            options.out()
                    .println(
                            recheck.same()
                                    ? "The evidence is intact, and every verdict is the same as it was."
                                    : "The evidence, or a verdict, is not what it was.");
        }
        return recheck.same() ? RunCommand.exitCode(recheck.summary().verdict()) : ExitCode.INCONCLUSIVE;
    }
}

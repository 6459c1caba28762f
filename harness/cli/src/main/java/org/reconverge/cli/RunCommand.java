package org.reconverge.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineInstaller;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.spec.Scenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the scenarios of a failover spec on a real lab. */
@Command(
        name = "run",
        description = {
            "Starts a lab, breaks it as its scenarios say, and judges whether every client came back in time.",
            "Sets up what is missing: a container engine (as root on Debian, if none answers) and the images."
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Mixin
    private final CampaignOptions campaign = new CampaignOptions();

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description = "Where to keep the evidence (default: evidence/<time>-<lab>).")
    private Optional<Path> evidence = Optional.empty();

    @Option(
            names = "--watch",
            description = {
                "Show on the terminal how the clients fare while it happens: site, loss, tunnel, sessions, and the phase of"
                        + " the trial. Elsewhere than on a terminal it changes nothing."
            })
    private boolean watch;

    @Parameters(
            paramLabel = "LAB",
            description = "A bundled lab such as two-site, a *.failover.yml, or a directory with one.")
    private String name = "";

    @Override
    public Integer call() throws IOException {
        ImageStore.readAhead();
        LabChoice lab = LabChoice.of(name, command);
        List<Scenario> scenarios = lab.scenarios(campaign.scenarios, command);
        long seed = campaign.chosenSeed();
        Path directory = evidence.orElseGet(
                () -> CampaignRun.defaultEvidence(lab.topology().name()));
        try (Engine engine = new EngineInstaller(options::say).connect()) {
            CampaignSummary summary = new CampaignRun(options, "", watch)
                    .run(lab, engine, scenarios, campaign, seed, directory, again(seed));
            show(summary, directory, seed);
            return exitCode(summary.verdict());
        }
    }

    private List<String> again(long seed) {
        List<String> words = new ArrayList<>(List.of("./reconverge", "run", name));
        words.addAll(campaign.again(seed));
        return words;
    }

    /** What a program is told. */
    private record Result(CampaignSummary summary, String evidence, long seed) {}

    private void show(CampaignSummary summary, Path directory, long seed) {
        if (options.isJson()) {
            options.json(new Result(summary, directory.toString(), seed));
            return;
        }
        options.out().println();
        options.out().print(ResultTable.of(summary));
        options.out().println();
        options.out().println((summary.verdict() + "  " + claim(summary)).strip());
        options.out().println("report:   " + directory.resolve("report.html"));
        options.out().println("evidence: " + directory);
        options.out().println("again:    " + String.join(" ", again(seed)));
    }

    /** The weakest of the rows' claims; none, if something did not pass. */
    private static String claim(CampaignSummary summary) {
        return summary.rows().stream()
                .filter(row -> summary.verdict() == Verdict.PASS)
                .map(CampaignSummary.Row::claim)
                .findFirst()
                .orElse("");
    }

    static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case PASS -> ExitCode.PASS;
            case FAIL -> ExitCode.BUDGET_MISSED;
            case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
        };
    }
}

package org.reconverge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.reconverge.lab.SteadyStateException;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineInstaller;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.spec.Scenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares a candidate configuration with the current one before it is rolled out. */
@Command(
        name = "diff",
        description = {
            "Runs the same scenarios, with the same seed, on the current and on a candidate configuration.",
            "Ends with SAFE, REGRESSION or INCONCLUSIVE and the reasons; exit codes 0, 1 and 3."
        })
final class DiffCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Mixin
    private final CampaignOptions campaign = new CampaignOptions();

    @Option(
            names = "--candidate",
            required = true,
            paramLabel = "DIR",
            description = "The candidate: files that replace those of the same path in the lab's configs/ directory.")
    private Path candidate = Path.of("");

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description = "Where to keep the evidence of both runs (default: evidence/<time>-<lab>-diff).")
    private Optional<Path> evidence = Optional.empty();

    @Parameters(
            paramLabel = "LAB",
            description = "A bundled lab such as two-site, a *.failover.yml, or a directory with one.")
    private String name = "";

    @Override
    public Integer call() throws IOException {
        LabChoice current = LabChoice.of(name, command);
        List<Scenario> scenarios = current.scenarios(campaign.scenarios, command);
        Staged staged = stage(current);
        long seed = campaign.chosenSeed();
        Path directory = evidence.orElseGet(
                () -> CampaignRun.defaultEvidence(current.topology().name() + "-diff"));
        try (Engine engine = new EngineInstaller(options::say).connect()) {
            options.say("the candidate replaces " + String.join(", ", staged.replaced()));
            CampaignSummary now = run("current   ", current, engine, scenarios, seed, directory.resolve("current"));
            CampaignSummary then;
            try {
                then = run("candidate ", staged.lab(), engine, scenarios, seed, directory.resolve("candidate"));
            } catch (SteadyStateException e) {
                // Two labs did not, and one with the current configuration did. Other failures are the harness's.
                Comparison comparison = new Comparison(
                        Comparison.Outcome.REGRESSION,
                        List.of("the candidate does not come to steady state: " + e.getMessage()));
                return show(comparison, now, Optional.empty(), directory, seed);
            }
            return show(Comparison.of(now, then), now, Optional.of(then), directory, seed);
        }
    }

    private CampaignSummary run(
            String label, LabChoice lab, Engine engine, List<Scenario> scenarios, long seed, Path directory) {
        return new CampaignRun(options, label, false)
                .run(lab, engine, scenarios, campaign, seed, directory, again(seed));
    }

    private record Staged(LabChoice lab, List<String> replaced) {}

    /** Lays the candidate's files over a copy of the lab; the user's own files are never touched. */
    private Staged stage(LabChoice current) throws IOException {
        if (!Files.isDirectory(candidate)) {
            throw new ParameterException(command.commandLine(), "There is no directory '" + candidate + "'.");
        }
        Path copy = TemporaryDirectory.create("reconverge-candidate");
        copy(current.directory(), copy);
        Path overlay = Files.isDirectory(candidate.resolve("configs")) ? candidate.resolve("configs") : candidate;
        Path configs = copy.resolve("configs");
        List<String> replaced = new ArrayList<>();
        try (Stream<Path> files = Files.walk(overlay)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                Path relative = overlay.relativize(file);
                Path target = configs.resolve(relative.toString());
                if (Files.isRegularFile(target)) {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                    replaced.add("configs/" + relative);
                } else if (!file.getFileName().toString().startsWith("README")) {
                    throw new ParameterException(
                            command.commandLine(),
                            file + " replaces nothing: the lab has no configs/" + relative + ".");
                }
            }
        }
        if (replaced.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "The candidate '" + candidate + "' has no file to replace.");
        }
        Path spec = copy.resolve(current.directory()
                .relativize(current.spec().file().toAbsolutePath())
                .toString());
        return new Staged(LabChoice.of(spec.toString(), command), replaced);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private List<String> again(long seed) {
        List<String> words =
                new ArrayList<>(List.of("./reconverge", "diff", name, "--candidate", candidate.toString()));
        words.addAll(campaign.again(seed));
        return words;
    }

    /** What a program is told; without a candidate if that did not come to steady state. */
    private record Result(
            Comparison.Outcome outcome,
            List<String> reasons,
            CampaignSummary current,
            Optional<CampaignSummary> candidate,
            String evidence,
            long seed) {}

    private int show(
            Comparison comparison, CampaignSummary now, Optional<CampaignSummary> then, Path directory, long seed) {
        if (options.isJson()) {
            options.json(new Result(comparison.outcome(), comparison.reasons(), now, then, directory.toString(), seed));
        } else {
            options.out().println();
            options.out().print(columns(now, then));
            options.out().println();
            options.out().println(comparison.outcome());
            comparison.reasons().forEach(reason -> options.out().println("  " + reason));
            options.out().println("evidence: " + directory);
            options.out().println("again:    " + String.join(" ", again(seed)));
        }
        return switch (comparison.outcome()) {
            case SAFE -> ExitCode.PASS;
            case REGRESSION -> ExitCode.BUDGET_MISSED;
            case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
        };
    }

    private static String columns(CampaignSummary now, Optional<CampaignSummary> then) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("SCENARIO", "CLIENT", "CURRENT", "CANDIDATE"));
        for (Row row : now.rows()) {
            String other = then.flatMap(summary -> summary.rows().stream()
                            .filter(one -> one.scenario().equals(row.scenario())
                                    && one.client().equals(row.client()))
                            .findFirst())
                    .map(DiffCommand::cell)
                    .orElse("-");
            rows.add(List.of(row.scenario(), row.client(), cell(row), other));
        }
        return ResultTable.layOut(rows);
    }

    private static String cell(Row row) {
        String outage = row.outage()
                .map(spread -> spread.max().value().isZero() ? "no loss" : "out for " + ResultTable.longest(spread))
                .orElse("not measured");
        return row.verdict() + ", " + outage + ", by " + String.join("+", row.servedAfter());
    }
}

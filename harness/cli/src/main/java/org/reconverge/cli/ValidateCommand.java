package org.reconverge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineUnavailableException;
import org.reconverge.lab.engine.FrrConfigCheck;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.source.Parsed;
import org.reconverge.model.source.Problem;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.topologies.BundledTopologies;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks the user's files and tells everything that is wrong with them. */
@Command(
        name = "validate",
        description = {
            "Checks topologies, failover specs and FRR configurations.",
            "Files are told apart by their names: *.failover.yml is a failover spec, anything else a topology."
                    + " Every problem is reported, as file:line:column."
        })
final class ValidateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Option(names = "--offline", description = "Use no engine: FRR configurations are not checked.")
    private boolean offline;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Files to check; a directory, or a bundled lab such as two-site, stands for the topologies and"
                            + " specs in it.")
    private List<String> files = List.of();

    private final List<String> valid = new ArrayList<>();
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Set<Path> configurations = new LinkedHashSet<>();

    @Override
    public Integer call() throws IOException {
        for (String name : files) {
            for (Path one : filesOf(name)) {
                read(one);
            }
        }
        if (!offline && !configurations.isEmpty()) {
            checkConfigurations();
        }
        boolean wrong = problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
        if (options.isJson()) {
            options.json(problems.stream().map(ValidateCommand::json).toList());
        } else {
            problems.forEach(problem -> options.out().println(text(problem)));
            if (!wrong) {
                valid.forEach(options.out()::println);
            }
        }
        return wrong ? ExitCode.BAD_INPUT : ExitCode.PASS;
    }

    private List<Path> filesOf(String name) throws IOException {
        Path given = Path.of(name);
        Path file = Files.exists(given)
                ? given
                : LabChoice.bundled(name)
                        .map(Path::getParent)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "There is no file '" + name + "'. Give a *.failover.yml, a *.clab.yml, a directory with"
                                        + " them, or one of "
                                        + String.join(", ", BundledTopologies.names()) + "."));
        if (!Files.isDirectory(file)) {
            return List.of(file);
        }
        try (Stream<Path> entries = Files.list(file)) {
            List<Path> found = entries.filter(entry -> isTopology(entry) || isSpec(entry))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "There is no *.clab.yml and no *.failover.yml in '" + file + "'.");
            }
            return found;
        }
    }

    private void read(Path file) {
        try {
            if (isSpec(file)) {
                Parsed<FailoverSpec> parsed = FailoverSpecFile.parse(file);
                problems.addAll(parsed.problems());
                FailoverSpec failover = parsed.value();
                readTopology(failover.topology());
                valid.add(file + ": valid, " + count(failover.sites().size(), "site") + ", "
                        + count(failover.clients().size(), "client") + ", "
                        + count(failover.scenarios().size(), "scenario"));
            } else {
                Topology topology = readTopology(file);
                valid.add(file + ": valid, " + count(topology.nodes().size(), "node") + ", "
                        + count(topology.links().size(), "link"));
            }
        } catch (InvalidFileException e) {
            problems.addAll(e.problems());
        }
    }

    private Topology readTopology(Path file) {
        Parsed<Topology> parsed = TopologyFile.parse(file);
        problems.addAll(parsed.problems());
        configurations.addAll(FrrConfigCheck.configurations(parsed.value()));
        return parsed.value();
    }

    private void checkConfigurations() throws IOException {
        try (Engine engine = Engine.connect()) {
            ImageStore images = new ImageStore(engine, options.progress());
            boolean built = images.status().stream()
                    .anyMatch(image -> image.name().equals("frr") && image.state() == ImageStore.State.PRESENT);
            if (!built) {
                options.say("FRR configurations are not checked: './reconverge images frr' builds what it takes.");
                return;
            }
            problems.addAll(new FrrConfigCheck(engine, images).check(relative(configurations)));
            valid.add(configurations.size() + " FRR configurations: valid");
        } catch (EngineUnavailableException e) {
            options.say("FRR configurations are not checked: no Docker Engine answers.");
        }
    }

    /** Names files as the user would from here. */
    private static List<Path> relative(Set<Path> files) {
        Path here = Path.of("").toAbsolutePath();
        return files.stream()
                .map(file -> file.toAbsolutePath().normalize())
                .map(file -> file.startsWith(here) ? here.relativize(file) : file)
                .toList();
    }

    private static boolean isTopology(Path file) {
        return file.toString().matches(".*\\.clab\\.ya?ml");
    }

    private static boolean isSpec(Path file) {
        return file.toString().matches(".*\\.failover\\.ya?ml");
    }

    /** The form of compilers, which editors read. */
    private static String text(Problem problem) {
        return problem.position() + ": " + severity(problem) + ": "
                + (problem.path().isEmpty() ? "" : problem.path() + ": ") + problem.message();
    }

    private static Map<String, Object> json(Problem problem) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("severity", severity(problem));
        json.put("file", problem.position().file().toString());
        json.put("line", problem.position().line());
        json.put("column", problem.position().column());
        json.put("path", problem.path());
        json.put("message", problem.message());
        return json;
    }

    private static String severity(Problem problem) {
        return problem.severity() == Problem.Severity.ERROR ? "error" : "warning";
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}

package org.reconverge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.spec.Scenario;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.topologies.BundledTopologies;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The lab that a command is about: its spec and its topology.
 *
 * @param name what the user called it
 * @param spec what must hold
 * @param topology what is there
 */
record LabChoice(String name, FailoverSpec spec, Topology topology) {

    /**
     * Finds a lab.
     *
     * @param name a failover spec, a directory with one, or the name of a bundled lab
     * @throws ParameterException if there is none of that name
     */
    static LabChoice of(String name, CommandSpec command) throws IOException {
        FailoverSpec spec = FailoverSpecFile.read(specFile(name, command));
        return new LabChoice(name, spec, TopologyFile.read(spec.topology()));
    }

    private static Path specFile(String name, CommandSpec command) throws IOException {
        Path path = Path.of(name);
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (Files.isDirectory(path)) {
            return onlySpecOf(path, command);
        }
        return bundled(name)
                .orElseThrow(() -> new ParameterException(
                        command.commandLine(),
                        "There is no lab '" + name + "'. Give a *.failover.yml, a directory with one, or one of "
                                + String.join(", ", BundledTopologies.names()) + "."));
    }

    /** Returns the spec of the bundled lab of this name, where its topology and configurations are, too. */
    static Optional<Path> bundled(String name) throws IOException {
        Path sources = Path.of(System.getProperty("reconverge.root", "."), "topologies", name, name + ".failover.yml");
        if (Files.isRegularFile(sources)) {
            return Optional.of(sources);
        }
        return BundledTopologies.names().contains(name)
                ? Optional.of(BundledTopologies.unpack(name, TemporaryDirectory.create("reconverge-" + name)))
                : Optional.empty();
    }

    private static Path onlySpecOf(Path directory, CommandSpec command) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> specs = files.filter(file -> file.toString().matches(".*\\.failover\\.ya?ml"))
                    .sorted()
                    .toList();
            Optional<Path> ofThatName = named(directory, specs);
            if (ofThatName.isPresent()) {
                return ofThatName.get();
            }
            if (specs.size() != 1) {
                throw new ParameterException(
                        command.commandLine(),
                        "Expected one *.failover.yml in '" + directory + "', but found " + specs.size()
                                + (specs.isEmpty() ? "." : ": name the one that is meant."));
            }
            return specs.get(0);
        }
    }

    /** The spec of a directory is the one that is called as the directory is; others beside it are variants. */
    private static Optional<Path> named(Path directory, List<Path> specs) {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return specs.stream()
                .filter(spec -> spec.getFileName()
                        .toString()
                        .matches(java.util.regex.Pattern.quote(String.valueOf(name)) + "\\.failover\\.ya?ml"))
                .findFirst();
    }

    /** Returns the directory that the topology's files are relative to. */
    Path directory() {
        Path parent = topology.file().toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /**
     * Returns the scenarios of these names, or all of the spec's if none is named.
     *
     * @throws ParameterException if a name is no scenario of the spec
     */
    List<Scenario> scenarios(List<String> names, CommandSpec command) {
        for (String wanted : names) {
            if (!spec.scenarios().containsKey(wanted)) {
                throw new ParameterException(
                        command.commandLine(),
                        "There is no scenario '" + wanted + "' in " + spec.file() + ". There are "
                                + String.join(", ", spec.scenarios().keySet()) + ".");
            }
        }
        return spec.scenarios().values().stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }
}

package org.reconverge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.reports.graph.TopologyGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Draws a topology. */
@Command(
        name = "graph",
        description = {
            "Draws a topology with its links, AS numbers, sites and clients, as SVG or as Mermaid text.",
            "Sites and clients come from the failover spec; any containerlab topology can be drawn without one."
        })
final class GraphCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Option(names = "--mermaid", description = "Write Mermaid text, for Markdown pages, instead of SVG.")
    private boolean mermaid;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file to write instead of standard output; *.mmd is Mermaid text.")
    private Optional<Path> output = Optional.empty();

    @Parameters(
            paramLabel = "LAB",
            description = "A bundled lab such as two-site, a *.failover.yml, a directory with one, or a *.clab.yml.")
    private String name = "";

    @Override
    public Integer call() throws IOException {
        TopologyGraph graph = graph();
        boolean asMermaid = mermaid
                || output.filter(file -> file.toString().endsWith(".mmd")).isPresent();
        String drawing = asMermaid ? graph.mermaid() : graph.svg();
        if (output.isPresent()) {
            Path directory = output.get().toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(output.get(), drawing);
            options.say("written: " + output.get());
        } else if (options.isJson()) {
            options.json(Map.of("svg", graph.svg(), "mermaid", graph.mermaid()));
        } else {
            options.out().print(drawing);
        }
        return ExitCode.PASS;
    }

    private TopologyGraph graph() throws IOException {
        Path file = Path.of(name);
        if (file.toString().matches(".*\\.clab\\.ya?ml") && Files.isRegularFile(file)) {
            return graph(TopologyFile.read(file), Optional.empty());
        }
        LabChoice lab = LabChoice.of(name, command);
        return graph(lab.topology(), Optional.of(lab.spec()));
    }

    private static TopologyGraph graph(Topology topology, Optional<FailoverSpec> spec) {
        return TopologyGraph.of(topology, spec, RouterConfig.of(topology));
    }
}

package org.reconverge.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabNode;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.Peering;
import org.reconverge.lab.SteadyStateException;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineInstaller;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.lab.panel.WireCapture;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Starts a lab to look around in. */
@Command(
        name = "up",
        description = {
            "Starts a lab, waits for its steady state, tells how to enter its nodes, and keeps it until Ctrl-C or the end of"
                    + " standard input; then nothing of it is left.",
            "Takes a containerlab file too, without any failover spec: every BGP and BFD session must come up. With"
                    + " '</dev/null' it only shows whether the lab comes up."
        })
final class UpCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "Record what is on the wires, as pcapng for Wireshark; compressed if the name ends in .gz.")
    private Optional<Path> capture = Optional.empty();

    @Parameters(
            paramLabel = "LAB",
            description = "A containerlab file (*.clab.yml), a bundled lab such as two-site, a *.failover.yml, or a"
                    + " directory with one.")
    private String name = "";

    @Override
    public Integer call() throws IOException {
        ImageStore.readAhead();
        Choice chosen = choose();
        try (Engine engine = new EngineInstaller(options::say).connect();
                Lab lab = Lab.start(new LabOptions(chosen.spec(), chosen.topology(), engine, options.progress()))) {
            WireCapture wires = capture.map(file -> lab.capture(file, "up")).orElse(null);
            @Nullable SteadyStateException failure = null;
            try {
                lab.awaitSteadyState();
            } catch (SteadyStateException e) {
                failure = e;
            }
            show(lab, failure);
            // Until its end, or until a signal ends the process, and with it the lab.
            System.in.transferTo(OutputStream.nullOutputStream());
            if (wires != null) {
                wires.close();
                options.say(wires.frames() + " frames are in " + wires.file());
            }
            return failure == null ? ExitCode.PASS : ExitCode.INCONCLUSIVE;
        }
    }

    private record Choice(FailoverSpec spec, Topology topology) {}

    private Choice choose() throws IOException {
        Path file = Path.of(name);
        if (Files.isRegularFile(file) && !name.matches(".*\\.failover\\.ya?ml")) {
            Topology topology = TopologyFile.read(file);
            return new Choice(FailoverSpec.withoutService(topology), topology);
        }
        LabChoice lab = LabChoice.of(name, command);
        return new Choice(lab.spec(), lab.topology());
    }

    private void show(Lab lab, @Nullable SteadyStateException failure) {
        List<Peering> peerings = lab.describe().peerings();
        if (options.isJson()) {
            Map<String, String> containers = new LinkedHashMap<>();
            lab.nodes().forEach(node -> containers.put(node.name(), node.container()));
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("lab", lab.id());
            result.put("steady", failure == null);
            result.put("missing", failure == null ? "" : String.valueOf(failure.getMessage()));
            result.put("containers", containers);
            result.put("peerings", peerings);
            options.json(result);
            options.out().flush();
            return;
        }
        int width = lab.nodes().stream()
                .mapToInt(node -> node.name().length())
                .max()
                .orElse(4);
        StringBuilder text = new StringBuilder();
        for (LabNode node : lab.nodes()) {
            List<Peering> own = peerings.stream()
                    .filter(peering -> peering.node().equals(node.name()))
                    .toList();
            text.append(String.format(
                    "%-" + width + "s  %-26s docker exec -it %s %s%n",
                    node.name(),
                    sessions(own),
                    node.container().substring(0, 12),
                    prompt(node)));
        }
        text.append(System.lineSeparator())
                .append("Lab ")
                .append(lab.id())
                .append(" of ")
                .append(lab.topology().name())
                .append(failure == null ? " is in steady state" : " is up, but not in steady state")
                .append("; Ctrl-C takes it down.")
                .append(System.lineSeparator());
        if (failure != null) {
            text.append(failure.getMessage()).append(System.lineSeparator());
        }
        options.out().print(text);
        options.out().flush();
    }

    /** Returns the command line that an operator expects there. */
    private static String prompt(LabNode node) {
        String found = node.run("command -v vtysh || command -v birdc || command -v bash || echo sh")
                .output()
                .strip();
        return found.substring(found.lastIndexOf('/') + 1);
    }

    /** Returns how many sessions are up, by protocol. */
    private static String sessions(List<Peering> peerings) {
        List<String> parts = new ArrayList<>();
        for (String protocol : List.of("BGP", "BFD")) {
            List<Peering> own = peerings.stream()
                    .filter(peering -> peering.protocol().equals(protocol))
                    .toList();
            long up = own.stream()
                    .filter(peering -> peering.state().equalsIgnoreCase("Established")
                            || peering.state().equalsIgnoreCase("up"))
                    .count();
            if (!own.isEmpty()) {
                parts.add(protocol + " " + up + "/" + own.size());
            }
        }
        return String.join(", ", parts);
    }
}

package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reconverge.junit.Faults.carrierLoss;
import static org.reconverge.junit.Faults.linkDown;
import static org.reconverge.junit.Faults.silentDrop;

import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.lab.Injection;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabNode;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.lab.panel.Wire;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.statistics.Sample;
import org.reconverge.model.topology.Endpoint;

/**
 * How fast the harness is, and beside each number a floor that was measured in the same run: what the engine or the kernel
 * takes for the bare thing. Nothing is asserted of a time; CONTRIBUTING.md says how to run it and what came out.
 *
 * <p>The results are appended to {@code target/benchmarks.txt}.
 */
class Benchmarks {

    private static final int STARTS = Integer.getInteger("benchmark.starts", 5);
    private static final int FAULTS = 50;

    /** From nothing to steady state, images and jars present. */
    @ParameterizedTest
    @ValueSource(strings = {"minimal", "two-site"})
    void start(String topology, @TempDir Path directory) throws IOException {
        Map<String, List<Duration>> phases = new LinkedHashMap<>();
        int containers = 0;
        try (Engine engine = Engine.connect()) {
            for (int i = 0; i < STARTS; i++) {
                LabOptions options = Labs.bundled(topology, directory.resolve(String.valueOf(i)), engine);
                long begin = System.nanoTime();
                try (Lab lab = Lab.startInSteadyState(options)) {
                    Duration all = since(begin);
                    lab.startupPhases()
                            .forEach((phase, took) -> phases.computeIfAbsent(phase, key -> new ArrayList<>())
                                    .add(took));
                    phases.computeIfAbsent("all, to steady state", key -> new ArrayList<>())
                            .add(all);
                    containers = Labs.containers(engine, lab.id());
                    if (i == 0) {
                        memory(topology, lab);
                    }
                }
                phases.computeIfAbsent("floor: as many bare containers", key -> new ArrayList<>())
                        .add(bareContainers(engine, containers));
            }
        }
        phases.forEach((phase, took) -> report(topology + ", " + phase, took));
    }

    /** Starts as many containers of nothing as the lab has, eight at a time as the lab does, and removes them. */
    private static Duration bareContainers(Engine engine, int count) {
        String image =
                new org.reconverge.lab.engine.ImageStore(engine, (phase, detail, done, total) -> {}).ensure("base");
        List<String> started = Collections.synchronizedList(new ArrayList<>());
        var workers = java.util.concurrent.Executors.newFixedThreadPool(8);
        long begin = System.nanoTime();
        try {
            workers.invokeAll(Collections.nCopies(count, () -> {
                String id = engine.client()
                        .createContainerCmd(image)
                        .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                        .withCmd("sleep", "600")
                        .exec()
                        .getId();
                started.add(id);
                engine.client().startContainerCmd(id).exec();
                return id;
            }));
            return since(begin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            started.forEach(
                    id -> engine.client().removeContainerCmd(id).withForce(true).exec());
            workers.shutdown();
        }
    }

    /** What each node's processes take of the host's memory, pages that several share divided among them. */
    private static void memory(String topology, Lab lab) throws IOException {
        Map<String, List<Long>> byImage = new LinkedHashMap<>();
        for (LabNode node : lab.nodes()) {
            byImage.computeIfAbsent(role(node.name(), lab), key -> new ArrayList<>())
                    .add(kilobytes(lab, node.pid()));
        }
        lab.engine()
                .client()
                .listContainersCmd()
                .withLabelFilter(Map.of(org.reconverge.lab.engine.Labels.LAB, lab.id()))
                .exec()
                .forEach(container -> {
                    String role = container.getLabels().get(org.reconverge.lab.engine.Labels.ROLE);
                    if (!"node".equals(role) && !"panel".equals(role) && !"reaper".equals(role)) {
                        Integer pid = lab.engine()
                                .client()
                                .inspectContainerCmd(container.getId())
                                .exec()
                                .getState()
                                .getPid();
                        byImage.computeIfAbsent("emulator or tunnel, " + role, key -> new ArrayList<>())
                                .add(kilobytes(lab, pid == null ? 0 : pid));
                    }
                });
        byImage.forEach((image, sizes) -> {
            List<Long> sorted = sizes.stream().sorted().toList();
            print(String.format(
                    Locale.ROOT,
                    "%-52s median %5.1f MB, max %5.1f MB PSS (n = %d)",
                    topology + ", memory of " + image,
                    sorted.get(sorted.size() / 2) / 1024.0,
                    sorted.get(sorted.size() - 1) / 1024.0,
                    sorted.size()));
        });
    }

    private static String role(String node, Lab lab) {
        return lab.images().getOrDefault(node, "?").replaceFirst(":.*", "");
    }

    private static long kilobytes(Lab lab, long pid) {
        String script = "ns=$(readlink /proc/" + pid + "/ns/pid); for p in /proc/[0-9]*; do"
                + " [ \"$(readlink $p/ns/pid)\" = \"$ns\" ] && cat $p/smaps_rollup; done 2>/dev/null"
                + " | awk '/^Pss:/ {s += $2} END {print s + 0}'";
        return Long.parseLong(lab.panel().run("sh " + script + "\n").output().strip());
    }

    /** Two hundred links: how long the wiring takes, and how narrowly a fault on one of them is known. */
    @Test
    void faultsOfTwoHundredWires(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("mesh.clab.yml");
        Files.writeString(file, mesh(20, 200));
        try (Engine engine = Engine.connect();
                Lab lab = Lab.start(Labs.containerlab(file, engine))) {
            report("200 wires of 20 nodes", List.of(lab.startupPhases().get("wires")));
            List<Wire> wires = List.copyOf(lab.panel().wires());
            assertThat(wires).hasSize(200);
            faults(lab, wires, "link-down", end -> linkDown(end.toString()));
            faults(lab, wires, "carrier-loss", end -> carrierLoss(end.toString()));
            silentDrops(lab, wires);
            List<Duration> floor = new ArrayList<>();
            for (int i = 0; i < FAULTS; i++) {
                PatchPanel.Applied nothing = lab.panel().run("clock\n");
                floor.add(nothing.after().since(nothing.before()));
            }
            report("floor: a line that reads two clocks", floor);
        }
    }

    private static void faults(
            Lab lab, List<Wire> wires, String kind, java.util.function.Function<Endpoint, Fault> fault) {
        Random random = new Random(1);
        List<Duration> bounds = new ArrayList<>();
        List<Duration> calls = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            Endpoint end = wires.get(random.nextInt(wires.size())).link().a();
            long begin = System.nanoTime();
            try (Injection injection = lab.inject(fault.apply(end))) {
                calls.add(since(begin));
                bounds.add(injection.after().since(injection.before()));
            }
        }
        report(kind + ", convergence event known to within", bounds);
        report(kind + ", call to verified", calls);
    }

    /** Nobody sends on these wires, so that a drop cannot be verified: only its two clock readings count. */
    private static void silentDrops(Lab lab, List<Wire> wires) {
        Random random = new Random(2);
        List<Duration> bounds = new ArrayList<>();
        List<Duration> calls = new ArrayList<>();
        for (int i = 0; i < FAULTS; i++) {
            Wire wire = wires.get(random.nextInt(wires.size()));
            String ends = wire.innerA() + " " + wire.innerB() + "\n";
            long begin = System.nanoTime();
            PatchPanel.Applied drop =
                    lab.panel().inject("benchmark" + i, Duration.ofSeconds(60), "drop 60000 " + ends, "pass " + ends);
            calls.add(since(begin));
            bounds.add(drop.after().since(drop.before()));
            lab.panel().revert("benchmark" + i);
        }
        report(silentDrop("a:b").kind() + ", convergence event known to within", bounds);
        report(silentDrop("a:b").kind() + ", call to answer of the panel", calls);
    }

    private static String mesh(int nodes, int links) {
        StringBuilder text = new StringBuilder(
                "name: mesh\ntopology:\n  defaults: {kind: linux, image: reconverge/host}\n" + "  nodes:\n");
        IntStream.range(0, nodes).forEach(i -> text.append("    n").append(i).append(": {}\n"));
        text.append("  links:\n");
        int[] used = new int[nodes];
        for (int i = 0; i < links; i++) {
            int a = i % nodes;
            int b = (a + 1 + i / nodes) % nodes;
            text.append("    - endpoints: [n" + a + ":eth" + ++used[a] + ", n" + b + ":eth" + ++used[b] + "]\n");
        }
        return text.toString();
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static void report(String what, List<Duration> values) {
        Sample sample = new Sample(values);
        print(String.format(
                Locale.ROOT,
                "%-52s median %9.2f ms, min %9.2f, max %9.2f (n = %d)",
                what,
                millis(sample.median()),
                millis(sample.min()),
                millis(sample.max()),
                sample.count()));
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    private static void print(String line) {
        System.out.println(line);
        try {
            Files.writeString(
                    Path.of("target", "benchmarks.txt"),
                    line + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

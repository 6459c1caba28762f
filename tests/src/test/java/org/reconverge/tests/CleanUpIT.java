package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.Labels;
import org.reconverge.model.spec.FailoverSpec;

/** However a process ends, nothing of its labs is left: no container, no process, no image. */
class CleanUpIT {

    private static final Duration GONE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Engine engine;
    private Set<String> imagesBefore;

    @BeforeEach
    void connect() {
        engine = Engine.connect();
        imagesBefore = danglingImages();
    }

    @AfterEach
    void disconnect() {
        engine.close();
    }

    @Test
    void afterANormalEnd() {
        Lab lab = Lab.start(Labs.bundled("minimal", directory, engine));
        Set<Long> pids = lab.nodes().stream().map(node -> node.pid()).collect(Collectors.toSet());
        assertThat(Labs.containers(engine, lab.id())).as("control").isPositive();
        lab.close();
        assertThat(Labs.containers(engine, lab.id())).isZero();
        assertProcessesGone(pids);
    }

    /** The second site's service runs on a node that dies at once: the start fails half-way. */
    @Test
    void afterAFailedStart() throws IOException {
        LabOptions options = Labs.bundled("minimal", directory, engine);
        Path topology = options.topology().file();
        Files.writeString(
                topology,
                Files.readString(topology)
                        .replace(
                                "    fra-svc:\n      kind: linux\n      image: reconverge/host\n",
                                "    fra-svc:\n      kind: linux\n      image: reconverge/host\n      cmd: \"false\"\n"));
        FailoverSpec spec = options.spec();
        LabOptions broken = new LabOptions(
                spec, org.reconverge.model.topology.TopologyFile.read(topology), engine, options.progress());
        Set<String> before = labs();
        assertThatThrownBy(() -> Lab.start(broken)).isInstanceOf(RuntimeException.class);
        Awaitility.await().atMost(GONE).until(() -> labs().equals(before));
    }

    /** INT is Ctrl-C. After KILL nothing in the process can help any more: the reaper does. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "KILL"})
    void afterASignalInTheMiddleOfAnInjection(String signal) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "needs /bin/kill");
        // A shell that starts a build in the background has it ignore SIGINT, and a JVM that inherits this stays deaf
        // to it.
        Process process = new ProcessBuilder(
                        "/usr/bin/env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        LabProcess.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String id = "";
            for (String line = output.readLine(); line != null && !line.equals("injected"); line = output.readLine()) {
                if (line.startsWith("lab ")) {
                    id = line.substring(4);
                }
            }
            assertThat(id).as("the lab's id").isNotEmpty();
            String lab = id;
            Set<Long> pids = pids(lab);
            assertThat(pids).as("control: its processes run").isNotEmpty();

            assertThat(new ProcessBuilder("/bin/kill", "-" + signal, String.valueOf(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            Awaitility.await().atMost(GONE).until(() -> Labs.containers(engine, lab) == 0);
            assertProcessesGone(pids);
            assertThat(danglingImages()).isSubsetOf(imagesBefore);
        } finally {
            process.destroyForcibly();
        }
    }

    private Set<Long> pids(String lab) {
        return engine.client().listContainersCmd().withLabelFilter(Map.of(Labels.LAB, lab)).exec().stream()
                .map(container -> engine.client()
                        .inspectContainerCmd(container.getId())
                        .exec()
                        .getState()
                        .getPidLong())
                .collect(Collectors.toSet());
    }

    /** With its last process a network namespace goes, and with the namespace every wire in it. */
    private void assertProcessesGone(Set<Long> pids) {
        if (engine.isLocal()) {
            Awaitility.await()
                    .atMost(GONE)
                    .until(() ->
                            pids.stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
        }
    }

    private Set<String> labs() {
        return engine.client().listContainersCmd().withShowAll(true).exec().stream()
                .map(container -> container.getLabels().get(Labels.LAB))
                .filter(java.util.Objects::nonNull)
                .filter(lab -> ours(lab))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Other processes may run labs at the same time. */
    private boolean ours(String lab) {
        return engine
                .client()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(Labels.LAB, lab))
                .exec()
                .stream()
                .anyMatch(container -> String.valueOf(ProcessHandle.current().pid())
                        .equals(container.getLabels().get(Labels.OWNER_PID)));
    }

    private Set<String> danglingImages() {
        return engine.client().listImagesCmd().withDanglingFilter(true).exec().stream()
                .map(image -> image.getId())
                .collect(Collectors.toSet());
    }
}

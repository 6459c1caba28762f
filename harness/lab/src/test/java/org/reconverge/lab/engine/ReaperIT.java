package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.Owner.Liveness;

class ReaperIT {

    private final String lab = "reaper-it-" + UUID.randomUUID();
    private Engine engine;
    private ImageStore images;

    @BeforeEach
    void connect() {
        engine = Engine.connect();
        images = new ImageStore(engine, ProgressListener.silent());
    }

    @AfterEach
    void removeWhatATestLeft() {
        new Sweeper(engine).remove(lab);
        engine.close();
    }

    @Test
    void aKilledOwnerLeavesNothing() throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        lab)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).isEqualTo("running");
            assertThat(containers()).as("control: three nodes and the reaper").hasSize(4);

            victim.destroyForcibly().waitFor();
        }

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(containers()).isEmpty());
    }

    @Test
    void anOrderlyEndLeavesNothingEither() {
        Reaper reaper = Reaper.start(engine, images, lab);
        node(engine, images, lab, Owner.current());
        assertThat(containers()).as("control: the node and the reaper").hasSize(2);

        reaper.close();

        assertThat(containers()).isEmpty();
    }

    @Test
    void aReaperSparesOtherLabs() {
        String other = lab + "-other";
        try {
            node(engine, images, other, Owner.current());

            Reaper.start(engine, images, lab).close();

            assertThat(containers(other)).hasSize(1);
        } finally {
            new Sweeper(engine).remove(other);
        }
    }

    @Test
    void theSweeperRemovesLabsOfDeadOwnersOnly() {
        Owner self = Owner.current();
        Owner dead = new Owner(self.host(), self.bootId(), self.pidNamespace(), self.pid(), "1");
        String deadLab = lab + "-dead";
        String foreignLab = lab + "-foreign";
        try {
            node(engine, images, lab, self);
            String paused = node(engine, images, deadLab, dead);
            engine.client().pauseContainerCmd(paused).exec();
            node(engine, images, foreignLab, new Owner("elsewhere", "another boot", "", 1, "1"));
            Sweeper sweeper = new Sweeper(engine);

            assertThat(sweeper.labs())
                    .filteredOn(found -> found.id().startsWith(lab))
                    .extracting(Sweeper.FoundLab::liveness)
                    .containsExactly(Liveness.ALIVE, Liveness.DEAD, Liveness.UNKNOWN);
            assertThat(sweeper.sweep()).extracting(Sweeper.FoundLab::id).contains(deadLab);
            assertThat(containers(lab)).hasSize(1);
            assertThat(containers(deadLab)).isEmpty();
            assertThat(containers(foreignLab)).hasSize(1);
        } finally {
            new Sweeper(engine).remove(deadLab);
            new Sweeper(engine).remove(foreignLab);
        }
    }

    private List<Container> containers() {
        return containers(lab);
    }

    private List<Container> containers(String id) {
        return engine.client()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(Labels.LAB, id))
                .exec();
    }

    private static String node(Engine engine, ImageStore images, String lab, Owner owner) {
        Map<String, String> labels = new HashMap<>(owner.labels());
        labels.put(Labels.LAB, lab);
        labels.put(Labels.ROLE, "node");
        String id = engine.client()
                .createContainerCmd(images.ensure("base"))
                .withLabels(labels)
                .withCmd("sleep", "600")
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                .exec()
                .getId();
        engine.client().startContainerCmd(id).exec();
        return id;
    }

    /** A process with a lab, to be killed. */
    static final class Victim {

        public static void main(String[] arguments) throws InterruptedException {
            Engine engine = Engine.connect();
            ImageStore images = new ImageStore(engine, ProgressListener.silent());
            Reaper.start(engine, images, arguments[0]);
            for (int i = 0; i < 3; i++) {
                node(engine, images, arguments[0], Owner.current());
            }
            System.out.println("running");
            Thread.sleep(Duration.ofMinutes(5).toMillis());
        }
    }
}

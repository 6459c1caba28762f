package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.EngineInstaller.Daemon;

/** Starts and stops a second engine, with every path of its own, beside the one that is there. */
@Tag("full")
class EngineInstallerIT {

    @TempDir
    Path directory;

    private final List<String> announced = new ArrayList<>();
    private Daemon daemon;
    private EngineInstaller installer;

    @BeforeEach
    void prepare() {
        assumeTrue(DebianPackages.isRoot(), "starting an engine needs root");
        assumeTrue(DebianPackages.isOnPath("dockerd"), "the engine's daemon is not installed on this host");
        daemon = new Daemon(
                directory.resolve("state"),
                directory.resolve("docker.sock"),
                directory.resolve("exec"),
                List.of("--data-root=" + directory.resolve("data")));
        installer = new EngineInstaller(daemon, announced::add);
    }

    @AfterEach
    void stop() throws IOException {
        if (installer != null) {
            installer.stop();
        }
    }

    @Test
    void anEngineIsStartedOnceAndStoppedWithEverythingThatBelongsToIt() throws IOException {
        assertThat(installer.start(noEngine())).isTrue();
        assertThat(installer.start(noEngine())).as("it answers already").isFalse();
        assertThat(announced).singleElement().asString().contains("engine stop");
        assertThat(installer.status()).contains("started by Reconverge, process ");

        runContainer();
        assertThat(processes()).as("control: its containerd and a shim run").hasSizeGreaterThanOrEqualTo(3);

        assertThat(installer.stop()).isTrue();
        assertThat(processes()).isEmpty();
        assertThat(installer.stop()).as("it is stopped already").isFalse();
    }

    @Test
    void aDaemonThatCannotStartShowsTheEndOfItsLog() {
        EngineInstaller broken = new EngineInstaller(
                new Daemon(daemon.state(), daemon.socket(), daemon.execRoot(), List.of("--no-such-option")),
                announced::add);

        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> broken.start(noEngine()))
                .withMessageContaining("dockerd ended while it started")
                .withMessageContaining("unknown flag: --no-such-option");
    }

    @Test
    void anEngineThatTheUserNamedIsNotReplaced() {
        EngineUnavailableException named = new EngineUnavailableException(
                List.of(new EngineUnavailableException.Attempt("DOCKER_HOST", "tcp://build:2375", "refused")), true);

        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> installer.start(named))
                .isSameAs(named);
        assertThat(announced).isEmpty();
    }

    /** Stands for any process whose id the engine's came to be: it must not be harmed. */
    @Test
    void aProcessThatIsNotTheEngineIsNotStopped() throws IOException, InterruptedException {
        Process bystander = new ProcessBuilder("sleep", "60").start();
        try {
            Files.createDirectories(daemon.state());
            Files.writeString(daemon.properties(), "pid=" + bystander.pid() + "\nstart-time=1\n");

            assertThat(installer.stop()).isFalse();

            assertThat(bystander.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly().waitFor();
        }
    }

    private void runContainer() throws IOException {
        try (Engine there = Engine.connect();
                Engine own = Engine.connect(EngineAddress.of("test", "unix://" + daemon.socket()))) {
            String image = new ImageStore(there, ProgressListener.silent()).ensure("base");
            try (InputStream saved = there.client().saveImageCmd(image).exec()) {
                own.client().loadImageCmd(saved).exec();
            }
            String id = own.client()
                    .createContainerCmd(image)
                    .withLabels(Map.of(Labels.ROLE, "throw-away"))
                    .withCmd("sleep", "600")
                    .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                    .exec()
                    .getId();
            own.client().startContainerCmd(id).exec();
        }
    }

    private EngineUnavailableException noEngine() {
        return new EngineUnavailableException(List.of(), false);
    }

    private List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command -> command.contains(directory.toString()))
                .filter(command -> command.contains("dockerd") || command.contains("containerd"))
                .toList();
    }
}

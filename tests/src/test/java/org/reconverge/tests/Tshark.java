package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.ImageStore;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** Wireshark's dissectors, in a container of their own. */
final class Tshark implements AutoCloseable {

    private final GenericContainer<?> container;

    Tshark(Engine engine) {
        String image = new ImageStore(engine, ProgressListener.silent()).ensure("tshark");
        container = new GenericContainer<>(DockerImageName.parse(image))
                .withNetworkMode("none")
                .withCommand("sleep", "infinity");
        container.start();
    }

    /** Takes a capture in; the answer is its name there. */
    String take(Path file) {
        String name = "/captures/" + file.getFileName();
        container.copyFileToContainer(MountableFile.forHostPath(file), name);
        return name;
    }

    /** Returns the frames that a display filter selects, a line each. */
    List<String> frames(String capture, String filter) {
        return run(capture, "-Y", filter);
    }

    /** Returns the frames that a display filter selects when checksums are looked at, too. */
    List<String> checkedFrames(String capture, String filter) {
        List<String> options = new ArrayList<>(List.of("-Y", filter));
        for (String protocol : List.of("ip", "udp", "tcp")) {
            options.addAll(List.of("-o", protocol + ".check_checksum:TRUE"));
        }
        return run(capture, options.toArray(String[]::new));
    }

    /** Returns a field of the frames that a display filter selects; a frame with several has them between blanks. */
    List<String> field(String capture, String filter, String field) {
        return run(capture, "-Y", filter, "-T", "fields", "-e", field, "-E", "occurrence=a", "-E", "aggregator= ");
    }

    /** Returns the different values of a field of a protocol. */
    List<String> values(String capture, String field) {
        return field(capture, field, field).stream()
                .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                .distinct()
                .toList();
    }

    private List<String> run(String capture, String... options) {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", capture));
        command.addAll(List.of(options));
        try {
            ExecResult result = container.execInContainer(command.toArray(String[]::new));
            assertThat(result.getExitCode()).as(result.getStderr()).isZero();
            return result.getStdout().lines().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        container.close();
    }
}

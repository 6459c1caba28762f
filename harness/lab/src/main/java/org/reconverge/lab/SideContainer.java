package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.stream.ContainerProcess;
import org.reconverge.lab.stream.LineSink;

/**
 * A container that lives in a node's network namespace and reports on its standard output: the emulators of the service
 * and of the clients, and the ends of tunnels. It needs nothing of the node's image.
 */
final class SideContainer implements AutoCloseable {

    private static final int KEPT_ERROR_LINES = 40;

    /**
     * What a side container has beyond its image.
     *
     * @param capabilities what it may do beyond the engine's defaults
     * @param devices the devices it gets, by path
     * @param files the texts it finds, by absolute path; only its root may read them
     */
    record Equipment(List<Capability> capabilities, List<String> devices, Map<String, String> files) {

        static final Equipment NONE = new Equipment(List.of(), List.of(), Map.of());
    }

    private final DockerClient client;
    private final String id;
    private final Consumer<String> lines;
    private final Deque<String> errors = new ArrayDeque<>();
    private @Nullable ContainerProcess process;
    private long pid;

    /** Creates the container; it is not started. */
    SideContainer(
            DockerClient client,
            String image,
            String name,
            String nodeContainer,
            Map<String, String> labels,
            Map<String, String> environment,
            List<String> arguments,
            Equipment equipment,
            Consumer<String> lines) {
        this.client = client;
        this.lines = lines;
        this.id = client.createContainerCmd(image)
                .withName(name)
                .withLabels(labels)
                .withCmd(arguments)
                .withEnv(environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList())
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode("container:" + nodeContainer)
                        .withCapAdd(equipment.capabilities().toArray(Capability[]::new))
                        .withDevices(
                                equipment.devices().stream().map(Device::parse).toList())
                        // Telemetry is read as it comes; a second copy in the engine's log would only cost.
                        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE)))
                .exec()
                .getId();
        if (!equipment.files().isEmpty()) {
            client.copyArchiveToContainerCmd(id)
                    .withRemotePath("/")
                    .withTarInputStream(new ByteArrayInputStream(archive(equipment.files())))
                    .exec();
        }
    }

    private static byte[] archive(Map<String, String> files) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(octets)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey().replaceFirst("^/+", ""));
                entry.setMode(0600);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return octets.toByteArray();
    }

    /** Starts it, or starts it again after it, or its node, has died. */
    void start() {
        ContainerProcess previous = process;
        if (previous != null) {
            previous.close();
        }
        process = ContainerProcess.attach(client, id, false, new LineSink(lines), new LineSink(this::error));
        client.startContainerCmd(id).exec();
        Integer started = client.inspectContainerCmd(id).exec().getState().getPid();
        pid = started == null ? 0 : started;
    }

    private void error(String line) {
        synchronized (errors) {
            errors.addLast(line);
            if (errors.size() > KEPT_ERROR_LINES) {
                errors.removeFirst();
            }
        }
    }

    /** Returns the host process id of its main process; 0 before its first start. */
    long pid() {
        return pid;
    }

    /** Returns its container's id. */
    String container() {
        return id;
    }

    /** Returns whether it has been started and its main process has ended. */
    boolean hasEnded() {
        return process != null && process.ended().isDone();
    }

    /** Returns the last lines of its standard error. */
    List<String> errors() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}

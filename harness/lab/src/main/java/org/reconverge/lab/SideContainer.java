package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.stream.ContainerProcess;
import org.reconverge.lab.stream.LineSink;

/**
 * A container that lives in a node's network namespace and reports on its standard output: the emulators of the service
 * and of the clients. It needs nothing of the node's image.
 */
final class SideContainer implements AutoCloseable {

    private static final int KEPT_ERROR_LINES = 40;

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
                        // Telemetry is read as it comes; a second copy in the engine's log would only cost.
                        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE)))
                .exec()
                .getId();
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

    /** Returns the host process id of its main process. */
    long pid() {
        return pid;
    }

    /** Returns its container's id. */
    String container() {
        return id;
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

package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.stream.Shell;
import org.reconverge.model.topology.Node;

/** A node of a running lab. */
public final class LabNode {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

    private final DockerClient client;
    private final Node node;
    private final String container;
    private final List<SideContainer> companions = new CopyOnWriteArrayList<>();
    private volatile long pid;
    private @Nullable Shell shell;

    LabNode(DockerClient client, Node node, String container) {
        this.client = client;
        this.node = node;
        this.container = container;
    }

    /** Returns the node's name in the topology. */
    public String name() {
        return node.name();
    }

    /** Returns what the topology says of it. */
    public Node definition() {
        return node;
    }

    /** Returns the id of its container. */
    public String container() {
        return container;
    }

    /** Returns the process id of its main process on the engine's host; changes when the node is started again. */
    public long pid() {
        return pid;
    }

    /**
     * Runs a shell command in the node.
     *
     * @param command the command, as for {@code sh -c}
     * @return its exit status and its output
     */
    public Shell.Result run(String command) {
        return run(command, COMMAND_TIMEOUT);
    }

    /**
     * Runs a shell command in the node.
     *
     * @throws IllegalStateException if it does not end within {@code timeout}
     */
    public Shell.Result run(String command, Duration timeout) {
        return shell().run(command, timeout);
    }

    private synchronized Shell shell() {
        Shell open = shell;
        if (open == null) {
            open = new Shell(client, container, node.name());
            shell = open;
        }
        return open;
    }

    /** Notes that the node's container runs, with a new main process. */
    void started() {
        Integer started =
                client.inspectContainerCmd(container).exec().getState().getPid();
        if (started == null || started == 0) {
            throw new LabException(diedMessage());
        }
        pid = started;
    }

    /** Lets go of the shell; it ended with the container. */
    synchronized void closeShell() {
        if (shell != null) {
            shell.close();
            shell = null;
        }
    }

    /** Explains why a container that should run does not: its state and the end of its log. */
    String diedMessage() {
        var state = client.inspectContainerCmd(container).exec().getState();
        String how = Boolean.TRUE.equals(state.getOOMKilled())
                ? "ran out of memory"
                : "ended with exit code " + state.getExitCodeLong();
        return "node " + name() + " " + how + "; the end of its log:" + System.lineSeparator()
                + String.join(System.lineSeparator(), ContainerLog.tail(client, container, 30));
    }

    boolean isRunning() {
        return Boolean.TRUE.equals(
                client.inspectContainerCmd(container).exec().getState().getRunning());
    }

    void addCompanion(SideContainer companion) {
        companions.add(companion);
    }

    /** Returns the process ids of the main processes in its network namespace: its own and its side containers'. */
    List<Long> mainProcesses() {
        List<Long> pids = new ArrayList<>();
        pids.add(pid);
        companions.stream().map(SideContainer::pid).filter(one -> one != 0).forEach(pids::add);
        return pids;
    }

    /** Returns the side containers that share its network namespace, and its fate. */
    List<SideContainer> companions() {
        return companions;
    }

    @Override
    public String toString() {
        return "node " + name();
    }
}

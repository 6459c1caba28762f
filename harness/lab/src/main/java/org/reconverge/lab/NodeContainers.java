package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.reconverge.model.topology.Bind;
import org.reconverge.model.topology.Node;

/**
 * Creates the containers of topology nodes: network mode {@code none}, and an entry point that waits at a gate until the
 * node's wires are there, so that no daemon ever sees an interface arrive late.
 */
final class NodeContainers {

    /**
     * The gate: a named pipe that the entry point makes, and reads one line from. In shared memory, where every user of an
     * image may make one.
     */
    private static final String GATE = "/dev/shm/.reconverge-gate";

    /**
     * What a power cycle would have cleared with {@code /run}, which is in memory on a real machine: a process id in it is of
     * another life. FRR sends whatever has that number now a SIGINT before it starts, and waits up to two minutes for its end.
     */
    private static final String FORGET_PROCESSES =
            "rm -f /run/*.pid /run/*/*.pid /var/run/*.pid /var/run/*/*.pid 2>/dev/null; ";

    private static final String ENTRYPOINT =
            FORGET_PROCESSES + "mkfifo -m 600 " + GATE + " || exit; read _ < " + GATE + "; " + "exec \"$@\"";

    /** What every node may do beyond the engine's defaults; containerlab runs nodes privileged. */
    private static final List<Capability> CAPABILITIES =
            List.of(Capability.NET_ADMIN, Capability.SYS_ADMIN, Capability.NET_RAW, Capability.NET_BIND_SERVICE);

    /**
     * What published labs take for granted: the engine's host forwards, does not filter by reverse path, and IPv6 is on.
     * Set here, so that a lab does not depend on the machine it runs on.
     */
    private static final Map<String, String> SYSCTLS = Map.of(
            "net.ipv4.ip_forward", "1",
            "net.ipv4.conf.all.rp_filter", "0",
            "net.ipv4.conf.default.rp_filter", "0",
            "net.ipv6.conf.all.disable_ipv6", "0",
            "net.ipv6.conf.default.disable_ipv6", "0");

    private final DockerClient client;
    private final NodeFiles files;
    private final Map<String, Optional<ContainerConfig>> configs = new ConcurrentHashMap<>();

    NodeContainers(DockerClient client, NodeFiles files) {
        this.client = client;
        this.files = files;
    }

    /**
     * Creates a node's container.
     *
     * @return its id
     */
    String create(Node node, String image, String name, Map<String, String> labels) {
        List<String> command = command(node, image);
        Map<String, String> sysctls = new LinkedHashMap<>(SYSCTLS);
        sysctls.putAll(node.sysctls());
        List<Capability> capabilities = new ArrayList<>(CAPABILITIES);
        node.capAdd().stream()
                .map(capability -> Capability.valueOf(capability.replaceFirst("^CAP_", "")))
                .forEach(capabilities::add);
        HostConfig host = new UnmaskedHostConfig()
                .withNetworkMode("none")
                .withCapAdd(capabilities.toArray(Capability[]::new))
                .withSecurityOpts(List.of("apparmor=unconfined"))
                .withSysctls(sysctls)
                // As on any network of the engine: a node can resolve its own name.
                .withExtraHosts(node.name() + ":127.0.1.1")
                .withDevices(node.devices().stream().map(Device::parse).toList())
                .withBinds(node.binds().stream()
                        .filter(bind -> !files.isPlaced(bind))
                        .map(NodeContainers::mount)
                        .toList());
        node.memory().ifPresent(host::withMemory);
        node.cpu().ifPresent(cores -> host.withNanoCPUs((long) (cores * 1_000_000_000L)));
        try {
            return client.createContainerCmd(image)
                    .withName(name)
                    .withHostName(node.name())
                    .withLabels(labels)
                    .withTty(isShell(command))
                    .withHostConfig(host)
                    .withEnv(node.env().entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue())
                            .toList())
                    .withEntrypoint("/bin/sh", "-c", ENTRYPOINT, "reconverge-gate")
                    .withCmd(command)
                    .exec()
                    .getId();
        } catch (DockerException e) {
            throw new LabException(
                    "node " + node.name() + " (" + node.position() + ") could not be created from image " + image + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private List<String> command(Node node, String image) {
        ContainerConfig config = configs.computeIfAbsent(
                        image,
                        tag -> Optional.ofNullable(
                                client.inspectImageCmd(tag).exec().getConfig()))
                .orElse(null);
        List<String> entrypoint = node.entrypoint()
                .map(ShellWords::split)
                .orElseGet(() -> config == null || config.getEntrypoint() == null
                        ? List.of()
                        : Arrays.asList(config.getEntrypoint()));
        // As in Docker: replacing the entry point drops the image's own command.
        List<String> arguments = node.cmd()
                .map(ShellWords::split)
                .orElseGet(() -> node.entrypoint().isPresent() || config == null || config.getCmd() == null
                        ? List.of()
                        : Arrays.asList(config.getCmd()));
        List<String> command =
                Stream.concat(entrypoint.stream(), arguments.stream()).toList();
        if (command.isEmpty()) {
            throw new LabException("node " + node.name() + " (" + node.position() + "): image " + image
                    + " has no command; give the node a 'cmd', such as 'sleep infinity'");
        }
        return command;
    }

    /**
     * A shell as the main process ends at once without a terminal; containerlab gives one to every node. Everything else
     * does without, since daemons write differently to people.
     */
    private static boolean isShell(List<String> command) {
        return command.size() == 1 && command.get(0).matches("(.*/)?(ba|da|a|z)?sh");
    }

    private static com.github.dockerjava.api.model.Bind mount(Bind bind) {
        return com.github.dockerjava.api.model.Bind.parse(bind.source() + ":" + bind.target()
                + bind.options().map(options -> ":" + options).orElse(""));
    }
}

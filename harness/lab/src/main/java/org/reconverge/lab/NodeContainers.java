package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.HostConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.reconverge.model.topology.Bind;
import org.reconverge.model.topology.Node;

/**
 * Creates the containers of topology nodes: network mode {@code none}, and an entry point that waits at a gate until the
 * node's wires are there, so that no daemon ever sees an interface arrive late.
 *
 * <p>Bound files below the topology's directory are copied in, not mounted. So a lab cannot change the files it was
 * started from, and a remote engine, which does not see them, works alike.
 */
final class NodeContainers {

    /** The gate: a named pipe that the entry point reads one line from. */
    private static final String GATE = "/.reconverge-gate";

    /**
     * Where files wait that the engine would cover with its own: it mounts them over whatever was copied there. The entry
     * point writes them into the engine's files at every start.
     */
    private static final String ENGINE_FILES = "/.reconverge-etc/";

    private static final Set<String> MANAGED_BY_ENGINE = Set.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");

    /**
     * What a power cycle would have cleared with {@code /run}, which is in memory on a real machine: a process id in it is of
     * another life. FRR sends whatever has that number now a SIGINT before it starts, and waits up to two minutes for its end.
     */
    private static final String FORGET_PROCESSES =
            "rm -f /run/*.pid /run/*/*.pid /var/run/*.pid /var/run/*/*.pid 2>/dev/null; ";

    private static final String ENTRYPOINT = FORGET_PROCESSES + "for file in " + ENGINE_FILES
            + "*; do cat \"$file\" > \"/etc/${file##*/}\"; " + "done 2>/dev/null; read _ < " + GATE + "; exec \"$@\"";

    /**
     * What a node finds in place of its engine's name servers, which no lab can reach: nobody, who says so at once (the C
     * library asks the node itself then). A service that looks up its own name at its start would wait 10 s and longer.
     */
    private static final String NO_NAME_SERVER = "# A lab has no name server but its own.\n";

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
    private final Path topologyDirectory;
    private final Map<String, Optional<ContainerConfig>> configs = new ConcurrentHashMap<>();

    NodeContainers(DockerClient client, Path topologyDirectory) {
        this.client = client;
        this.topologyDirectory = topologyDirectory;
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
                        .filter(bind -> !isCopied(bind))
                        .map(NodeContainers::mount)
                        .toList());
        node.memory().ifPresent(host::withMemory);
        node.cpu().ifPresent(cores -> host.withNanoCPUs((long) (cores * 1_000_000_000L)));
        String id;
        try {
            id = client.createContainerCmd(image)
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
        client.copyArchiveToContainerCmd(id)
                .withRemotePath("/")
                .withTarInputStream(new ByteArrayInputStream(archive(node)))
                .exec();
        return id;
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

    private boolean isCopied(Bind bind) {
        return bind.source().startsWith(topologyDirectory);
    }

    private static com.github.dockerjava.api.model.Bind mount(Bind bind) {
        return com.github.dockerjava.api.model.Bind.parse(bind.source() + ":" + bind.target()
                + bind.options().map(options -> ":" + options).orElse(""));
    }

    private byte[] archive(Node node) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(octets)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            TarArchiveEntry gate = new TarArchiveEntry(GATE.substring(1), TarConstants.LF_FIFO);
            gate.setMode(0600);
            tar.putArchiveEntry(gate);
            tar.closeArchiveEntry();
            if (node.binds().stream().noneMatch(bind -> bind.target().equals("/etc/resolv.conf"))) {
                byte[] text = NO_NAME_SERVER.getBytes(StandardCharsets.US_ASCII);
                TarArchiveEntry entry = new TarArchiveEntry(ENGINE_FILES.substring(1) + "resolv.conf");
                entry.setSize(text.length);
                tar.putArchiveEntry(entry);
                tar.write(text);
                tar.closeArchiveEntry();
            }
            for (Bind bind : node.binds()) {
                if (isCopied(bind)) {
                    add(tar, bind);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the files of node " + node.name() + " could not be read", e);
        }
        return octets.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, Bind bind) throws IOException {
        String path = MANAGED_BY_ENGINE.contains(bind.target())
                ? bind.target().replaceFirst("^/etc/", ENGINE_FILES)
                : bind.target();
        String target = path.replaceFirst("^/+", "").replaceFirst("/+$", "");
        try (Stream<Path> files = Files.walk(bind.source())) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String relative = bind.source().relativize(file).toString().replace('\\', '/');
                String name = relative.isEmpty() ? target : target + "/" + relative;
                boolean directory = Files.isDirectory(file);
                if (!directory && !Files.isRegularFile(file)) {
                    continue;
                }
                TarArchiveEntry entry = new TarArchiveEntry(directory ? name + "/" : name);
                entry.setMode(mode(file));
                if (!directory) {
                    entry.setSize(Files.size(file));
                }
                tar.putArchiveEntry(entry);
                if (!directory) {
                    Files.copy(file, tar);
                }
                tar.closeArchiveEntry();
            }
        }
    }

    /** Owner rights as on the host, and readable by all: a daemon's own user must be able to read its configuration. */
    private static int mode(Path file) throws IOException {
        int mode = 0444;
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
            mode |= permissions.contains(PosixFilePermission.OWNER_WRITE) ? 0200 : 0;
            mode |= permissions.contains(PosixFilePermission.OWNER_EXECUTE) ? 0111 : 0;
        }
        return Files.isDirectory(file) ? mode | 0111 : mode;
    }
}

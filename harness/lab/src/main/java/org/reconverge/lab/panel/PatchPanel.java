package org.reconverge.lab.panel;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reconverge.lab.stream.ContainerProcess;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.topology.Endpoint;
import org.reconverge.model.topology.Link;
import org.reconverge.model.topology.NodeKind;
import org.reconverge.model.topology.Topology;

/**
 * One helper container per lab through whose network namespace every wire runs.
 *
 * <p>For each link it makes two veth pairs, puts their outer ends into the nodes, and joins their inner ends with
 * nftables {@code fwd} at the netdev ingress hook. So a fault is applied to the wire, never to a router: taking an inner
 * end down takes the carrier of the node's interface away while its admin state stays up, and an element in a wire's
 * {@code silent} set drops frames without anyone seeing a carrier change.
 *
 * <p>It needs the host's PID namespace (to reach the nodes' namespaces) and the capabilities NET_ADMIN, SYS_ADMIN,
 * SYS_PTRACE, KILL and NET_BROADCAST (to hear route changes of all nodes in one place), never {@code --privileged}.
 */
public final class PatchPanel implements AutoCloseable {

    /**
     * One table for all wires: before every command nft fetches what it names, and with a table a wire a fault on one of 200
     * wires took 6 ms instead of 0.2.
     */
    private static final String TABLE = "netdev wires";

    /** The nftables set of inner ends whose frames are dropped: family, table and name, as {@code add element} takes them. */
    public static final String SILENT = TABLE + " silent";

    /** What a script did and between which two readings of the clock. */
    public record Applied(MonotonicTime before, MonotonicTime after, String output) {}

    private final DockerClient client;
    private final String container;
    private final PanelAgent agent;
    private final Topology topology;
    private final Map<Link, Wire> wires = new LinkedHashMap<>();

    private PatchPanel(DockerClient client, String container, PanelAgent agent, Topology topology) {
        this.client = client;
        this.container = container;
        this.agent = agent;
        this.topology = topology;
        for (Link link : topology.links()) {
            wires.put(link, new Wire(wires.size() + 1, link));
        }
    }

    /**
     * Starts a panel; no wire exists yet.
     *
     * @param image the tag of the panel's image
     * @param name the container's name
     * @param labels the container's labels
     */
    public static PatchPanel start(
            DockerClient client, String image, String name, Map<String, String> labels, Topology topology) {
        HostConfig host = HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withPidMode("host")
                .withAutoRemove(true)
                .withCapAdd(
                        Capability.NET_ADMIN,
                        Capability.SYS_ADMIN,
                        Capability.SYS_PTRACE,
                        Capability.NET_BROADCAST,
                        Capability.KILL)
                .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"));
        String id = client.createContainerCmd(image)
                .withName(name)
                .withLabels(labels)
                .withHostConfig(host)
                .withEntrypoint("/usr/bin/perl", "/usr/local/bin/panel-agent")
                .withStdinOpen(true)
                .withStdInOnce(true)
                .withAttachStdin(true)
                .exec()
                .getId();
        return new PatchPanel(client, id, PanelAgent.start(client, id), topology);
    }

    /** Returns the container's id. */
    public String container() {
        return container;
    }

    /** Returns the wires in the order of the topology's links. */
    public Collection<Wire> wires() {
        return wires.values();
    }

    /**
     * Returns the wire that ends in {@code endpoint}.
     *
     * @throws IllegalArgumentException if no link of the topology does; the message lists the node's endpoints
     */
    public Wire wireAt(Endpoint endpoint) {
        return wires.values().stream()
                .filter(wire -> wire.link().peerOf(endpoint).isPresent())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no link ends in " + endpoint + "; the endpoints of "
                        + endpoint.node() + " are " + endpointsOf(endpoint.node())));
    }

    private List<Endpoint> endpointsOf(String node) {
        return wires.keySet().stream()
                .flatMap(link -> Stream.of(link.a(), link.b()))
                .filter(end -> end.node().equals(node))
                .toList();
    }

    /** Returns the wires that end in a node. */
    public List<Wire> wiresOf(String node) {
        return wires.values().stream()
                .filter(wire -> wire.link().a().node().equals(node)
                        || wire.link().b().node().equals(node))
                .toList();
    }

    /**
     * Adds a wire that is not in the topology file.
     *
     * @param pids the host process id of the main process of every node that is not a bridge
     */
    public Wire addWire(Link link, Map<String, Long> pids) {
        int number = wires.values().stream().mapToInt(Wire::number).max().orElse(0) + 1;
        Wire wire = new Wire(number, link);
        wires.put(link, wire);
        connect(List.of(wire), pids);
        return wire;
    }

    /** Takes every wire that ends in a node out of the lab. */
    public void removeWires(String node) {
        for (Wire wire : wiresOf(node)) {
            agent.run(part(wire) + "nft add element " + SILENT + " { " + wire.innerA() + ", " + wire.innerB() + " }\n"
                    + "nft delete element " + SILENT + " { " + wire.innerA() + ", " + wire.innerB() + " }\n"
                    + "sh ip link del " + wire.innerA() + " 2>/dev/null; ip link del " + wire.innerB()
                    + " 2>/dev/null || true\n");
            wires.remove(wire.link());
        }
    }

    /** Makes the bridges and every wire of the topology. */
    public void connectAll(Map<String, Long> pids) {
        StringBuilder script = new StringBuilder();
        topology.nodes().values().stream()
                .filter(node -> node.kind() == NodeKind.BRIDGE)
                .forEach(node -> script.append("ip link add ")
                        .append(bridgeName(node.name()))
                        .append(" type bridge stp_state 0 mcast_snooping 0\nip link set ")
                        .append(bridgeName(node.name()))
                        .append(" up\n"));
        // The element counters show that a fault really took frames away; the time-outs are the leases.
        script.append("nft table ").append(TABLE).append(" { set silent { type ifname; counter; flags timeout; }; }\n");
        agent.run(script.toString());
        connect(List.copyOf(wires.values()), pids);
    }

    /**
     * Makes the wires of nodes that were started again anew. The pair towards a node that lived on stays: it must see its
     * carrier come back, not its interface replaced.
     *
     * @param started the nodes that were started again
     * @return when their neighbours' carriers came back
     */
    public Applied reconnect(Collection<String> started, Map<String, Long> pids) {
        StringBuilder clear = new StringBuilder();
        StringBuilder ip = new StringBuilder();
        StringBuilder outer = new StringBuilder();
        StringBuilder nft = new StringBuilder();
        StringBuilder up = new StringBuilder();
        for (Wire wire : wires.values()) {
            List<Endpoint> ends = List.of(wire.link().a(), wire.link().b());
            if (ends.stream().noneMatch(end -> started.contains(end.node()))) {
                continue;
            }
            clear.append(part(wire));
            for (Endpoint end : ends) {
                if (started.contains(end.node())) {
                    // The kernel clears the namespace of a node that has died in the background: it may have gone or
                    // not.
                    clear.append("sh ip link del ").append(wire.innerEnd(end)).append(" 2>/dev/null || true\n");
                    addPair(wire, end, pids, ip, outer);
                } else {
                    up.append("carrier up ").append(wire.innerEnd(end)).append('\n');
                }
            }
            nft.append(join(wire));
        }
        agent.run(clear.toString() + ip + outer + nft);
        return run(up.isEmpty() ? "mark\n" : up.toString());
    }

    private void connect(Collection<Wire> which, Map<String, Long> pids) {
        StringBuilder ip = new StringBuilder();
        StringBuilder outer = new StringBuilder();
        StringBuilder nft = new StringBuilder();
        for (Wire wire : which) {
            for (Endpoint end : List.of(wire.link().a(), wire.link().b())) {
                addPair(wire, end, pids, ip, outer);
            }
            nft.append(join(wire));
        }
        agent.run(ip.toString() + outer + nft);
    }

    private void addPair(Wire wire, Endpoint end, Map<String, Long> pids, StringBuilder ip, StringBuilder outer) {
        String inner = wire.innerEnd(end);
        String mtu = wire.link().mtu().isPresent() ? " mtu " + wire.link().mtu().getAsInt() : "";
        ip.append("ip link add ").append(inner).append(mtu).append(" type veth peer name ");
        if (isBridge(end.node())) {
            String port = wire.bridgePort(end);
            ip.append(port).append(mtu).append('\n');
            ip.append("ip link set ")
                    .append(port)
                    .append(" master ")
                    .append(bridgeName(end.node()))
                    .append(" up\n");
        } else {
            long pid = Optional.ofNullable(pids.get(end.node()))
                    .orElseThrow(() -> new IllegalStateException("node " + end.node() + " does not run"));
            ip.append(end.interfaceName())
                    .append(mtu)
                    .append(" address ")
                    .append(hardwareAddress(wire, end))
                    .append(" netns ")
                    .append(pid)
                    .append('\n');
            // Otherwise a corrupted payload arrives as good: the checksum would be made where it is taken off the wire.
            outer.append("offload-off ")
                    .append(pid)
                    .append(' ')
                    .append(end.interfaceName())
                    .append('\n');
            outer.append("up ")
                    .append(pid)
                    .append(' ')
                    .append(end.interfaceName())
                    .append('\n');
        }
        ip.append("ip link set ").append(inner).append(" up\n");
    }

    /** A fixed, locally administered address, so that captures of two runs can be compared. */
    private static String hardwareAddress(Wire wire, Endpoint end) {
        int side = end.equals(wire.link().a()) ? 0xa : 0xb;
        return String.format("02:00:%02x:%02x:00:%02x", wire.number() >> 8, wire.number() & 0xff, side);
    }

    private static String join(Wire wire) {
        return "nft table " + TABLE + " {" + direction(wire.innerA(), wire.innerB())
                + direction(wire.innerB(), wire.innerA()) + " }\n";
    }

    /** Takes the chains of a wire away, whether the kernel has already done so with their interfaces or not. */
    private static String part(Wire wire) {
        return Stream.of(wire.innerA(), wire.innerB())
                .map(end -> TABLE + " " + chain(end))
                .map(chain ->
                        "nft add chain " + chain + "\nnft flush chain " + chain + "\nnft delete chain " + chain + "\n")
                .collect(Collectors.joining());
    }

    private static String chain(String from) {
        return "from-" + from;
    }

    private static String direction(String from, String to) {
        return " chain " + chain(from) + " { type filter hook ingress device " + from
                + " priority 0; iifname @silent drop; fwd to " + to + "; };";
    }

    private boolean isBridge(String node) {
        var known = topology.nodes().get(node);
        return known != null && known.kind() == NodeKind.BRIDGE;
    }

    private String bridgeName(String node) {
        // Interface names hold 15 octets; node names do not end there.
        return "br" + List.copyOf(topology.nodes().keySet()).indexOf(node);
    }

    /** Returns whether the endpoint's node is a container, so that its carrier can be looked at. */
    public boolean isContainer(Endpoint endpoint) {
        return !isBridge(endpoint.node());
    }

    /**
     * Carries out a script of the agent.
     *
     * @throws PanelException if a line of it fails
     */
    public Applied run(String script) {
        return applied(agent.run(script));
    }

    /**
     * Applies a fault whose undo the agent holds from before its first step on.
     *
     * @param lease after how long the agent takes it back by itself, should nobody else do it
     * @throws PanelException if it could not be applied; what was done of it has been taken back then
     */
    public Applied inject(String injection, Duration lease, String script, String undo) {
        return applied(agent.inject(injection, lease, script, undo));
    }

    /** Carries out the undo of an injection. */
    public Applied revert(String injection) {
        return applied(agent.revert(injection));
    }

    private static Applied applied(PanelAgent.Answer answer) {
        return new Applied(answer.before(), answer.after(), answer.output());
    }

    /** Adds a listener for what the agent says unasked. */
    public void onAnnouncement(Consumer<String> listener) {
        agent.onAnnouncement(listener);
    }

    /** Reads both clocks of the engine's host together. */
    public ClockSync clock() {
        String[] words = agent.run("clock\n").output().strip().split(" ");
        long wall = Long.parseLong(words[1]);
        return new ClockSync(
                new MonotonicTime(Long.parseLong(words[0])),
                Instant.ofEpochSecond(wall / 1_000_000_000L, wall % 1_000_000_000L));
    }

    /** Returns every inner end that is down and every fault element that is still there; empty on a clean panel. */
    public List<String> residue() {
        List<String> found = new ArrayList<>();
        String script = "sh ip -br link show\n" + "sh nft list ruleset | grep -o 'elements = .*' || true\n";
        List<String> inner = wires.values().stream()
                .flatMap(wire -> Stream.of(wire.innerA(), wire.innerB()))
                .toList();
        List<String> up = new ArrayList<>();
        agent.run(script).output().lines().forEach(line -> {
            if (line.startsWith("elements")) {
                found.add("a drop is still in force: " + line);
            }
            String name = line.split("[@ ]", 2)[0];
            if (line.contains(",UP") || line.contains("<UP")) {
                up.add(name);
            }
        });
        inner.stream().filter(end -> !up.contains(end)).forEach(end -> found.add("inner end " + end + " is down"));
        return found;
    }

    /** Maps the network namespace ids that the kernel uses towards the panel to node names. */
    public Map<Integer, String> namespaceIds() {
        Map<String, String> nodeOfInner = wires.values().stream()
                .flatMap(wire -> Stream.of(wire.link().a(), wire.link().b())
                        .map(end -> Map.entry(wire.innerEnd(end), end.node())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<Integer, String> ids = new LinkedHashMap<>();
        agent.run("sh ip -o link show\n").output().lines().forEach(line -> {
            String[] words = line.split("\\s+");
            String node = nodeOfInner.get(words[1].split("[@:]")[0]);
            for (int i = 0; i + 1 < words.length; i++) {
                if (node != null && words[i].equals("link-netnsid")) {
                    ids.put(Integer.parseInt(words[i + 1]), node);
                }
            }
        });
        return ids;
    }

    /**
     * Starts a capture of all wires.
     *
     * @param file where to; compressed if its name ends in {@code .gz}, which Wireshark reads as it is
     * @param comment stands in the file
     * @throws PanelException if it cannot be started, or the file not be written
     */
    public WireCapture capture(Path file, String comment) {
        return WireCapture.start(this, file, comment);
    }

    /** Starts a command in the panel's container, with its output line by line. */
    public ContainerProcess exec(ContainerProcess.Sink out, ContainerProcess.Sink err, String... command) {
        return ContainerProcess.exec(client, container, out, err, command);
    }

    /** Ends the panel; every wire goes with its namespace. */
    @Override
    public void close() {
        agent.close();
    }
}

package org.reconverge.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reconverge.lab.stream.Shell;
import org.reconverge.model.topology.Bind;

/**
 * The BGP and BFD sessions of one router, as its own daemons (FRR or BIRD) report them.
 *
 * <p>Each FRR daemon is asked alone ({@code vtysh -d}). A vtysh that opens a session with mgmtd while mgmtd reads its
 * configuration makes FRR 10.3 lose interfaces and static routes without a word: 20 of 64 starts with such an observer, none
 * of 64 with this one. Later versions mend a part of it (FRR pull request 22419).
 */
final class RouterSessions {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NEIGHBOR =
            Pattern.compile("^\\s*neighbor\\s+(\\S+)\\s+(?:remote-as|interface|peer-group\\s+\\S+)", Pattern.MULTILINE);
    private static final Pattern PEER_GROUP =
            Pattern.compile("^\\s*neighbor\\s+(\\S+)\\s+peer-group\\s*$", Pattern.MULTILINE);
    private static final Pattern OF_MGMTD = Pattern.compile("(ip|ipv6) (address|route) .*");
    private static final Pattern BIRD_PROTOCOL = Pattern.compile("^(\\S+)\\s+BGP\\s+\\S+\\s+(\\S+)\\s+\\S+\\s*(.*)$");

    /**
     * A session that is not as it should be.
     *
     * @param protocol {@code BGP} or {@code BFD}
     * @param peer the neighbour's address or interface
     * @param state what it is instead
     */
    record Down(String protocol, String peer, String state) {
        @Override
        public String toString() {
            return protocol + " " + peer + " " + state;
        }
    }

    /**
     * What a router says of itself.
     *
     * @param sessions how many BGP sessions are configured
     * @param down the sessions that are not up, BGP and BFD
     * @param shut the neighbours that are shut down here on purpose
     */
    record State(int sessions, List<Down> down, Set<String> shut) {}

    private enum Suite {
        FRR,
        BIRD,
        NONE
    }

    private final LabNode node;
    private final Set<String> configured;
    private final Suite suite;

    RouterSessions(LabNode node) {
        this.node = node;
        this.configured = configuredNeighbours(node);
        String found = node.run("command -v vtysh || command -v birdc || true").output();
        this.suite = found.contains("vtysh") ? Suite.FRR : found.contains("birdc") ? Suite.BIRD : Suite.NONE;
    }

    LabNode node() {
        return node;
    }

    boolean isRouter() {
        return suite != Suite.NONE;
    }

    /** Reads the sessions; a neighbour of the configuration file that the daemon does not know yet is down. */
    State read() {
        return switch (suite) {
            case FRR -> readFrr();
            case BIRD -> readBird();
            case NONE -> new State(0, List.of(), Set.of());
        };
    }

    private State readFrr() {
        Map<String, String> peers = new LinkedHashMap<>();
        List<Down> down = new ArrayList<>();
        Shell.Result bgp = node.run("vtysh -d bgpd -c 'show bgp vrf all summary json'");
        JsonNode summary = json(bgp.output());
        for (JsonNode vrf : summary) {
            for (JsonNode family : vrf) {
                family.path("peers").fields().forEachRemaining(peer -> {
                    String state = peer.getValue().path("state").asText();
                    peers.merge(peer.getKey(), state, (one, other) -> one.equals("Established") ? other : one);
                });
            }
        }
        configured.stream()
                .filter(peer -> !peers.containsKey(peer))
                .forEach(peer -> peers.put(peer, "not configured yet"));
        Set<String> shut = new LinkedHashSet<>();
        peers.forEach((peer, state) -> {
            if (state.equals("Idle (Admin)")) {
                shut.add(peer);
            } else if (!state.equals("Established")) {
                down.add(new Down("BGP", peer, state));
            }
        });
        for (JsonNode session :
                json(node.run("vtysh -d bfdd -c 'show bfd peers json'").output())) {
            String status = session.path("status").asText();
            if (!status.equals("up") && !status.equals("shutdown") && session.has("peer")) {
                down.add(new Down("BFD", session.path("peer").asText(), status));
            }
        }
        return new State(peers.size(), down, shut);
    }

    private static JsonNode json(String text) {
        int start = text.indexOf('{') < 0 ? text.indexOf('[') : text.indexOf('{');
        int list = text.indexOf('[');
        int from = list >= 0 && list < start ? list : start;
        if (from < 0) {
            return JSON.createArrayNode();
        }
        try {
            return JSON.readTree(text.substring(from));
        } catch (JsonProcessingException e) {
            // A daemon that is just starting answers with a sentence.
            return JSON.createArrayNode();
        }
    }

    /** Reads what the sessions negotiated, as far as the daemon tells. */
    List<Peering> peerings() {
        return switch (suite) {
            case FRR -> peeringsOfFrr();
            case BIRD ->
                BirdSessions.read(
                        node.name(),
                        node.run("birdc show protocols all").output(),
                        node.run("birdc show bfd sessions").output());
            case NONE -> List.of();
        };
    }

    private List<Peering> peeringsOfFrr() {
        List<Peering> found = new ArrayList<>();
        for (JsonNode vrf : json(
                node.run("vtysh -d bgpd -c 'show bgp vrf all neighbors json'").output())) {
            vrf.fields().forEachRemaining(peer -> {
                if (peer.getValue().has("bgpState")) {
                    found.add(bgp(peer.getKey(), peer.getValue()));
                }
            });
        }
        for (JsonNode session :
                json(node.run("vtysh -d bfdd -c 'show bfd peers json'").output())) {
            if (session.has("peer")) {
                found.add(bfd(session));
            }
        }
        return found;
    }

    private Peering bgp(String peer, JsonNode session) {
        Map<String, Long> values = new HashMap<>();
        put(values, "remoteAs", session.path("remoteAs"));
        put(values, "holdTimeMillis", session.path("bgpTimerHoldTimeMsecs"));
        put(values, "keepaliveMillis", session.path("bgpTimerKeepAliveIntervalMsecs"));
        put(values, "tcpMss", session.path("bgpTcpMssSynced"));
        session.path("addressFamilyInfo").fields().forEachRemaining(family -> {
            put(values, "received/" + family.getKey(), family.getValue().path("acceptedPrefixCounter"));
            put(values, "sent/" + family.getKey(), family.getValue().path("sentPrefixCounter"));
        });
        return new Peering(node.name(), "BGP", peer, session.path("bgpState").asText(), values);
    }

    private Peering bfd(JsonNode session) {
        Map<String, Long> values = new HashMap<>();
        put(values, "detectMultiplier", session.path("remote-detect-multiplier"));
        put(values, "transmitMillis", session.path("transmit-interval"));
        // RFC 5880 §6.8.4: the peer's multiplier times the larger of what we ask for and what it sends.
        long multiplier = session.path("remote-detect-multiplier").asLong();
        long interval = Math.max(
                session.path("receive-interval").asLong(),
                session.path("remote-transmit-interval").asLong());
        if (multiplier > 0 && interval > 0) {
            values.put("detectTimeMillis", multiplier * interval);
        }
        return new Peering(
                node.name(),
                "BFD",
                session.path("peer").asText(),
                session.path("status").asText(),
                values);
    }

    private static void put(Map<String, Long> values, String name, JsonNode value) {
        if (value.isNumber()) {
            values.put(name, value.asLong());
        }
    }

    private State readBird() {
        List<Down> down = new ArrayList<>();
        int sessions = 0;
        Shell.Result protocols = node.run("birdc show protocols");
        if (protocols.status() != 0) {
            return new State(
                    0, List.of(new Down("BGP", "bird", protocols.output().strip())), Set.of());
        }
        for (String line : protocols.output().lines().toList()) {
            Matcher matcher = BIRD_PROTOCOL.matcher(line);
            if (matcher.matches()) {
                sessions++;
                if (!matcher.group(3).contains("Established")
                        && !matcher.group(2).equals("down")) {
                    down.add(new Down("BGP", matcher.group(1), (matcher.group(2) + " " + matcher.group(3)).strip()));
                }
            }
        }
        BirdSessions.bfd(node.name(), node.run("birdc show bfd sessions").output()).stream()
                .filter(session ->
                        !session.state().equals("Up") && !session.state().equals("AdminDown"))
                .forEach(session -> down.add(new Down("BFD", session.peer(), session.state())));
        return new State(sessions, down, Set.of());
    }

    /** Returns whether the router has an address, given as text. */
    boolean owns(String address) {
        return address.matches("[0-9a-fA-F.:]+")
                && !node.run("ip -o address show to " + address).output().isBlank();
    }

    /** Explains a session that is down: its last reset and notification, in the daemon's words. */
    String explain(Down down) {
        if (suite != Suite.FRR || !down.protocol().equals("BGP")) {
            return down.toString();
        }
        JsonNode neighbor = json(node.run("vtysh -d bgpd -c 'show bgp neighbors " + down.peer() + " json'")
                        .output())
                .path(down.peer());
        List<String> why = new ArrayList<>();
        for (String field : List.of("lastResetDueTo", "lastNotificationReason", "lastErrorCodeSubcode")) {
            String text = neighbor.path(field).asText();
            if (!text.isEmpty()) {
                why.add(text);
            }
        }
        return down + (why.isEmpty() ? "" : " (" + String.join("; ", why) + ")");
    }

    /**
     * Returns the addresses and static routes of the bound {@code frr.conf} that FRR's running configuration lacks: those of
     * mgmtd, which loses them if anything asks it at the wrong moment of a start. Asks all daemons: not for a running start.
     */
    List<String> lost() {
        if (suite != Suite.FRR) {
            return List.of();
        }
        Set<String> running = node.run("vtysh -c 'show running-config'")
                .output()
                .lines()
                .map(String::strip)
                .collect(Collectors.toSet());
        return node.definition().binds().stream()
                .filter(bind -> bind.target().endsWith("frr.conf") && Files.isRegularFile(bind.source()))
                .flatMap(bind -> read(bind.source()).lines())
                .map(String::strip)
                .filter(line -> OF_MGMTD.matcher(line).matches() && !running.contains(line))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> configuredNeighbours(LabNode node) {
        Set<String> neighbours = new LinkedHashSet<>();
        for (Bind bind : node.definition().binds()) {
            if (bind.target().endsWith("frr.conf") || bind.target().endsWith("bgpd.conf")) {
                addNeighbours(bind.source(), neighbours);
            } else if (bind.target().replaceFirst("/+$", "").equals("/etc/frr") && Files.isDirectory(bind.source())) {
                try (Stream<Path> files = Files.list(bind.source())) {
                    files.filter(file -> file.endsWith("frr.conf") || file.endsWith("bgpd.conf"))
                            .forEach(file -> addNeighbours(file, neighbours));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return neighbours;
    }

    private static void addNeighbours(Path file, Set<String> neighbours) {
        String text = Files.isRegularFile(file) ? read(file) : "";
        Matcher matcher = NEIGHBOR.matcher(text);
        while (matcher.find()) {
            neighbours.add(matcher.group(1));
        }
        Matcher groups = PEER_GROUP.matcher(text);
        while (groups.find()) {
            neighbours.remove(groups.group(1));
        }
    }
}

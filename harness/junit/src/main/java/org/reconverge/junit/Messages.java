package org.reconverge.junit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reconverge.lab.Outage;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.Milestones;
import org.reconverge.model.check.Milestones.NodeMilestones;
import org.reconverge.model.check.Phases;
import org.reconverge.model.spec.Budget;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.SessionSpec;
import org.reconverge.model.spec.TunnelSpec;
import org.reconverge.model.spec.Via;

/** The words of failures. */
final class Messages {

    private static final int MOST_NODES = 6;

    private Messages() {}

    static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines);
    }

    /** Tells what was expected of an outage, what was found, what the routers did, and where to look. */
    static String failure(Outage outage, String expected, String found) {
        List<String> lines = new ArrayList<>();
        lines.add("Expecting " + client(outage.client()));
        lines.add("  after " + outage.fault());
        lines.add(expected + "   but " + found);
        lines.addAll(milestones(outage.milestones()));
        outage.recording()
                .flatMap(TestEvidence::of)
                .ifPresent(evidence ->
                        lines.add("evidence: " + evidence.directory() + "      again: " + evidence.again()));
        return String.join(System.lineSeparator(), lines);
    }

    /**
     * Names a client and how it is watched: {@code client gw-north (udp, tcp to 203.0.113.10)}, {@code client gw-north (udp
     * to 203.0.113.10; tuned wireguard with udp and iec104 inside)}.
     */
    static String client(ClientSpec client) {
        Map<String, Set<String>> types = new LinkedHashMap<>();
        for (ProbeSpec probe : client.probes(Via.NETWORK)) {
            types.computeIfAbsent(probe.address(), address -> new LinkedHashSet<>())
                    .add(lowerCase(probe.type()));
        }
        sessions(client, Via.NETWORK)
                .forEach(session -> types.computeIfAbsent(session.address(), address -> new LinkedHashSet<>())
                        .add(session.name()));
        Map<Set<String>, List<String>> addresses = new LinkedHashMap<>();
        types.forEach((address, of) ->
                addresses.computeIfAbsent(of, key -> new ArrayList<>()).add(address));
        List<String> watched = new ArrayList<>();
        addresses.forEach((of, to) -> watched.add(String.join(", ", of) + " to " + String.join(" and ", to)));
        client.tunnel().ifPresent(tunnel -> watched.add(tunnel(client, tunnel)));
        return "client " + client.name() + " (" + String.join("; ", watched) + ")";
    }

    private static String tunnel(ClientSpec client, TunnelSpec tunnel) {
        Set<String> inside = new LinkedHashSet<>();
        client.probes(Via.TUNNEL).forEach(probe -> inside.add(lowerCase(probe.type())));
        sessions(client, Via.TUNNEL).forEach(session -> inside.add(session.name()));
        return lowerCase(tunnel.profile()) + " " + lowerCase(tunnel.type())
                + (inside.isEmpty() ? "" : " with " + String.join(" and ", inside) + " inside");
    }

    private static List<SessionSpec> sessions(ClientSpec client, Via via) {
        return client.sessions().stream()
                .filter(session -> session.via() == via)
                .toList();
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * Tells how the time to recover was spent, in seconds, and which part is over its share and why:
     * {@code detect 0.31 | converge 0.04 | tunnel 16.04  <- over its 5 s share: …}. Empty if nothing is known.
     */
    static String phases(Outage outage, Phases phases) {
        Budget budget = outage.spec().budget();
        List<String> parts = new ArrayList<>();
        part("detect", phases.detect(), budget.detect(), "", parts);
        part("withdraw", phases.withdraw(), Optional.empty(), "", parts);
        part("converge", phases.converge(), budget.converge(), "", parts);
        part(
                "tunnel",
                phases.tunnel().map(Measured::value),
                budget.tunnel(),
                outage.client().tunnel().map(Messages::slowness).orElse(""),
                parts);
        part("session", phases.session().map(Measured::value), budget.session(), "", parts);
        return parts.isEmpty() ? "" : "  " + String.join(" | ", parts);
    }

    private static void part(
            String name, Optional<Duration> took, Optional<Duration> share, String because, List<String> parts) {
        took.ifPresent(time -> {
            String seconds = BigDecimal.valueOf(time.toNanos(), 9)
                    .setScale(2, RoundingMode.HALF_UP)
                    .toPlainString();
            parts.add(name + " " + seconds
                    + share.filter(limit -> time.compareTo(limit) > 0)
                            .map(limit -> "  <- over its " + plain(limit) + " share"
                                    + (because.isEmpty() ? "" : ": " + because))
                            .orElse(""));
        });
    }

    /** Returns what makes a tunnel slow to notice that the other end has changed; empty if nothing is known to. */
    static String slowness(TunnelSpec tunnel) {
        boolean assisted = tunnel.profile() == TunnelSpec.Profile.ASSISTED;
        boolean stock = tunnel.profile() == TunnelSpec.Profile.STOCK;
        return switch (tunnel.type()) {
            case WIREGUARD ->
                assisted
                        ? ""
                        : "WireGuard re-handshakes only 15 s after its last answered packet (KEEPALIVE_TIMEOUT 10 s + "
                                + "REKEY_TIMEOUT 5 s)";
            case OPENVPN -> stock ? "OpenVPN restarts only when its ping-restart is over" : "";
            case IPSEC -> stock ? "strongSwan without dead peer detection (dpd_delay 0) never notices" : "";
        };
    }

    /** Renders a duration whose accuracy does not matter: {@code 10 s}, {@code 1.25 s}, {@code 40 ms}. */
    static String plain(Duration duration) {
        boolean millis = duration.abs().compareTo(Duration.ofSeconds(1)) < 0;
        BigDecimal value = BigDecimal.valueOf(duration.toNanos(), millis ? 6 : 9)
                .setScale(millis ? 1 : 2, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return (value.scale() < 0 ? value.setScale(0) : value).toPlainString() + (millis ? " ms" : " s");
    }

    private static List<String> milestones(Milestones milestones) {
        List<String> lines = new ArrayList<>();
        for (NodeMilestones node : milestones.nodes()) {
            List<String> parts = new ArrayList<>();
            node.processes()
                    .forEach(process -> parts.add(process.process()
                            + (process.running() ? " started " : " ended ")
                            + plain(process.after())));
            node.sessions()
                    .forEach(
                            session -> parts.add(session.protocol() + " " + session.peer() + " " + session.state() + " "
                                    + plain(session.after())
                                    + (session.reason().isEmpty() ? "" : " (" + session.reason() + ")")));
            node.firstRouteChange()
                    .ifPresent(first -> parts.add("routes " + plain(first)
                            + node.lastRouteChange()
                                    .filter(last -> !last.equals(first))
                                    .map(last -> " … " + plain(last))
                                    .orElse("")));
            if (!parts.isEmpty()) {
                lines.add("  " + node.node() + ": " + String.join(" | ", parts));
            }
        }
        if (lines.size() > MOST_NODES) {
            int more = lines.size() - MOST_NODES;
            lines = new ArrayList<>(lines.subList(0, MOST_NODES));
            lines.add("  … and " + more + " more nodes");
        }
        return lines;
    }
}

package org.reconverge.junit;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.reconverge.lab.Outage;
import org.reconverge.model.check.Milestones;
import org.reconverge.model.check.Milestones.NodeMilestones;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.ProbeSpec;

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

    /** Names a client and how it is watched: {@code client gw-north (udp, tcp to 203.0.113.10)}. */
    static String client(ClientSpec client) {
        Map<String, Set<String>> types = new LinkedHashMap<>();
        for (ProbeSpec probe : client.probes()) {
            types.computeIfAbsent(probe.address(), address -> new LinkedHashSet<>())
                    .add(probe.type().name().toLowerCase(java.util.Locale.ROOT));
        }
        Map<Set<String>, List<String>> addresses = new LinkedHashMap<>();
        types.forEach((address, of) ->
                addresses.computeIfAbsent(of, key -> new ArrayList<>()).add(address));
        return "client " + client.name()
                + addresses.entrySet().stream()
                        .map(group ->
                                String.join(", ", group.getKey()) + " to " + String.join(" and ", group.getValue()))
                        .collect(Collectors.joining("; ", " (", ")"));
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

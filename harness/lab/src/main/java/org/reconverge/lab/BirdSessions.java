package org.reconverge.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What BIRD 2 says of its BGP and BFD sessions; it has no output for programs. */
final class BirdSessions {

    private static final Pattern PROTOCOL = Pattern.compile("^(\\S+)\\s+BGP\\s+.*");
    private static final Pattern DETAIL = Pattern.compile("^\\s+([A-Z][A-Za-z ]+):\\s+(.*)$");
    private static final Pattern TIMER = Pattern.compile("[0-9.]+/([0-9.]+)");
    private static final Pattern ROUTES = Pattern.compile("(\\d+) imported.*?(\\d+) exported.*");
    private static final Pattern CHANNEL = Pattern.compile("^  Channel (\\S+)$");
    private static final Pattern BFD =
            Pattern.compile("^(\\S+)\\s+\\S+\\s+(Up|Down|Init|AdminDown)\\s+\\S+\\s+([0-9.]+)\\s+([0-9.]+)$");

    private BirdSessions() {}

    /**
     * Reads the sessions.
     *
     * @param node the router
     * @param protocols what {@code show protocols all} says
     * @param bfd what {@code show bfd sessions} says
     */
    static List<Peering> read(String node, String protocols, String bfd) {
        List<Peering> found = bgp(node, protocols);
        found.addAll(bfd(node, bfd));
        return found;
    }

    private static List<Peering> bgp(String node, String protocols) {
        List<Peering> found = new ArrayList<>();
        @Nullable Draft draft = null;
        for (String line : protocols.lines().toList()) {
            Matcher protocol = PROTOCOL.matcher(line);
            if (!line.startsWith(" ")) {
                end(draft, node, found);
                draft = protocol.matches() ? new Draft(protocol.group(1)) : null;
            } else if (draft != null) {
                draft.take(line);
            }
        }
        end(draft, node, found);
        return found;
    }

    private static void end(@Nullable Draft draft, String node, List<Peering> found) {
        if (draft != null && !draft.waitsForAny) {
            found.add(draft.peering(node));
        }
    }

    private static final class Draft {
        private final Map<String, Long> values = new HashMap<>();
        private String peer;
        private String state = "";
        private String channel = "";
        /** It is no session but makes one for each neighbour that calls; it waits for good. */
        private boolean waitsForAny;

        Draft(String name) {
            // Until it says where its neighbour is.
            peer = name;
        }

        void take(String line) {
            Matcher next = CHANNEL.matcher(line);
            if (next.matches()) {
                channel = next.group(1);
            }
            Matcher detail = DETAIL.matcher(line);
            if (!detail.matches()) {
                return;
            }
            String value = detail.group(2).strip();
            switch (detail.group(1)) {
                case "BGP state" -> state = value;
                case "Neighbor address" -> peer = value.replaceFirst("%.*", "");
                case "Neighbor range" -> waitsForAny = true;
                case "Neighbor AS" -> values.put("remoteAs", Long.parseLong(value));
                case "Hold timer" -> timer("holdTimeMillis", value);
                case "Keepalive timer" -> timer("keepaliveMillis", value);
                case "Routes" -> routes(value);
                default -> {}
            }
        }

        private void timer(String name, String text) {
            Matcher timer = TIMER.matcher(text);
            if (timer.matches()) {
                values.put(name, Math.round(Double.parseDouble(timer.group(1)) * 1000));
            }
        }

        private void routes(String text) {
            Matcher routes = ROUTES.matcher(text);
            if (routes.matches()) {
                values.put("received/" + channel, Long.parseLong(routes.group(1)));
                values.put("sent/" + channel, Long.parseLong(routes.group(2)));
            }
        }

        Peering peering(String node) {
            return new Peering(node, "BGP", peer, state, values);
        }
    }

    /** Reads the BFD sessions; none, if BIRD runs no BFD. */
    static List<Peering> bfd(String node, String text) {
        List<Peering> found = new ArrayList<>();
        text.lines().map(BFD::matcher).filter(Matcher::matches).forEach(session -> {
            Map<String, Long> values = new HashMap<>();
            values.put("transmitMillis", Math.round(Double.parseDouble(session.group(3)) * 1000));
            values.put("detectTimeMillis", Math.round(Double.parseDouble(session.group(4)) * 1000));
            found.add(new Peering(node, "BFD", session.group(1), session.group(2), values));
        });
        return found;
    }
}

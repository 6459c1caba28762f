package org.reconverge.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.Stage;
import org.reconverge.model.history.HistoryEvent.StageEntered;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.SessionSpec;

/**
 * What {@code --watch} shows: the clients of a lab as they are now. For people to watch; verdicts come from the history.
 *
 * <p>Safe for use by several threads: events come from the lab, the picture is asked for by the screen.
 */
final class LiveView {

    /** A reply that is not here after so long counts as lost in the picture; a late one takes that back. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** What "now" is: shorter, and the numbers flicker with every batch; longer, and they lag behind. */
    private static final Duration RECENT = Duration.ofSeconds(2);

    /** How late a reply may be and still take back a loss. */
    private static final Duration MEMORY = Duration.ofSeconds(10);

    /** How the words are marked on a terminal that can. */
    enum Colour {
        PLAIN(""),
        GOOD("32"),
        WARNING("33"),
        BAD("31"),
        TITLE("1");

        private final String code;

        Colour(String code) {
            this.code = code;
        }

        String paint(String text) {
            return code.isEmpty() || text.isBlank() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
        }
    }

    private final FailoverSpec spec;
    private final boolean colours;
    private final Map<String, Stream> streams = new HashMap<>();
    private final Map<String, TunnelChanged> tunnels = new HashMap<>();
    private final Map<String, String> keysBefore = new HashMap<>();
    private final Map<String, Map<String, TelecontrolChanged.State>> sessions = new HashMap<>();
    private String scenario = "";
    private String fault = "";
    private String count = "";
    private @Nullable StageEntered stage;
    private InjectionPhase.@Nullable Phase injection;

    LiveView(FailoverSpec spec, boolean colours) {
        this.spec = spec;
        this.colours = colours;
    }

    /** The last seconds of one probe stream, and what it has lost since the trial began. */
    private static final class Stream {
        private final Deque<long[]> open = new ArrayDeque<>();
        private final Map<Long, Long> unanswered = new HashMap<>();
        private String site = "";
        private long lastReply = Long.MIN_VALUE;
        private long lost;

        void sent(long sequence, long nanos) {
            open.addLast(new long[] {sequence, nanos, 0});
            unanswered.put(sequence, nanos);
        }

        void answered(long sequence, long nanos, String from) {
            if (unanswered.remove(sequence) == null) {
                return;
            }
            if (nanos >= lastReply) {
                lastReply = nanos;
                site = from;
            }
        }

        /** Forgets what is no longer recent; what was never answered has been lost. */
        void forget(long before) {
            while (!open.isEmpty() && open.getFirst()[1] < before) {
                if (unanswered.remove(open.removeFirst()[0]) != null) {
                    lost++;
                }
            }
        }
    }

    /** A trial begins. */
    synchronized void trial(String name, String whatFails, int number, int total) {
        scenario = name;
        fault = whatFails;
        count = number + "/" + total;
        stage = null;
        injection = null;
    }

    /** Takes an event of the lab. */
    synchronized void take(HistoryEvent event) {
        if (event instanceof ProbesSent sent) {
            Stream stream = streams.computeIfAbsent(sent.probe(), name -> new Stream());
            for (int i = 0; i < sent.sentNanos().length; i++) {
                stream.sent(sent.first() + i, sent.sentNanos()[i]);
            }
        } else if (event instanceof RepliesReceived replies) {
            Stream stream = streams.computeIfAbsent(replies.probe(), name -> new Stream());
            for (int i = 0; i < replies.sequence().length; i++) {
                stream.answered(replies.sequence()[i], replies.receivedNanos()[i], replies.site()[i]);
            }
        } else if (event instanceof TunnelChanged change && change.side().equals(TunnelChanged.CLIENT)) {
            tunnels.put(change.client(), change);
        } else if (event instanceof TelecontrolChanged change
                && !change.client().isEmpty()) {
            Map<String, TelecontrolChanged.State> known =
                    sessions.computeIfAbsent(change.client(), client -> new HashMap<>());
            if (change.state() == TelecontrolChanged.State.CLOSED) {
                known.remove(change.session());
            } else {
                known.put(change.session(), change.state());
            }
        } else if (event instanceof StageEntered entered) {
            enter(entered);
        } else if (event instanceof InjectionPhase phase) {
            injection = phase.phase();
        }
    }

    private void enter(StageEntered entered) {
        stage = entered;
        if (entered.stage() == Stage.STEADY_STATE) {
            streams.values().forEach(stream -> stream.lost = 0);
        }
        if (entered.stage() == Stage.FAULT || entered.stage() == Stage.REPAIR) {
            keysBefore.clear();
            tunnels.forEach((client, tunnel) -> keysBefore.put(client, tunnel.session()));
        }
    }

    /** Draws the picture: a line that says where the trial is, and one for each client. */
    synchronized List<String> draw(MonotonicTime now, int width) {
        List<List<Cell>> rows = new ArrayList<>();
        List<Cell> header = new ArrayList<>(List.of(
                new Cell("CLIENT", Colour.TITLE),
                new Cell("SITE", Colour.TITLE),
                new Cell("LOSS NOW", Colour.TITLE),
                new Cell("LOST", Colour.TITLE)));
        boolean anyTunnel = spec.clients().values().stream()
                .anyMatch(client -> client.tunnel().isPresent());
        boolean anySession = spec.clients().values().stream()
                .anyMatch(client -> !client.sessions().isEmpty());
        if (anyTunnel) {
            header.add(new Cell("TUNNEL", Colour.TITLE));
        }
        if (anySession) {
            header.add(new Cell("SESSIONS", Colour.TITLE));
        }
        rows.add(header);
        for (ClientSpec client : spec.clients().values()) {
            List<Cell> row = new ArrayList<>(network(client, now));
            if (anyTunnel) {
                row.add(tunnel(client));
            }
            if (anySession) {
                row.add(sessions(client));
            }
            rows.add(row);
        }
        List<String> lines = new ArrayList<>();
        lines.add(paint(clip(title(now), width), Colour.TITLE));
        layOut(rows, width).forEach(lines::add);
        return lines;
    }

    private record Cell(String text, Colour colour) {}

    private String title(MonotonicTime now) {
        if (scenario.isEmpty()) {
            return "no trial yet";
        }
        StageEntered known = stage;
        if (known == null) {
            return count + " " + scenario + ": waiting for steady state";
        }
        String phase = switch (known.stage()) {
            case STEADY_STATE -> "steady state";
            case FAULT -> fault + inForce();
            case REPAIR -> "repaired";
            case RESTORED -> "back in steady state";
        };
        return String.format(
                Locale.ROOT,
                "%s %s: %s, %.1f s",
                count,
                scenario,
                phase,
                Math.max(0, now.since(known.at()).toMillis()) / 1000.0);
    }

    private String inForce() {
        return injection == InjectionPhase.Phase.VERIFIED
                ? " (seen to bite)"
                : injection == InjectionPhase.Phase.NOT_VERIFIED ? " (not seen to bite)" : "";
    }

    private List<Cell> network(ClientSpec client, MonotonicTime now) {
        long from = now.nanos() - PATIENCE.toNanos() - RECENT.toNanos();
        long to = now.nanos() - PATIENCE.toNanos();
        long sent = 0;
        long missing = 0;
        long lost = 0;
        Set<String> sites = new LinkedHashSet<>();
        for (Map.Entry<String, Stream> entry : streams.entrySet()) {
            if (!entry.getKey().startsWith(client.name() + "/")) {
                continue;
            }
            Stream stream = entry.getValue();
            stream.forget(now.nanos() - MEMORY.toNanos());
            lost += stream.lost;
            for (long[] probe : stream.open) {
                boolean open = stream.unanswered.containsKey(probe[0]);
                if (probe[1] >= from && probe[1] < to) {
                    sent++;
                    missing += open ? 1 : 0;
                }
                lost += open && probe[1] < to ? 1 : 0;
            }
            if (stream.lastReply > to - RECENT.toNanos() && !stream.site.isEmpty()) {
                sites.add(stream.site);
            }
        }
        String served = sites.isEmpty() ? "none" : String.join("+", sites);
        Colour site = served.equals(client.home()) ? Colour.GOOD : sites.isEmpty() ? Colour.BAD : Colour.WARNING;
        // A stream that lost nothing of many must not read as one that lost nothing.
        String now1 =
                sent == 0 ? "not seen" : missing == 0 ? "0 %" : Math.max(1, Math.round(100.0 * missing / sent)) + " %";
        return List.of(
                new Cell(client.name(), Colour.PLAIN),
                new Cell(served, site),
                new Cell(now1, missing == 0 ? Colour.PLAIN : Colour.BAD),
                new Cell(String.valueOf(lost), Colour.PLAIN));
    }

    private Cell tunnel(ClientSpec client) {
        if (client.tunnel().isEmpty()) {
            return new Cell("-", Colour.PLAIN);
        }
        TunnelChanged change = tunnels.get(client.name());
        if (change == null) {
            return new Cell("not seen", Colour.WARNING);
        }
        boolean rekeyed = Optional.ofNullable(keysBefore.get(client.name()))
                .filter(keys -> !keys.equals(change.session()))
                .isPresent();
        return switch (change.state()) {
            case UP -> new Cell(rekeyed ? "up, new keys" : "up", Colour.GOOD);
            case HANDSHAKING -> new Cell("handshaking", Colour.WARNING);
            case DOWN -> new Cell("down", Colour.BAD);
        };
    }

    private Cell sessions(ClientSpec client) {
        if (client.sessions().isEmpty()) {
            return new Cell("-", Colour.PLAIN);
        }
        int expected =
                client.sessions().stream().mapToInt(SessionSpec::sessions).sum();
        Map<TelecontrolChanged.State, Integer> states = new LinkedHashMap<>();
        sessions.getOrDefault(client.name(), Map.of()).values().forEach(state -> states.merge(state, 1, Integer::sum));
        int up = states.getOrDefault(TelecontrolChanged.State.RESTORED, 0);
        if (expected == 1) {
            String state = states.keySet().stream()
                    .findFirst()
                    .map(one -> one == TelecontrolChanged.State.RESTORED
                            ? "up"
                            : one.name().toLowerCase(Locale.ROOT))
                    .orElse("down");
            return new Cell(state, up == 1 ? Colour.GOOD : states.isEmpty() ? Colour.BAD : Colour.WARNING);
        }
        return new Cell(up + " of " + expected + " up", up == expected ? Colour.GOOD : Colour.WARNING);
    }

    private List<String> layOut(List<List<Cell>> rows, int width) {
        int[] widths = new int[rows.get(0).size()];
        for (List<Cell> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).text().length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<Cell> row : rows) {
            StringBuilder line = new StringBuilder();
            int used = 0;
            for (int i = 0; i < row.size(); i++) {
                Cell cell = row.get(i);
                // Colours have no width, so a line is clipped cell by cell.
                String text = clip(cell.text(), Math.max(0, width - used));
                line.append(paint(text, cell.colour()));
                used += text.length();
                int gap = i + 1 == row.size() ? 0 : widths[i] - cell.text().length() + 2;
                String blank = " ".repeat(Math.max(0, Math.min(gap, width - used)));
                line.append(blank);
                used += blank.length();
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String clip(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width);
    }

    private String paint(String text, Colour colour) {
        return colours ? colour.paint(text) : text;
    }
}

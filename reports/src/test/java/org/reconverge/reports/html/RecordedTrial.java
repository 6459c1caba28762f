package org.reconverge.reports.html;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.InjectionPhase.Phase;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.HistoryEvent.Stalled;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;

/**
 * A made-up trial of {@code fibre-cut}: 3 s of steady state, the event, its reversion 10 s later, and 10 s more. A client
 * with an outage loses its probes from the event on and is then served by another site until the reversion.
 */
final class RecordedTrial {

    private static final long EVENT = 1_000_000_000_000L;
    private static final long MILLI = 1_000_000;
    private static final long REVERSION = 10_000;

    private final FailoverSpec spec;
    private final Map<String, Long> outages = new HashMap<>();
    private final List<HistoryEvent> extra = new ArrayList<>();
    private int number = 1;
    private long everyMillis;
    private long lost;

    RecordedTrial(FailoverSpec spec) {
        this.spec = spec;
    }

    RecordedTrial number(int trial) {
        number = trial;
        return this;
    }

    RecordedTrial outage(String client, long millis) {
        outages.put(client, millis);
        return this;
    }

    /** Sends every probe at one rate, whatever the spec says. */
    RecordedTrial every(long millis) {
        everyMillis = millis;
        return this;
    }

    /** Adds what else was observed. */
    RecordedTrial with(HistoryEvent event) {
        extra.add(event);
        return this;
    }

    /** Returns how many probes the outages cost. */
    long lost() {
        history();
        return lost;
    }

    History history() {
        List<HistoryEvent> events = new ArrayList<>();
        events.add(new TrialStarted(at(-3000), "run", "two-site", "fibre-cut", number, 7));
        events.add(new ClockSync(at(-3000), Instant.parse("2026-11-22T13:15:00Z")));
        phase(events, Phase.REQUESTED, -20);
        phase(events, Phase.APPLIED, 0);
        phase(events, Phase.VERIFIED, 5);
        phase(events, Phase.REVERTED, REVERSION);
        phase(events, Phase.RESIDUE_CHECKED, REVERSION + 5);
        events.add(new RouteChanged(at(12), "transit-a", true, "203.0.113.10 via 100.64.1.1 dev eth2"));
        events.add(new Stalled(at(40), "gw-north", Duration.ofMillis(12)));
        lost = 0;
        for (ClientSpec client : spec.clients().values()) {
            client.probes().forEach(probe -> stream(client, probe, events));
        }
        events.addAll(extra);
        events.add(new TrialEnded(at(REVERSION + 10_000), true, ""));
        return new History(events);
    }

    private void stream(ClientSpec client, ProbeSpec probe, List<HistoryEvent> events) {
        String id = client.name() + "/" + probe.name();
        long interval = everyMillis > 0 ? everyMillis : probe.rate().interval().toMillis();
        events.add(new ProbeStarted(
                at(-3000),
                id,
                client.name(),
                probe.type().name().toLowerCase(Locale.ROOT),
                probe.address(),
                Duration.ofMillis(interval),
                probe.threshold()));
        String other = spec.sites().keySet().stream()
                .filter(site -> !site.equals(client.home()))
                .findFirst()
                .orElse(client.home());
        long outage = outages.getOrDefault(client.name(), 0L);
        int count = (int) ((REVERSION + 13_000) / interval);
        long[] sent = new long[count];
        long[] sequence = new long[count];
        long[] received = new long[count];
        String[] site = new String[count];
        int replies = 0;
        for (int i = 0; i < count; i++) {
            // Half an interval off, so that no probe is sent at the very instant of the event.
            double millis = -3000 + (i + 0.5) * interval;
            sent[i] = EVENT + (long) (millis * MILLI);
            boolean away = outages.containsKey(client.name()) && millis > 0 && millis < REVERSION;
            if (away && millis < outage) {
                lost++;
                continue;
            }
            sequence[replies] = i;
            received[replies] = sent[i] + MILLI / 5;
            site[replies] = away ? other : client.home();
            replies++;
        }
        events.add(new ProbesSent(id, 0, sent));
        events.add(new RepliesReceived(
                id,
                Arrays.copyOf(sequence, replies),
                Arrays.copyOf(received, replies),
                Arrays.copyOf(site, replies),
                probe.address()));
    }

    static MonotonicTime at(long millis) {
        return new MonotonicTime(EVENT + millis * MILLI);
    }

    private static void phase(List<HistoryEvent> events, Phase phase, long millis) {
        events.add(new InjectionPhase(
                at(millis),
                new MonotonicTime(at(millis).nanos() - MILLI / 10),
                "1",
                "link-down on transit-a:eth2",
                phase,
                ""));
    }
}

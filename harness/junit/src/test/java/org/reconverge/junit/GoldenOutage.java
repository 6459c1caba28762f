package org.reconverge.junit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.lab.Outage;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.InjectionPhase.Phase;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.SessionChanged;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.Budget;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.Rate;
import org.reconverge.model.spec.Site;
import org.reconverge.model.spec.SteadyState;

/**
 * An outage read from a made-up history: {@code gw-north} probes 100 times a second, and 3 s after the beginning the fibre
 * to Berlin loses every frame.
 */
final class GoldenOutage {

    private static final long MILLI = 1_000_000;
    private static final long EVENT = 3_000;

    private long end = 12_000;
    private long lostFrom = EVENT;
    private long lostUntil = EVENT;
    private String siteAfter = "frankfurt";
    private String source = "203.0.113.10";
    private Phase looked = Phase.VERIFIED;

    private GoldenOutage() {}

    /** Loses everything for so long after the event, and is served by Frankfurt from then on. */
    static GoldenOutage of(Duration outage) {
        GoldenOutage golden = new GoldenOutage();
        golden.lostUntil = EVENT + outage.toMillis();
        golden.end = golden.lostUntil + 9_000;
        return golden;
    }

    /** Loses nothing, and stays with Berlin. */
    static GoldenOutage unnoticed() {
        GoldenOutage golden = new GoldenOutage();
        golden.siteAfter = "berlin";
        return golden;
    }

    GoldenOutage answeredFrom(String other) {
        source = other;
        return this;
    }

    GoldenOutage watchedUntil(Duration afterEvent) {
        end = EVENT + afterEvent.toMillis();
        return this;
    }

    GoldenOutage lossBegins(Duration beforeEvent) {
        lostFrom = EVENT - beforeEvent.toMillis();
        return this;
    }

    GoldenOutage notSeenToBite() {
        looked = Phase.NOT_VERIFIED;
        return this;
    }

    Outage outage() {
        return Outage.of(history(), spec(), "gw-north", "i1");
    }

    private History history() {
        List<HistoryEvent> events = new ArrayList<>();
        events.add(new TrialStarted(at(0), "run", "two-site", "golden", 1, 7));
        events.add(new ProbeStarted(
                at(0),
                "gw-north/udp",
                "gw-north",
                "udp",
                "203.0.113.10",
                Duration.ofMillis(10),
                Duration.ofSeconds(2)));
        for (long start = 0, sequence = 0; start < end; start += 100) {
            long[] sent = new long[10];
            List<Long> answered = new ArrayList<>();
            for (int i = 0; i < 10; i++, sequence++) {
                long millis = start + 10L * i;
                sent[i] = millis * MILLI;
                if (millis < lostFrom || millis >= lostUntil) {
                    answered.add(sequence);
                }
            }
            events.add(new ProbesSent("gw-north/udp", sequence - 10, sent));
            boolean after = start >= EVENT;
            if (!answered.isEmpty()) {
                events.add(new RepliesReceived(
                        "gw-north/udp",
                        answered.stream().mapToLong(one -> one).toArray(),
                        answered.stream()
                                .mapToLong(one -> one * 10 * MILLI + MILLI / 2)
                                .toArray(),
                        answered.stream()
                                .map(one -> after ? siteAfter : "berlin")
                                .toArray(String[]::new),
                        after ? source : "203.0.113.10"));
            }
            if (start == EVENT) {
                injection(events);
            }
        }
        return new History(events);
    }

    private void injection(List<HistoryEvent> events) {
        String fault = "silent-drop on transit-a:eth2";
        for (Phase phase : List.of(Phase.REQUESTED, Phase.APPLIED, looked)) {
            events.add(new InjectionPhase(at(EVENT), at(EVENT - 1), "i1", fault, phase, "no frame was dropped"));
        }
        events.add(new SessionChanged(at(EVENT + 310), "transit-a", "bgp", "100.64.0.1", "down", "BFD down received"));
    }

    private static MonotonicTime at(long millis) {
        return new MonotonicTime(millis * MILLI);
    }

    static FailoverSpec spec() {
        ProbeSpec probe =
                new ProbeSpec("udp", ProbeSpec.Type.UDP, "203.0.113.10", 7000, new Rate(100), Duration.ofSeconds(2));
        return new FailoverSpec(
                Path.of("two-site.failover.yml"),
                Path.of("two-site.clab.yml"),
                List.of("203.0.113.10"),
                Map.of(
                        "berlin",
                        new Site("berlin", List.of("ber-svc"), "ber-svc"),
                        "frankfurt",
                        new Site("frankfurt", List.of("fra-svc"), "fra-svc")),
                new Budget(
                        Duration.ofSeconds(10), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Map.of(
                        "gw-north",
                        new ClientSpec(
                                "gw-north", "gw-north", "berlin", ClientSpec.Firewall.STRICT_IP, List.of(probe))),
                Map.of(),
                new SteadyState(Duration.ofSeconds(1), Duration.ofSeconds(60)),
                Duration.ofSeconds(5),
                Map.of());
    }
}

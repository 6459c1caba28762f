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
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.HistoryEvent.TunnelChanged.State;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.Budget;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.Rate;
import org.reconverge.model.spec.SessionSpec;
import org.reconverge.model.spec.Site;
import org.reconverge.model.spec.SteadyState;
import org.reconverge.model.spec.TunnelSpec;
import org.reconverge.model.spec.Via;

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
    private Optional<TunnelSpec.Profile> tunnel = Optional.empty();
    private long tunnelLostUntil = EVENT;
    private boolean session;
    private final List<HistoryEvent> extra = new ArrayList<>();

    private GoldenOutage() {}

    /** Gives the client a WireGuard tunnel that is back so long after the event, with new keys. */
    GoldenOutage tunnelBackAfter(TunnelSpec.Profile profile, Duration outage) {
        tunnel = Optional.of(profile);
        tunnelLostUntil = EVENT + outage.toMillis();
        end = Math.max(end, tunnelLostUntil + 9_000);
        extra.add(tunnel(Duration.ofMillis(-2500), State.UP, "a", "203.0.113.10:51820"));
        return tunnelSeen(outage, State.UP, "b", "203.0.113.10:51820");
    }

    GoldenOutage tunnelSeen(Duration afterEvent, State state, String keys, String endpoint) {
        extra.add(tunnel(afterEvent, state, keys, endpoint));
        return this;
    }

    GoldenOutage withoutObserver() {
        extra.removeIf(TunnelChanged.class::isInstance);
        return this;
    }

    private static TunnelChanged tunnel(Duration afterEvent, State state, String keys, String endpoint) {
        return new TunnelChanged(
                at(EVENT + afterEvent.toMillis()),
                "gw-north",
                TunnelChanged.CLIENT,
                state,
                keys,
                endpoint,
                state == State.DOWN ? "" : "198.18.1.1",
                "");
    }

    /** Gives the client an IEC 104 session inside, restored so long after the event. */
    GoldenOutage sessionBackAfter(Duration outage) {
        session = true;
        extra.add(telecontrol(Duration.ofMillis(-2500), "old", TelecontrolChanged.State.RESTORED));
        extra.add(telecontrol(outage.minusMillis(30), "old", TelecontrolChanged.State.CLOSED));
        extra.add(telecontrol(outage.minusMillis(20), "new", TelecontrolChanged.State.CONNECTED));
        extra.add(telecontrol(outage, "new", TelecontrolChanged.State.RESTORED));
        return this;
    }

    /** Lets values arise and be acknowledged before the event, of which the sites receive only some. */
    GoldenOutage values(int acknowledged, int received) {
        for (int number = 1; number <= acknowledged; number++) {
            long at = EVENT - 1_500 + number;
            value("gw-north", ValuesPassed.Step.AROSE, number, at);
            value("gw-north", ValuesPassed.Step.ACKNOWLEDGED, number, at + 1);
            if (number <= received) {
                value("berlin", ValuesPassed.Step.RECEIVED, number, at);
            }
        }
        return this;
    }

    private void value(String where, ValuesPassed.Step step, long number, long at) {
        extra.add(new ValuesPassed(
                where, step, new int[] {1}, new long[] {number}, new long[] {at * MILLI}, new long[] {0}));
    }

    private static TelecontrolChanged telecontrol(
            Duration afterEvent, String connection, TelecontrolChanged.State state) {
        return new TelecontrolChanged(
                at(EVENT + afterEvent.toMillis()),
                connection,
                "gw-north",
                "iec104",
                1,
                TelecontrolChanged.Side.CONTROLLED,
                state,
                "",
                "");
    }

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
        return Outage.of(history(), tunnel.isPresent() ? specWithTunnel() : spec(), "gw-north", "i1");
    }

    private History history() {
        List<HistoryEvent> events = new ArrayList<>();
        events.add(new TrialStarted(at(0), "run", "two-site", "golden", 1, 7));
        stream("gw-north/udp", "203.0.113.10", source, lostUntil, events);
        if (tunnel.isPresent()) {
            stream("gw-north/tunnel-udp", "198.18.0.1", "198.18.0.1", tunnelLostUntil, events);
        }
        injection(events);
        events.addAll(extra);
        return new History(events);
    }

    private void stream(String probe, String address, String answering, long until, List<HistoryEvent> events) {
        events.add(new ProbeStarted(
                at(0), probe, "gw-north", "udp", address, Duration.ofMillis(10), Duration.ofSeconds(2)));
        for (long start = 0, sequence = 0; start < end; start += 100) {
            long[] sent = new long[10];
            List<Long> answered = new ArrayList<>();
            for (int i = 0; i < 10; i++, sequence++) {
                long millis = start + 10L * i;
                sent[i] = millis * MILLI;
                if (millis < lostFrom || millis >= until) {
                    answered.add(sequence);
                }
            }
            events.add(new ProbesSent(probe, sequence - 10, sent));
            boolean after = start >= EVENT;
            if (!answered.isEmpty()) {
                events.add(new RepliesReceived(
                        probe,
                        answered.stream().mapToLong(one -> one).toArray(),
                        answered.stream()
                                .mapToLong(one -> one * 10 * MILLI + MILLI / 2)
                                .toArray(),
                        answered.stream()
                                .map(one -> after ? siteAfter : "berlin")
                                .toArray(String[]::new),
                        after ? answering : address));
            }
        }
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

    private FailoverSpec specWithTunnel() {
        FailoverSpec plain = spec();
        ClientSpec client = plain.client("gw-north");
        List<ProbeSpec> probes = new ArrayList<>(client.probes());
        probes.add(new ProbeSpec(
                "tunnel-udp",
                Via.TUNNEL,
                ProbeSpec.Type.UDP,
                "198.18.0.1",
                7000,
                new Rate(100),
                Duration.ofSeconds(2)));
        SessionSpec iec104 = new SessionSpec(
                "iec104",
                Via.TUNNEL,
                "198.18.0.1",
                2404,
                1,
                1,
                SessionSpec.Role.CONTROLLED,
                SessionSpec.Connect.CLIENT,
                Duration.ofSeconds(1),
                Optional.empty(),
                SessionSpec.Iec104Parameters.DEFAULT);
        return spec(new ClientSpec(
                client.name(),
                client.node(),
                client.home(),
                client.firewall(),
                tunnel.map(
                        profile -> new TunnelSpec(TunnelSpec.Type.WIREGUARD, profile, Optional.empty(), "198.18.1.1")),
                probes,
                session ? List.of(iec104) : List.of()));
    }

    static FailoverSpec spec() {
        ProbeSpec probe =
                new ProbeSpec("udp", ProbeSpec.Type.UDP, "203.0.113.10", 7000, new Rate(100), Duration.ofSeconds(2));
        return spec(new ClientSpec("gw-north", "gw-north", "berlin", ClientSpec.Firewall.STRICT_IP, List.of(probe)));
    }

    private static FailoverSpec spec(ClientSpec client) {
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
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Duration.ofSeconds(5)),
                        Optional.of(Duration.ofSeconds(5))),
                Map.of("gw-north", client),
                Map.of(),
                new SteadyState(Duration.ofSeconds(1), Duration.ofSeconds(60)),
                Duration.ofSeconds(5),
                Map.of());
    }
}

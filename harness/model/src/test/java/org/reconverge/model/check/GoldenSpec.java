package org.reconverge.model.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.spec.Budget;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.Continuity;
import org.reconverge.model.spec.Expectation;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.Outcome;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.Rate;
import org.reconverge.model.spec.Scenario;
import org.reconverge.model.spec.SessionSpec;
import org.reconverge.model.spec.Site;
import org.reconverge.model.spec.SteadyState;
import org.reconverge.model.spec.TunnelSpec;
import org.reconverge.model.spec.Via;
import org.reconverge.model.topology.Endpoint;

/** The spec that golden trials run under: {@code gw-north} of Berlin, budget 1 s, validation 5 s, unless said otherwise. */
public final class GoldenSpec {

    private final Map<String, ClientSpec> clients = new LinkedHashMap<>();
    private final Map<String, Expectation> expectations = new LinkedHashMap<>();
    private Duration rto = Duration.ofSeconds(1);
    private Optional<Duration> tunnelShare = Optional.empty();
    private Optional<Duration> sessionShare = Optional.empty();

    /** Expects of {@code gw-north} to be affected and served by Frankfurt. */
    public static GoldenSpec north() {
        return new GoldenSpec()
                .client("gw-north", "berlin", udp(100))
                .expect("gw-north", affected(Optional.of("frankfurt")));
    }

    static ProbeSpec udp(int rate) {
        return probe("udp", ProbeSpec.Type.UDP, "203.0.113.10", rate);
    }

    static ProbeSpec probe(String name, ProbeSpec.Type type, String address, int rate) {
        return new ProbeSpec(name, type, address, 7000, new Rate(rate), Duration.ofSeconds(2));
    }

    static Expectation affected(Optional<String> servedBy) {
        return new Expectation(Optional.of(true), servedBy, Optional.empty(), OptionalInt.empty());
    }

    static Expectation misses() {
        return new Expectation(
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Outcome.MISSES);
    }

    static Expectation missesUntil(Duration until, String because) {
        return new Expectation(
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Outcome.MISSES,
                Optional.of(until),
                because,
                false);
    }

    static Expectation lossless() {
        return new Expectation(
                Optional.of(true),
                Optional.of("frankfurt"),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Outcome.RECOVERS,
                Optional.empty(),
                "",
                true);
    }

    static Expectation unaffected() {
        return new Expectation(Optional.of(false), Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    static Expectation either() {
        return new Expectation(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    GoldenSpec client(String name, String home, ProbeSpec... probes) {
        clients.put(name, new ClientSpec(name, name, home, ClientSpec.Firewall.STRICT_IP, List.of(probes)));
        return this;
    }

    /** Expects of {@code gw-north}, which has a tunnel with a probe inside, to be affected and served by Frankfurt. */
    static GoldenSpec northWithTunnel(SessionSpec... sessions) {
        GoldenSpec golden = new GoldenSpec().expect("gw-north", affected(Optional.of("frankfurt")));
        golden.clients.put(
                "gw-north",
                new ClientSpec(
                        "gw-north",
                        "gw-north",
                        "berlin",
                        ClientSpec.Firewall.STRICT_IP,
                        Optional.of(new TunnelSpec(
                                TunnelSpec.Type.WIREGUARD, TunnelSpec.Profile.TUNED, Optional.empty(), "198.18.1.1")),
                        List.of(
                                udp(100),
                                new ProbeSpec(
                                        "tunnel-udp",
                                        Via.TUNNEL,
                                        ProbeSpec.Type.UDP,
                                        "198.18.0.1",
                                        7000,
                                        new Rate(100),
                                        Duration.ofSeconds(2))),
                        List.of(sessions)));
        return golden.rto(Duration.ofSeconds(10));
    }

    /** Expects the same of {@code gw-north} with sessions and no tunnel. */
    static GoldenSpec northWithSession(SessionSpec... sessions) {
        GoldenSpec golden = new GoldenSpec().expect("gw-north", affected(Optional.of("frankfurt")));
        golden.clients.put(
                "gw-north",
                new ClientSpec(
                        "gw-north",
                        "gw-north",
                        "berlin",
                        ClientSpec.Firewall.STRICT_IP,
                        Optional.empty(),
                        List.of(udp(100)),
                        List.of(sessions)));
        return golden.rto(Duration.ofSeconds(10));
    }

    static SessionSpec iec104(int sessions) {
        return new SessionSpec(
                "iec104",
                Via.TUNNEL,
                "198.18.0.1",
                2404,
                1,
                sessions,
                SessionSpec.Role.CONTROLLED,
                SessionSpec.Connect.CLIENT,
                Duration.ofSeconds(1),
                Optional.empty(),
                SessionSpec.Iec104Parameters.DEFAULT);
    }

    /** Accepts no less of a tunnel. */
    static Expectation tunnel(Continuity weakest) {
        return new Expectation(
                Optional.of(true), Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.of(weakest));
    }

    GoldenSpec shares(Duration tunnel, Duration session) {
        this.tunnelShare = Optional.of(tunnel);
        this.sessionShare = Optional.of(session);
        return this;
    }

    GoldenSpec expect(String client, Expectation expectation) {
        expectations.put(client, expectation);
        return this;
    }

    GoldenSpec nothingExpected() {
        expectations.clear();
        return this;
    }

    GoldenSpec rto(Duration rto) {
        this.rto = rto;
        return this;
    }

    /** Returns the spec. */
    public FailoverSpec spec() {
        Map<String, Site> sites = new LinkedHashMap<>();
        sites.put("berlin", new Site("berlin", List.of("ber-svc"), "ber-svc"));
        sites.put("frankfurt", new Site("frankfurt", List.of("fra-svc"), "fra-svc"));
        Scenario scenario = new Scenario(
                "fibre-cut",
                "",
                new Fault.LinkDown(new Endpoint("transit-a", "eth2")),
                Duration.ofSeconds(20),
                expectations);
        return new FailoverSpec(
                Path.of("two-site.failover.yml"),
                Path.of("two-site.clab.yml"),
                new ArrayList<>(List.of("203.0.113.10", "2001:db8:a::10")),
                sites,
                new Budget(rto, Optional.empty(), Optional.empty(), tunnelShare, sessionShare),
                clients,
                Map.of(scenario.name(), scenario),
                new SteadyState(Duration.ofSeconds(2), Duration.ofSeconds(60)),
                Duration.ofSeconds(5),
                Map.of());
    }
}

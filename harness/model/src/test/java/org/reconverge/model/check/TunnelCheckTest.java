package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.HistoryEvent.SessionChanged;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.HistoryEvent.TunnelChanged.State;
import org.reconverge.model.spec.Continuity;
import org.reconverge.model.spec.FailoverSpec;

/** The network is away for 350 ms in every golden trial here, and back home 20 ms after the repair. */
class TunnelCheckTest {

    private static final FailoverSpec SPEC = GoldenSpec.northWithTunnel().spec();
    private static final String SERVICE = "203.0.113.10:51820";
    private static final String INNER = "198.18.1.1";

    private static GoldenTrial trial(Consumer<GoldenTrial.Stream> inside) {
        return new GoldenTrial()
                        .north(truth -> truth.outage(0, 350)
                                .site(0, "frankfurt")
                                .outage(20_000, 20_020)
                                .site(20_000, "berlin"))
                        .stream("gw-north/tunnel-udp", "berlin", truth -> {
                    truth.address("198.18.0.1")
                            .phase(3)
                            .site(0, "frankfurt")
                            .outage(20_000, 20_020)
                            .site(20_000, "berlin");
                    inside.accept(truth);
                });
    }

    private static TunnelChanged seen(double at, State state, String session, String endpoint, String inner) {
        return new TunnelChanged(
                GoldenTrial.at(at), "gw-north", TunnelChanged.CLIENT, state, session, endpoint, inner, "");
    }

    private static TunnelChanged up(double at, String session) {
        return seen(at, State.UP, session, SERVICE, INNER);
    }

    private static TrialResult judge(GoldenTrial trial) {
        return judge(trial, SPEC);
    }

    private static TrialResult judge(GoldenTrial trial, FailoverSpec spec) {
        return TrialCheck.judge(trial.history(), spec, "fibre-cut");
    }

    private static Layers layers(TrialResult result) {
        return result.client("gw-north")
                .flatMap(ClientResult::event)
                .flatMap(PhaseResult::layers)
                .orElseThrow();
    }

    private static TunnelResult tunnel(TrialResult result) {
        return layers(result).tunnel().orElseThrow();
    }

    @Test
    void aTunnelThatLosesNoMoreThanTheNetworkIsTheSameSession() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 350)).with(up(-2900, "a")));

        assertThat(result.reasons()).isEmpty();
        assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        assertThat(tunnel(result).continuity()).contains(Continuity.SAME_SESSION);
        assertThat(tunnel(result).because()).isEqualTo("the same keys");
        assertThat(tunnel(result).rekeys()).isZero();
        assertThat(tunnel(result).share().orElseThrow().value()).isLessThan(Duration.ofMillis(15));
    }

    @Test
    void newKeysOnTheSameInterfaceResumeTheTunnel() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 1200))
                .with(up(-2900, "a"))
                .with(seen(400, State.HANDSHAKING, "a", SERVICE, INNER))
                .with(up(1195, "b")));

        assertThat(result.verdict()).as(result.reasons().toString()).isEqualTo(Verdict.PASS);
        TunnelResult tunnel = tunnel(result);
        assertThat(tunnel.continuity()).contains(Continuity.RESUMED);
        assertThat(tunnel.because()).isEqualTo("new keys after 1.2 s");
        assertThat(tunnel.rekeyed()).contains(Duration.ofMillis(1195));
        assertThat(tunnel.firstAnswer().orElseThrow().value())
                .isBetween(Duration.ofMillis(1200), Duration.ofMillis(1212));
        assertThat(tunnel.share().orElseThrow().value())
                .as("what the tunnel took after the network")
                .isBetween(Duration.ofMillis(840), Duration.ofMillis(860));
        assertThat(layers(result).network().recovery().orElseThrow().value())
                .isBetween(Duration.ofMillis(350), Duration.ofMillis(360));
    }

    @Test
    void theFirstAnswerInsideEndsTheShareEvenIfMoreIsLostLater() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 700).outage(900, 1500))
                .with(up(-2900, "a"))
                .with(up(690, "b")));

        assertThat(tunnel(result).firstAnswer().orElseThrow().value()).isLessThan(Duration.ofMillis(715));
        assertThat(tunnel(result).recovery().orElseThrow().value()).isGreaterThan(Duration.ofMillis(1490));
    }

    @Test
    void sameKeysThatCarryNothingForAWhileAreNotTheSameSession() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 2000)).with(up(-2900, "a")));

        assertThat(tunnel(result).continuity()).contains(Continuity.RESUMED);
        assertThat(tunnel(result).because())
                .startsWith("the same keys, but nothing passed inside for 1.65 s")
                .endsWith("after the network was back");
    }

    @Test
    void aShareThatIsOverspentFails() {
        FailoverSpec spec = GoldenSpec.northWithTunnel()
                .shares(Duration.ofSeconds(1), Duration.ofSeconds(1))
                .spec();
        TrialResult result =
                judge(trial(truth -> truth.outage(0, 3000)).with(up(-2900, "a")).with(up(2990, "b")), spec);

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("gw-north: the tunnel took 2.65 s ± 0.0")
                .endsWith(" once the network was back (still watched), share 1 s");
        assertThat(layers(result).network().verdict()).isEqualTo(Verdict.PASS);
        assertThat(tunnel(result).verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void aTunnelThatRoamsFailsThoughItWorks() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 400))
                .with(up(-2900, "a"))
                .with(seen(395, State.UP, "b", "198.51.100.20:51820", INNER)));

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .containsExactly(
                        "gw-north: the tunnel roamed to 198.51.100.20 instead of the service address 203.0.113.10, so that it is no"
                                + " longer anycast that it depends on",
                        "gw-north: after repair: the tunnel roamed to 198.51.100.20 instead of the service address"
                                + " 203.0.113.10, so that it is no longer anycast that it depends on");
        assertThat(tunnel(result).roamed()).containsExactly("198.51.100.20");
        assertThat(tunnel(result).continuity()).contains(Continuity.RESUMED);
    }

    @Test
    void anInterfaceThatIsTornDownReestablishes() {
        GoldenTrial trial = trial(truth -> truth.outage(0, 3000))
                .with(up(-2900, "a"))
                .with(seen(2500, State.DOWN, "", "", ""))
                .with(seen(2600, State.HANDSHAKING, "", SERVICE, INNER))
                .with(up(2950, "b"));
        TrialResult result = judge(trial);

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .containsExactly(
                        "gw-north: the tunnel was reestablished (its interface was gone after 2.5 s), but resumed "
                                + "is the least that is accepted");
        assertThat(judge(
                                trial,
                                GoldenSpec.northWithTunnel()
                                        .expect("gw-north", GoldenSpec.tunnel(Continuity.REESTABLISHED))
                                        .spec())
                        .verdict())
                .isEqualTo(Verdict.PASS);
    }

    @Test
    void anotherInnerAddressReestablishes() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 500))
                .with(up(-2900, "a"))
                .with(seen(450, State.UP, "b", SERVICE, "198.18.1.77")));

        assertThat(tunnel(result).continuity()).contains(Continuity.REESTABLISHED);
        assertThat(tunnel(result).because()).isEqualTo("its inner address 198.18.1.1 was 198.18.1.77 after 450 ms");
        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void aTunnelThatNobodyObservedIsInconclusive() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 350)));

        assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(result.reasons())
                .contains("gw-north: the tunnel was not observed, so what became of it is not known");
        assertThat(tunnel(result).continuity()).isEmpty();
    }

    @Test
    void whatTheSiteObservesSaysNothingAboutTheClientsEndpoint() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 350))
                .with(up(-2900, "a"))
                .with(new TunnelChanged(
                        GoldenTrial.at(300),
                        "gw-north",
                        "frankfurt",
                        State.UP,
                        "x",
                        "100.64.0.7:4711",
                        "198.18.0.1",
                        ""))
                .with(new TunnelChanged(
                        GoldenTrial.at(300), "gw-south", TunnelChanged.CLIENT, State.DOWN, "", "", "", "")));

        assertThat(result.verdict()).as(result.reasons().toString()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aTunnelThatWasNotUpBeforeProvesNothing() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 350))
                .with(seen(-2900, State.HANDSHAKING, "", SERVICE, INNER))
                .with(up(300, "a")));

        assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(result.reasons()).contains("gw-north: the tunnel was not up before the event: handshaking");
    }

    @Test
    void aTunnelThatCarriesNothingIsLostWhateverItSays() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 20_000)).with(up(-2900, "a")));

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(tunnel(result).continuity()).contains(Continuity.LOST);
        assertThat(result.reasons())
                .contains("gw-north: tunnel-udp not recovered after 19.99 s (still watched), budget 10 s")
                .contains(
                        "gw-north: the tunnel is lost (nothing passes inside, and no new keys were agreed on) after 20 s "
                                + "(still watched), budget 10 s");
        assertThat(layers(result).network().verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void aTunnelThatIsWatchedForLessThanItsBudgetIsNotLostYet() {
        TrialResult result = judge(
                trial(truth -> truth.outage(0, 20_000)).with(up(-2900, "a")),
                GoldenSpec.northWithTunnel().rto(Duration.ofSeconds(30)).spec());

        assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void phasesFollowEachOther() {
        TrialResult result = judge(trial(truth -> truth.outage(0, 1200))
                .with(up(-2900, "a"))
                .with(up(1195, "b"))
                .with(new SessionChanged(GoldenTrial.at(310), "edge", "bfd", "192.0.2.1", "down", ""))
                .with(new RouteChanged(GoldenTrial.at(330), "edge", true, "203.0.113.10 via 192.0.2.1")));

        Phases phases = layers(result).phases();
        assertThat(phases.detect()).contains(Duration.ofMillis(310));
        assertThat(phases.withdraw()).contains(Duration.ofMillis(20));
        assertThat(phases.converge().orElseThrow()).isBetween(Duration.ofMillis(20), Duration.ofMillis(30));
        assertThat(phases.tunnel().orElseThrow().value()).isBetween(Duration.ofMillis(840), Duration.ofMillis(860));
        assertThat(phases.session()).isEmpty();
    }

    @Test
    void theSummaryHasARowForEachLayer() {
        TrialResult resumed =
                judge(trial(truth -> truth.outage(0, 1200)).with(up(-2900, "a")).with(up(1195, "b")));
        TrialResult roamed = judge(trial(truth -> truth.outage(0, 400))
                .with(up(-2900, "a"))
                .with(seen(395, State.UP, "b", "198.51.100.20:51820", INNER)));

        CampaignSummary.Row row =
                CampaignSummary.of(java.util.List.of(resumed, roamed)).rows().get(0);
        assertThat(row.layers().orElseThrow())
                .extracting(LayerRow::layer, LayerRow::state, LayerRow::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("network", "", Verdict.PASS),
                        org.assertj.core.groups.Tuple.tuple("tunnel", "resumed, roamed", Verdict.FAIL));
        assertThat(row.layers().orElseThrow().get(1).share().orElseThrow().max().value())
                .isBetween(Duration.ofMillis(840), Duration.ofMillis(860));
    }

    @Test
    void aClientWithoutATunnelHasNoLayers() {
        TrialResult result = TrialCheck.judge(
                new GoldenTrial()
                        .north(truth ->
                                truth.outage(0, 350).site(0, "frankfurt").site(20_000, "berlin"))
                        .history(),
                GoldenSpec.north().spec(),
                "fibre-cut");

        assertThat(result.client("gw-north").flatMap(ClientResult::event).flatMap(PhaseResult::layers))
                .isEqualTo(Optional.empty());
        assertThat(CampaignSummary.of(java.util.List.of(result)).rows().get(0).layers())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10:51820, 203.0.113.10",
        "203.0.113.10, 203.0.113.10",
        "[2001:db8::1]:4500, 2001:db8::1",
        "2001:db8::1, 2001:db8::1",
    })
    void theHostOfAnEndpointIsFound(String endpoint, String host) {
        assertThat(TunnelCheck.host(endpoint)).isEqualTo(host);
    }
}

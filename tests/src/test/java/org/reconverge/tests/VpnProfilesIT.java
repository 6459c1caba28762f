package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.TunnelResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.spec.Continuity;

/**
 * Every kind of tunnel in every profile, two gateways of each side by side, through a fibre cut, a silent cut, the loss of
 * the site, of its VPN daemons, and a drain. The ranges and their reasons stand in the specs, as {@code within},
 * {@code until} and {@code because}.
 */
class VpnProfilesIT {

    private static final String[] ALL = {"fibre-cut", "silent-cut", "site-loss", "concentrator-kill", "drain"};

    @TempDir
    Path evidence;

    @Test
    @Tag("full")
    void assistedTunnelsGoOnAtOnce() {
        assertPassed(run("vpn-profiles", ALL));
    }

    @Test
    @Tag("full")
    void tunedTunnelsComeBackInSecondsExceptWireGuards() {
        assertPassed(run("tuned", "fibre-cut", "site-loss", "drain", "rerouted"));
    }

    /** Controls all: they pass because they miss what a control platform needs. */
    @Test
    @Tag("full")
    void stockTunnelsMissTheirTimeAsIsKnown() {
        assertPassed(run("stock", "site-loss"));
    }

    /** A platform that lets WireGuard see its unicast addresses looks healthy; the harness must not be taken in. */
    @Test
    @Tag("full")
    void aTunnelThatRoamsToAUnicastAddressFails() {
        TrialResult trial = run("no-src-hint", "site-loss").get(0);

        assertThat(trial.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(trial.reasons())
                .anySatisfy(reason -> assertThat(reason)
                        .containsPattern(
                                "the tunnel roamed to 192\\.0\\.2\\.\\d+( and .*)? instead of the service address"
                                        + " 203\\.0\\.113\\.10"));
    }

    /** Configuration alone, in a drain that nothing helps but the old site's farewell. */
    @Test
    void aSiteThatIsDrainedTakesLeaveOfItsClients() {
        TrialResult trial = run("tuned", "drain").get(0);

        assertPassed(List.of(trial));
        assertTunnelsAreBackWithin(Duration.ofSeconds(4), trial, "gw-ov1", "gw-ov2");
        assertTunnelsAreBackWithin(Duration.ofSeconds(3), trial, "gw-ip1", "gw-ip2");
        // The control assertion: it was the farewell, not a client's own doubt, that came first.
        List<TunnelChanged> changes = EvidenceDirectory.open(evidence.resolve("evidence"))
                .trials()
                .get(0)
                .history()
                .all(TunnelChanged.class);
        assertThat(changes)
                .filteredOn(change -> change.side().equals(TunnelChanged.CLIENT)
                        && change.detail().endsWith("server-pushed-connection-reset"))
                .extracting(TunnelChanged::client)
                .containsExactlyInAnyOrder("gw-ov1", "gw-ov2");
        assertThat(changes)
                .filteredOn(change ->
                        change.side().equals("berlin") && change.detail().equals("told to connect anew"))
                .extracting(TunnelChanged::client)
                .containsExactlyInAnyOrder("gw-ip1", "gw-ip2");
    }

    private static void assertTunnelsAreBackWithin(Duration limit, TrialResult trial, String... clients) {
        assertThat(clients).allSatisfy(client -> {
            TunnelResult tunnel = trial.clients().stream()
                    .filter(one -> one.client().equals(client))
                    .flatMap(one -> one.event().stream())
                    .flatMap(event -> event.layers().stream())
                    .flatMap(layers -> layers.tunnel().stream())
                    .findFirst()
                    .orElseThrow();
            Measured recovery = tunnel.recovery().orElseThrow();
            assertThat(recovery.value().plus(recovery.above())).isLessThanOrEqualTo(limit);
            assertThat(tunnel.continuity()).hasValue(Continuity.RESUMED);
        });
    }

    private List<TrialResult> run(String spec, String... scenarios) {
        List<TrialResult> trials = Labs.campaign(
                Path.of("../topologies/vpn-profiles/" + spec + ".failover.yml"), evidence, List.of(scenarios));
        assertThat(trials).hasSize(scenarios.length);
        return trials;
    }

    private static void assertPassed(List<TrialResult> trials) {
        assertThat(trials)
                .allSatisfy(trial -> assertThat(trial.verdict())
                        .as(trial.scenario() + ": " + trial.reasons())
                        .isEqualTo(Verdict.PASS));
    }
}

package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;

/**
 * Every kind of tunnel in every profile, two gateways of each side by side, through a fibre cut, a silent cut, the loss of
 * the site, of its VPN daemons, and a drain. The ranges and their reasons stand in the specs, as {@code within},
 * {@code until} and {@code because}.
 */
@Tag("full")
class VpnProfilesIT {

    private static final String[] ALL = {"fibre-cut", "silent-cut", "site-loss", "concentrator-kill", "drain"};

    @TempDir
    Path evidence;

    @Test
    void assistedTunnelsGoOnAtOnce() {
        assertPassed(run("vpn-profiles", ALL));
    }

    @Test
    void tunedTunnelsComeBackInSecondsExceptWireGuards() {
        assertPassed(run("tuned", "fibre-cut", "site-loss", "drain"));
    }

    /** Controls all: they pass because they miss what a control platform needs. */
    @Test
    void stockTunnelsMissTheirTimeAsIsKnown() {
        assertPassed(run("stock", "site-loss"));
    }

    /** A platform that lets WireGuard see its unicast addresses looks healthy; the harness must not be taken in. */
    @Test
    void aTunnelThatRoamsToAUnicastAddressFails() {
        TrialResult trial = run("no-src-hint", "site-loss").get(0);

        assertThat(trial.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(trial.reasons())
                .anySatisfy(reason -> assertThat(reason)
                        .containsPattern(
                                "the tunnel roamed to 192\\.0\\.2\\.\\d+( and .*)? instead of the service address"
                                        + " 203\\.0\\.113\\.10"));
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

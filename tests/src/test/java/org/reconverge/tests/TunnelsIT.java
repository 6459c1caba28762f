package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.Layers;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.spec.Continuity;

/** WireGuard in the north, IPsec in the south, IEC 60870-5-104 inside: real daemons at both ends, helped by the sites. */
class TunnelsIT {

    @TempDir
    Path evidence;

    /** One lab for all of them, since a lab costs more than a trial. */
    @Test
    void tunnelsGoOnAfterEveryKindOfEvent() {
        List<TrialResult> trials =
                run("silent-fibre-cut", "site-loss-frankfurt", "concentrator-kill", "concentrator-down", "drain");

        assertSameTunnelAndSession(trial(trials, "silent-fibre-cut"), "gw-north", 1);
        assertSameTunnelAndSession(trial(trials, "site-loss-frankfurt"), "gw-south", 1);
        assertSameTunnelAndSession(trial(trials, "concentrator-kill"), "gw-north", 0);
        assertThat(network(trial(trials, "concentrator-kill"))
                        .outage()
                        .orElseThrow()
                        .value())
                .as("supervision brings the daemon back before the route goes")
                .isZero();
        assertSameTunnelAndSession(trial(trials, "concentrator-down"), "gw-north", 1);
        assertSameTunnelAndSession(trial(trials, "drain"), "gw-north", 1);
    }

    private static TrialResult trial(List<TrialResult> trials, String scenario) {
        return trials.stream()
                .filter(trial -> trial.scenario().equals(scenario))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Tag("full")
    void everythingGoesOnAfterCutsAndLosses() {
        run("fibre-cut", "site-loss-berlin");
    }

    private static Layers.NetworkResult network(TrialResult trial) {
        return layers(trial, "gw-north").network();
    }

    private static Layers layers(TrialResult trial, String client) {
        return event(trial, client).layers().orElseThrow();
    }

    private static PhaseResult event(TrialResult trial, String client) {
        return trial.clients().stream()
                .filter(one -> one.client().equals(client))
                .flatMap(one -> one.event().stream())
                .findFirst()
                .orElseThrow();
    }

    private static void assertSameTunnelAndSession(TrialResult trial, String client, int moves) {
        // The control assertion: the fault was noticed, so that there was something to survive.
        assertThat(event(trial, client).moves()).isEqualTo(moves);
        Layers layers = layers(trial, client);
        assertThat(layers.tunnel().orElseThrow().continuity())
                .as("keys are new, address and peer the same")
                .hasValue(Continuity.RESUMED);
        assertThat(layers.tunnel().orElseThrow().roamed())
                .as("the endpoint is the service address all the time")
                .isEmpty();
        assertThat(layers.sessions()).hasSize(1).allSatisfy(session -> {
            // Another host cannot go on with a connection; the same host can, if the gap is shorter than its time-outs.
            int goneOn = moves == 0 ? session.kept() + session.restored() : session.restored();
            assertThat(goneOn).as("sessions that went on").isEqualTo(1);
            assertThat(session.values().missing())
                    .as("values acknowledged and lost")
                    .isZero();
        });
    }

    private List<TrialResult> run(String... scenarios) {
        List<TrialResult> trials =
                Labs.campaign(Path.of("../topologies/two-site/two-site.failover.yml"), evidence, List.of(scenarios));
        assertThat(trials)
                .hasSize(scenarios.length)
                .allSatisfy(trial -> assertThat(trial.verdict())
                        .as(trial.scenario() + ": " + trial.reasons())
                        .isEqualTo(Verdict.PASS));
        return trials;
    }
}

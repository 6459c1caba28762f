package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.check.ClientResult;
import org.reconverge.model.check.Layers;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.spec.Continuity;

/** WireGuard in the north, IPsec in the south, IEC 60870-5-104 inside: real daemons at both ends, helped by the sites. */
class TunnelsIT {

    private static Engine engine;

    @TempDir
    Path evidence;

    @BeforeAll
    static void connect() {
        engine = Engine.connect();
    }

    @AfterAll
    static void disconnect() {
        engine.close();
    }

    @Test
    void wireGuardGoesOnAfterASilentCut() {
        assertSameTunnelAndSession(run("silent-fibre-cut"), "gw-north");
    }

    @Test
    void ipsecGoesOnAfterTheLossOfItsSite() {
        assertSameTunnelAndSession(run("site-loss-frankfurt"), "gw-south");
    }

    @Test
    @Tag("full")
    void everythingGoesOnAfterEveryFault() {
        run("fibre-cut", "silent-fibre-cut", "site-loss-berlin", "site-loss-frankfurt");
    }

    private static void assertSameTunnelAndSession(List<TrialResult> trials, String client) {
        ClientResult result = trials.get(0).clients().stream()
                .filter(one -> one.client().equals(client))
                .findFirst()
                .orElseThrow();
        // The control assertion: the fault was noticed, so that there was something to survive.
        assertThat(result.event().orElseThrow().moves()).isEqualTo(1);
        Layers layers = result.event().orElseThrow().layers().orElseThrow();
        assertThat(layers.tunnel().orElseThrow().continuity())
                .as("keys are new, address and peer the same")
                .hasValue(Continuity.RESUMED);
        assertThat(layers.tunnel().orElseThrow().roamed())
                .as("the endpoint is the service address all the time")
                .isEmpty();
        assertThat(layers.sessions()).hasSize(1).allSatisfy(session -> {
            assertThat(session.restored()).as("restored sessions").isEqualTo(1);
            assertThat(session.values().missing())
                    .as("values acknowledged and lost")
                    .isZero();
        });
    }

    private List<TrialResult> run(String... scenarios) {
        List<TrialResult> trials = Labs.campaign(
                Path.of("../topologies/two-site/two-site.failover.yml"), evidence, engine, List.of(scenarios));
        assertThat(trials)
                .hasSize(scenarios.length)
                .allSatisfy(trial -> assertThat(trial.verdict())
                        .as(trial.scenario() + ": " + trial.reasons())
                        .isEqualTo(Verdict.PASS));
        return trials;
    }
}

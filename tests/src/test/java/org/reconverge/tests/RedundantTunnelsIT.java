package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.lab.Lab;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.check.ClientResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.spec.Continuity;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.topologies.BundledTopologies;

/** Two tunnels of one gateway, over two access lines, with BGP inside. */
@Tag("full")
class RedundantTunnelsIT {

    @TempDir
    Path evidence;

    @Test
    void onePathOneSiteOrOneProcessIsNeverTwoTunnels() {
        List<TrialResult> trials = Labs.campaign(
                Path.of("../topologies/redundant-tunnels/redundant-tunnels.failover.yml"),
                evidence,
                List.of(
                        "path-loss",
                        "silent-path-loss",
                        "site-loss-berlin",
                        "site-loss-frankfurt",
                        "concentrator-kill",
                        "concentrator-down"));
        assertThat(trials)
                .hasSize(6)
                .allSatisfy(trial -> assertThat(trial.verdict())
                        .as(trial.scenario() + ": " + trial.reasons())
                        .isEqualTo(Verdict.PASS));
        TrialResult joined = trials.stream()
                .filter(trial -> trial.scenario().equals("site-loss-berlin"))
                .findFirst()
                .orElseThrow();
        // The control assertion: both tunnels end at Frankfurt, so that they could have disturbed each other.
        assertThat(event(joined, "first").servedAfter()).containsExactly("frankfurt");
        assertThat(event(joined, "second").servedAfter()).containsExactly("frankfurt");
        assertThat(event(joined, "second")
                        .layers()
                        .orElseThrow()
                        .tunnel()
                        .orElseThrow()
                        .continuity())
                .as("the tunnel that was there keeps its keys")
                .hasValue(Continuity.SAME_SESSION);
    }

    /** A probe that speaks from an address binds as soon as the node has it, which may be after the emulator has started. */
    @Test
    void aGatewayMayGetItsAddressesLate() throws IOException {
        Path file = BundledTopologies.unpack("redundant-tunnels", evidence);
        Path topology = FailoverSpecFile.read(file).topology();
        String early = "- ip address add 198.18.200.1/32 dev lo\n";
        assertThat(topology).content().containsOnlyOnce(early);
        Files.writeString(topology, Files.readString(topology).replace(early, "- sleep 4\n        " + early));

        try (Engine engine = Engine.connect();
                Lab lab = Lab.start(Labs.of(file, engine))) {
            lab.awaitSteadyState();
        }
    }

    private static org.reconverge.model.check.PhaseResult event(TrialResult trial, String client) {
        return trial.clients().stream()
                .filter(one -> one.client().equals(client))
                .map(ClientResult::event)
                .findFirst()
                .orElseThrow()
                .orElseThrow();
    }
}

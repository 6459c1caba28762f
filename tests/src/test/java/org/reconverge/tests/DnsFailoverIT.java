package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.ClientResult;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;

/** One site dies: anycast moves by BGP, and what DNS would have done stands beside it. Takes two minutes: time is not faked. */
class DnsFailoverIT {

    @TempDir
    Path evidence;

    @Test
    void onlyAnycastMovesEveryCustomerInTime() {
        TrialResult trial = Labs.campaign(
                        Path.of("../topologies/dns-failover/dns-failover.failover.yml"),
                        evidence,
                        List.of("site-loss-berlin"))
                .get(0);
        // The controls pass because they miss; the spec says which.
        assertThat(trial.verdict()).as(trial.reasons().toString()).isEqualTo(Verdict.PASS);
        assertThat(recovery(trial, "anycast").value()).isLessThan(Duration.ofSeconds(2));
        assertThat(recovery(trial, "dns-ttl-30").value())
                .as("no record moves before three health checks a second apart have failed")
                .isGreaterThan(Duration.ofSeconds(2));
        assertThat(trial.clients())
                .filteredOn(
                        client -> List.of("dns-ttl-300", "dns-min-ttl", "dns-sticky", "dns-strict-ip", "vpn-by-address")
                                .contains(client.client()))
                .hasSize(5)
                .allSatisfy(client ->
                        assertThat(client.event().orElseThrow().recovery()).isEmpty());
    }

    private static Measured recovery(TrialResult trial, String name) {
        return trial.clients().stream()
                .filter(client -> client.client().equals(name))
                .map(ClientResult::event)
                .findFirst()
                .orElseThrow()
                .orElseThrow()
                .recovery()
                .orElseThrow();
    }
}

package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabNode;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;

/** A lab as people publish them comes up as it stands: 21 nodes, FRR and BIRD, bridges, init scripts, dual stack. */
class ContainerlabIT {

    private static Engine engine;
    private static Lab lab;

    @BeforeAll
    static void start() {
        engine = Engine.connect();
        // Maven does not copy the right to execute.
        assertThat(Labs.resource("labs/exchange/configs/portal/start.sh")
                        .toFile()
                        .setExecutable(true))
                .isTrue();
        lab = Lab.start(Labs.containerlab("labs/exchange/exchange.clab.yml", engine));
        lab.awaitSteadyState();
    }

    @AfterAll
    static void stop() {
        if (lab != null) {
            lab.close();
        }
        engine.close();
    }

    private static String fetched(String address) {
        return lab.node("client1.isp")
                .run("curl -s -m 2 http://" + address + "/")
                .output();
    }

    private static void awaitFetched(String address, String expected) {
        Awaitility.await("http://" + address)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(fetched(address)).contains(expected));
    }

    @Test
    void serversOnABridgeAreReachedAcrossRouters() {
        awaitFetched("10.1.0.11", "server1.dc1");
        awaitFetched("10.2.0.15", "server5.dc2");
        awaitFetched("[2001:db8:100::13]", "server3.dc1");
        assertThat(fetched("10.3.0.1"))
                .as("control: what is not there is not reached")
                .isEmpty();
    }

    @Test
    void productionPrefixesAreAnnouncedByBirdInBothFamilies() {
        awaitFetched("1.1.1.1", "anycast");
        awaitFetched("[2606:4700:4700::1111]", "anycast");
        assertThat(lab.node("edge1.isp").run("ip route get 1.1.1.1").output()).contains("dev eth1");
    }

    @Test
    void whatExecAsksForHolds() {
        assertThat(lab.node("core1.ix")
                        .run("sysctl -n net.ipv4.fib_multipath_hash_policy")
                        .output()
                        .strip())
                .isEqualTo("1");
        assertThat(lab.node("anycast1.dc1").run("pidof bird nginx").status()).isZero();
        assertThat(lab.node("core1.ix").run("pidof watchfrr").output().strip())
                .as("started once, by the image or by the script")
                .matches("\\d+");
    }

    @Test
    void boundFilesAreWhereTheNodeSeesThem() {
        LabNode node = lab.node("client1.isp");

        assertThat(node.run("/run/portal/start.sh").output().strip()).isEqualTo("portal of client1.isp");
        assertThat(node.run("cat '/var/run/portal/assets/a name'").output()).isEqualTo("two words\n");
        assertThat(node.run("stat -c '%s %F %a %U' /run/portal/empty").output().strip())
                .isEqualTo("0 regular empty file 644 root");
        assertThat(node.run("getent hosts edge1.isp").output()).startsWith("192.0.2.5 ");
    }

    /** A service that two servers of a data centre share, by equal-cost paths, is one site's. */
    @Test
    void serversOfADataCentreShareTheService(@TempDir Path evidence) {
        List<TrialResult> trials = Labs.campaign(
                Labs.resource("labs/exchange/exchange.failover.yml"), evidence, List.of("service-death", "site-loss"));

        assertThat(trials)
                .hasSize(2)
                .allSatisfy(trial -> assertThat(trial.verdict())
                        .as(trial.reasons().toString())
                        .isEqualTo(Verdict.PASS));
        PhaseResult dead = trials.get(0).clients().get(0).event().orElseThrow();
        assertThat(dead.probes())
                .as("the fault reaches every server: no flow is answered any more")
                .hasSize(8)
                .allSatisfy(probe -> assertThat(probe.answered()).isLessThan(10));
        PhaseResult lost = trials.get(1).clients().get(0).event().orElseThrow();
        assertThat(lost.servedBefore()).containsExactly("dc1");
        assertThat(lost.servedAfter()).containsExactly("dc2");
    }
}

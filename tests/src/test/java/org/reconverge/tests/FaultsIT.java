package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.Faults.all;
import static org.reconverge.junit.Faults.carrierLoss;
import static org.reconverge.junit.Faults.concentratorKill;
import static org.reconverge.junit.Faults.drain;
import static org.reconverge.junit.Faults.linkDown;
import static org.reconverge.junit.Faults.linkFlap;
import static org.reconverge.junit.Faults.nodeDown;
import static org.reconverge.junit.Faults.nodePause;
import static org.reconverge.junit.Faults.oneWayDrop;
import static org.reconverge.junit.Faults.processHang;
import static org.reconverge.junit.Faults.processKill;
import static org.reconverge.junit.Faults.serviceDown;
import static org.reconverge.junit.Faults.silentDrop;
import static org.reconverge.junit.Faults.siteDown;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reconverge.junit.FailoverTest;
import org.reconverge.lab.Injection;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabException;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.lab.panel.Wire;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.topology.Endpoint;

/**
 * The injector tests itself, with real interfaces, frames and processes: every kind bites, spares what it should and
 * reverts. Each test looks first, as its control, that what the fault takes away was there.
 */
@FailoverTest("minimal")
class FaultsIT {

    private static boolean hasCarrier(Lab lab, String node, String device) {
        return lab.node(node)
                .run("cat /sys/class/net/" + device + "/carrier")
                .output()
                .strip()
                .equals("1");
    }

    private static boolean reaches(Lab lab, String node, String address) {
        return lab.node(node).run("ping -n -c 1 -W 1 " + address).status() == 0;
    }

    private static String state(Lab lab, String node, String process) {
        return lab.node(node)
                .run("ps -o stat= -C " + process + " | cut -c 1")
                .output()
                .strip();
    }

    private static String pid(Lab lab, String node, String process) {
        return lab.node(node).run("pidof " + process).output().strip();
    }

    private static Injection inject(Lab lab, Fault fault) {
        Injection injection = lab.inject(fault);
        assertThat(injection.isVerified())
                .as("%s was seen to bite", fault.describe())
                .isTrue();
        return injection;
    }

    @Test
    void linkDownTakesTheCarrierOfBothEnds(Lab lab) {
        assertThat(hasCarrier(lab, "isp", "eth2")).isTrue();
        try (Injection down = inject(lab, linkDown("isp:eth2"))) {
            assertThat(down.after().since(down.before()))
                    .as("the convergence event is known to under 5 ms")
                    .isLessThan(Duration.ofMillis(5));
            assertThat(hasCarrier(lab, "isp", "eth2")).isFalse();
            assertThat(hasCarrier(lab, "ber-edge", "eth1")).isFalse();
            assertThat(hasCarrier(lab, "isp", "eth3")).as("spared").isTrue();
        }
        assertThat(hasCarrier(lab, "isp", "eth2")).isTrue();
        assertThat(hasCarrier(lab, "ber-edge", "eth1")).isTrue();
    }

    @Test
    void carrierLossTakesTheCarrierOfOneEnd(Lab lab) {
        assertThat(hasCarrier(lab, "isp", "eth2")).isTrue();
        try (Injection loss = inject(lab, carrierLoss("isp:eth2"))) {
            assertThat(loss.fault().kind()).isEqualTo("carrier-loss");
            assertThat(hasCarrier(lab, "isp", "eth2")).isFalse();
            assertThat(hasCarrier(lab, "ber-edge", "eth1")).as("spared").isTrue();
        }
        assertThat(hasCarrier(lab, "isp", "eth2")).isTrue();
    }

    @Test
    void silentDropLosesFramesAndKeepsCarriers(Lab lab) {
        assertThat(reaches(lab, "isp", "100.64.1.1")).isTrue();
        try (Injection drop = inject(lab, silentDrop("isp:eth2"))) {
            assertThat(drop.after().since(drop.before()))
                    .as("the convergence event is known to under 5 ms")
                    .isLessThan(Duration.ofMillis(5));
            assertThat(drop.fault().target()).isEqualTo("isp:eth2");
            assertThat(reaches(lab, "isp", "100.64.1.1")).isFalse();
            assertThat(hasCarrier(lab, "isp", "eth2")).as("spared").isTrue();
            assertThat(hasCarrier(lab, "ber-edge", "eth1")).as("spared").isTrue();
            assertThat(reaches(lab, "isp", "198.51.100.2"))
                    .as("another link is spared")
                    .isTrue();
        }
        assertThat(reaches(lab, "isp", "100.64.1.1")).isTrue();
    }

    @Test
    void oneWayDropLosesOneDirection(Lab lab) {
        String received = "cat /sys/class/net/eth1/statistics/rx_packets";
        try (Injection drop = inject(lab, oneWayDrop("isp:eth2"))) {
            assertThat(drop.isVerified()).isTrue();
            String before = lab.node("ber-edge").run(received).output();
            assertThat(reaches(lab, "isp", "100.64.1.1")).isFalse();
            assertThat(lab.node("ber-edge").run(received).output())
                    .as("nothing that isp sends arrives")
                    .isEqualTo(before);
            String other = "cat /sys/class/net/eth2/statistics/rx_packets";
            String heard = lab.node("isp").run(other).output();
            lab.node("ber-edge").run("ping -n -c 1 -W 1 100.64.1.0");
            assertThat(lab.node("isp").run(other).output())
                    .as("what ber-edge sends arrives")
                    .isNotEqualTo(heard);
        }
        assertThat(reaches(lab, "isp", "100.64.1.1")).isTrue();
    }

    @Test
    void linkFlapTakesTheCarrierSeveralTimes(Lab lab) {
        String changes = "cat /sys/class/net/eth2/carrier_down_count";
        int before = Integer.parseInt(lab.node("isp").run(changes).output().strip());
        try (Injection flap = inject(lab, linkFlap("isp:eth2", Duration.ofMillis(100), Duration.ofMillis(100), 3))) {
            assertThat(flap.isVerified()).isTrue();
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> Integer.parseInt(
                                    lab.node("isp").run(changes).output().strip())
                            == before + 3);
        }
        assertThat(hasCarrier(lab, "isp", "eth2")).isTrue();
    }

    @Test
    void processKillKillsOneProcessAndSupervisionBringsItBack(Lab lab) {
        String before = pid(lab, "ber-edge", "bgpd");
        String zebra = pid(lab, "ber-edge", "zebra");
        String other = pid(lab, "fra-edge", "bgpd");
        assertThat(before).isNotEmpty();
        try (Injection kill = inject(lab, processKill("ber-edge", "bgpd"))) {
            assertThat(kill.isVerified()).isTrue();
            assertThat(pid(lab, "ber-edge", "bgpd")).isNotEqualTo(before);
            assertThat(pid(lab, "ber-edge", "zebra")).as("spared").isEqualTo(zebra);
            assertThat(pid(lab, "fra-edge", "bgpd")).as("spared").isEqualTo(other);
        }
        assertThat(lab).returnsToSteadyState();
        assertThat(pid(lab, "ber-edge", "bgpd")).isNotEmpty().isNotEqualTo(before);
    }

    @Test
    void processHangStopsAProcessAndLetsItGoOn(Lab lab) {
        String before = pid(lab, "ber-edge", "bgpd");
        assertThat(state(lab, "ber-edge", "bgpd")).isNotEqualTo("T");
        try (Injection hang = inject(lab, processHang("ber-edge", "bgpd"))) {
            assertThat(hang.isVerified()).isTrue();
            assertThat(state(lab, "ber-edge", "bgpd")).isEqualTo("T");
            assertThat(state(lab, "ber-edge", "zebra")).as("spared").isNotEqualTo("T");
            assertThatThrownBy(() -> assertThat(lab).hasNoResidualFault()).hasMessageContaining("is in force");
        }
        assertThat(state(lab, "ber-edge", "bgpd")).isNotEqualTo("T");
        assertThat(pid(lab, "ber-edge", "bgpd")).as("the same process").isEqualTo(before);
    }

    @Test
    void nodePauseFreezesProcessesAndTheKernelForwards(Lab lab) {
        try (Injection pause = inject(lab, nodePause("ber-edge"))) {
            assertThat(pause.isVerified()).isTrue();
            assertThat(reaches(lab, "isp", "100.64.1.1"))
                    .as("its kernel answers")
                    .isTrue();
        }
        assertThat(lab.node("ber-edge").run("true").status()).isZero();
    }

    @Test
    void nodeDownTakesEverythingAndPowerBringsItBack(Lab lab) {
        long before = lab.node("ber-edge").pid();
        String pidFiles = "ls /run/left.pid /run/frr/left.pid /run/frr/zebra.pid";
        assertThat(lab.node("ber-edge")
                        .run("touch /run/left.pid /run/frr/left.pid && " + pidFiles)
                        .status())
                .isZero();
        try (Injection down = inject(lab, nodeDown("ber-edge"))) {
            assertThat(down.isVerified()).isTrue();
            assertThat(hasCarrier(lab, "isp", "eth2")).isFalse();
            assertThat(hasCarrier(lab, "ber-svc", "eth1")).isFalse();
            assertThat(hasCarrier(lab, "isp", "eth3")).as("spared").isTrue();
        }
        assertThat(lab.node("ber-edge").pid()).isNotEqualTo(before);
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
        assertThat(lab.node("ber-edge").run(pidFiles).output().lines())
                .as("process ids of the life before, which FRR would send a signal to")
                .filteredOn(line -> line.startsWith("/"))
                .containsExactly("/run/frr/zebra.pid");
        assertThat(lab.node("ber-edge").run("cat /etc/resolv.conf").output())
                .as("not the engine's name servers, which it gives at every start and a lab cannot reach")
                .isEqualTo("# A lab has no name server but its own.\n");
    }

    @Test
    void siteDownTakesEveryNodeOfTheSite(Lab lab) {
        try (Injection down = inject(lab, siteDown(lab, "berlin"))) {
            assertThat(lab.client("client").outageAfter(down))
                    .isRecoveredWithin(Duration.ofSeconds(2))
                    .isServedBy("frankfurt");
        }
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
    }

    @Test
    void serviceDownTakesTheServiceAndLeavesTheRoute(Lab lab) {
        try (Injection down = inject(lab, serviceDown(lab, "berlin"))) {
            assertThat(down.isVerified()).isTrue();
            assertThat(reaches(lab, "client", "203.0.113.10"))
                    .as("host and route live")
                    .isTrue();
            assertThat(lab.client("client").servedBy().values())
                    .as("minimal has no health check: nobody takes over")
                    .doesNotContain(java.util.Optional.of("frankfurt"));
        }
        assertThat(lab).returnsToSteadyState();
    }

    @Test
    void drainAsksTheNeighboursToTakeAnotherPathAndLosesNothing(Lab lab) {
        String heard = "vtysh -d bgpd -c 'show bgp ipv4 unicast community graceful-shutdown'";
        assertThat(lab.node("isp").run(heard).output()).doesNotContain("203.0.113.0");
        try (Injection drain = inject(lab, drain(lab, "berlin"))) {
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> lab.node("isp").run(heard).output().contains("203.0.113.0"));
            assertThat(lab.client("client").outageAfter(drain))
                    .as("minimal's ISP does not listen to it: that is minimal's design")
                    .losesNothing();
        }
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> !lab.node("isp").run(heard).output().contains("203.0.113.0"));
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
    }

    @Test
    void severalFaultsTakeEffectAsOneEvent(Lab lab) {
        try (Injection both = inject(lab, all(linkDown("isp:eth2"), silentDrop("isp:eth3")))) {
            assertThat(both.after().since(both.before())).isLessThan(Duration.ofMillis(10));
            assertThat(hasCarrier(lab, "isp", "eth2")).isFalse();
            assertThat(reaches(lab, "isp", "100.64.1.3")).isFalse();
        }
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
    }

    /** Nobody may be left to take a fault back; the panel does when its lease is over. */
    @Test
    void aLeaseThatEndsTakesTheFaultBack(Lab lab) {
        Wire wire = lab.panel().wireAt(new Endpoint("isp", "eth2"));
        String ends = wire.innerA() + " " + wire.innerB();
        PatchPanel.Applied down = lab.panel()
                .inject(
                        "forgotten",
                        Duration.ofMillis(700),
                        "carrier down " + ends + "\n",
                        "carrier up " + ends + "\n");
        assertThat(hasCarrier(lab, "isp", "eth2")).isFalse();
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> hasCarrier(lab, "isp", "eth2"));
        assertThat(lab.now().since(down.after()))
                .as("not before the lease was over")
                .isGreaterThanOrEqualTo(Duration.ofMillis(700));
        assertThatThrownBy(() -> lab.panel().revert("forgotten")).hasMessageContaining("forgotten");
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
    }

    /** Should the panel's agent hang, the kernel still ends a silent drop: elements have time-outs of their own. */
    @Test
    void theKernelEndsASilentDropByItself(Lab lab) {
        Wire wire = lab.panel().wireAt(new Endpoint("isp", "eth2"));
        lab.panel().run("drop 700 " + wire.innerA() + "\n");
        assertThat(lab.panel().residue()).hasSize(1).allMatch(found -> found.contains(wire.innerA()));
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> lab.panel().residue().isEmpty());
        assertThat(reaches(lab, "isp", "100.64.1.1")).isTrue();
        assertThat(lab).returnsToSteadyState();
    }

    @Test
    void whatIsNotThereIsRefused(Lab lab) {
        assertThatThrownBy(() -> lab.inject(processKill("ber-edge", "ospfd")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no process called 'ospfd'");
        assertThatThrownBy(() -> lab.inject(concentratorKill(lab, "berlin")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no tunnel ends at site berlin");
        assertThatThrownBy(() -> lab.inject(drain("client")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no node of client runs FRR's bgpd");
        assertThat(lab.faultsInForce()).isEmpty();
    }
}

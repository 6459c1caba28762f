package org.reconverge.tests;

import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.FailoverAssertions.assertThatThrownBy;
import static org.reconverge.junit.Faults.linkDown;
import static org.reconverge.junit.Faults.silentDrop;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reconverge.junit.FailoverTest;
import org.reconverge.lab.Client;
import org.reconverge.lab.Injection;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabException;

/** The smallest lab fails over, and what does not hold is told. */
@FailoverTest("minimal")
class MinimalIT {

    @Test
    void aCutFibreMovesTheClientToTheOtherSite(Lab lab) {
        Client client = lab.client("client");
        assertThat(client).isServedBy("berlin");

        try (Injection cut = lab.inject(linkDown("isp:eth2"))) {
            assertThat(client.outageAfter(cut))
                    .isRecoveredWithin(Duration.ofSeconds(1))
                    .keepsSameAddress("203.0.113.10")
                    .isServedBy("frankfurt")
                    .movesAtMost(1)
                    .hasOutageShorterThan(Duration.ofSeconds(1));
        }
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
        assertThat(client).isServedBy("berlin");
    }

    /** The control: every assertion of the test above can fail, on the same lab. */
    @Test
    void whatDoesNotHoldIsTold(Lab lab) {
        Client client = lab.client("client");
        try (Injection cut = lab.inject(silentDrop("isp:eth2"))) {
            var outage = client.outageAfter(cut);
            assertThatThrownBy(() -> assertThat(outage).isRecoveredWithin(Duration.ofMillis(20)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expecting client client (udp to 203.0.113.10)")
                    .hasMessageContaining("after silent-drop on isp:eth2 <-> ber-edge:eth1")
                    .hasMessageContaining("to be recovered within 20 ms   but it recovered after")
                    .hasMessageContaining("evidence: target/failover/")
                    .hasMessageContaining("again: mvn verify -Dit.test=MinimalIT#whatDoesNotHoldIsTold");
            assertThatThrownBy(() -> assertThat(outage).losesNothing()).hasMessageContaining("but it lost");
            assertThatThrownBy(() -> assertThat(outage).keepsSameAddress("203.0.113.11"))
                    .hasMessageContaining("none of its probes goes there");
            assertThatThrownBy(() -> assertThat(outage).movesAtMost(0)).hasMessageContaining("berlin -> frankfurt");
            assertThatThrownBy(() -> assertThat(client).isServedBy("berlin"))
                    .hasMessageContaining("but it is served by frankfurt");
            assertThatThrownBy(() -> assertThat(lab).hasNoResidualFault())
                    .hasMessageContaining("silent-drop on isp:eth2 is in force");
        }
    }

    /** What a test leaves behind is taken back after it, so that the next test starts from steady state. */
    @Test
    void aFaultLeftInForceIsTakenBack(Lab lab) {
        Injection left = lab.inject(silentDrop("isp:eth3"));
        assertThat(left.isVerified()).isTrue();
        assertThat(lab.client("client").outageAfter(left)).losesNothing();
    }

    @Test
    void aFaultThatHitsNothingIsRefused(Lab lab) {
        assertThatThrownBy(() -> lab.inject(linkDown("isp:eth9")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("isp:eth9");
        assertThat(lab).hasNoResidualFault();
    }
}

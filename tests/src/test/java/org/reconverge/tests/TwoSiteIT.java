package org.reconverge.tests;

import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.Faults.linkDown;
import static org.reconverge.junit.Faults.processHang;
import static org.reconverge.junit.Faults.processKill;
import static org.reconverge.junit.Faults.serviceDown;
import static org.reconverge.junit.Faults.silentDrop;
import static org.reconverge.junit.Faults.siteDown;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reconverge.junit.FailoverSoftAssertions;
import org.reconverge.junit.FailoverTest;
import org.reconverge.lab.Client;
import org.reconverge.lab.Injection;
import org.reconverge.lab.Lab;
import org.reconverge.model.fault.Fault;

/** What the article promises of a platform with two sites, kept by ours. */
@FailoverTest("two-site")
class TwoSiteIT {

    @Test
    void aCutFibreIsNoticedByItsCarrier(Lab lab) {
        northMovesToFrankfurtAndBack(lab, linkDown("transit-a:eth2"), Duration.ofSeconds(1));
    }

    /** No carrier tells of it: BFD must. */
    @Test
    void aSilentCutIsNoticedByBfd(Lab lab) {
        northMovesToFrankfurtAndBack(lab, silentDrop("transit-a:eth2"), Duration.ofSeconds(2));
    }

    @Test
    void aDeadServiceIsWithdrawn(Lab lab) {
        northMovesToFrankfurtAndBack(lab, serviceDown(lab, "berlin"), Duration.ofSeconds(3));
    }

    @Test
    void aLostSiteIsTakenOver(Lab lab) {
        northMovesToFrankfurtAndBack(lab, siteDown(lab, "berlin"), Duration.ofSeconds(1));
    }

    /** watchfrr starts it again, so the client may come home while the fault is still "in force". */
    @Test
    void aKilledBgpdIsSurvived(Lab lab) {
        Client north = lab.client("gw-north").inSteadyState();
        try (Injection kill = lab.inject(processKill("ber-edge1", "bgpd"))) {
            assertThat(north.outageAfter(kill))
                    .hasOutageShorterThan(Duration.ofSeconds(1))
                    .keepsSameAddress("203.0.113.10")
                    .movesAtMost(2);
        }
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
    }

    /** The kernel still forwards: the catchment moves when the hold time is over, and nothing is lost. */
    @Test
    void aHangingBgpdIsNoticedByTheHoldTime(Lab lab) {
        northMovesToFrankfurtAndBack(lab, processHang("ber-edge1", "bgpd"), Duration.ofSeconds(15));
    }

    private static void northMovesToFrankfurtAndBack(Lab lab, Fault fault, Duration budget) {
        Client north = lab.client("gw-north").inSteadyState();
        Client south = lab.client("gw-south");
        assertThat(north).isServedBy("berlin");

        FailoverSoftAssertions softly = new FailoverSoftAssertions();
        try (Injection injection = lab.inject(fault)) {
            softly.assertThat(north.outageAfter(injection))
                    .isRecoveredWithin(budget)
                    .keepsSameAddress("203.0.113.10")
                    .keepsSameAddress("2001:db8:a::10")
                    .isServedBy("frankfurt")
                    .movesAtMost(1);
            softly.assertThat(south.outageAfter(injection)).losesNothing().movesAtMost(0);
        }
        softly.assertThat(lab).returnsToSteadyState().hasNoResidualFault();
        softly.assertThat(north).isServedBy("berlin");
        softly.assertAll();
    }
}

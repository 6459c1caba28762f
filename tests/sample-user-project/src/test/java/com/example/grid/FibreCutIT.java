package com.example.grid;

import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.Faults.linkDown;

import org.junit.jupiter.api.Test;
import org.reconverge.junit.FailoverTest;
import org.reconverge.lab.Client;
import org.reconverge.lab.Injection;
import org.reconverge.lab.Lab;

@FailoverTest("lab/grid.failover.yml")
class FibreCutIT {

    @Test
    void theGatewayKeepsItsAddressWhenTheFibreIsCut(Lab lab) {
        Client gateway = lab.client("gateway").inSteadyState();
        assertThat(gateway).isServedBy("west");

        try (Injection cut = lab.inject(linkDown("router:eth2"))) {
            assertThat(gateway.outageAfter(cut))
                    .isRecoveredWithin(lab.budget().rto())
                    .keepsSameAddress("203.0.113.1")
                    .isServedBy("east");
        }
        assertThat(lab).returnsToSteadyState().hasNoResidualFault();
    }
}

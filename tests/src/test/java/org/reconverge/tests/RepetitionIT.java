package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.Faults.linkDown;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.reconverge.junit.FailoverTest;
import org.reconverge.lab.Injection;
import org.reconverge.lab.Lab;
import org.reconverge.lab.engine.Labels;

/** What proves nothing is repeated, and a lab that a test has broken is not the next test's. */
@FailoverTest("minimal")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RepetitionIT {

    private static int runs;
    private static String first = "";

    /** The prober is frozen when it matters most: nobody can say what the client saw. */
    @Test
    @Order(1)
    void aTestWhoseProberStalledIsRunAgain(Lab lab) {
        runs++;
        first = lab.id();
        try (Injection cut = lab.inject(linkDown("isp:eth2"))) {
            if (runs == 1) {
                freezeTheProber(lab);
            }
            assertThat(lab.client("client").outageAfter(cut))
                    .isRecoveredWithin(lab.budget().rto())
                    .isServedBy("frankfurt");
        }
    }

    @Test
    @Order(2)
    void aTestMayBreakItsLab(Lab lab) {
        assertThat(runs).as("the test before was run twice").isEqualTo(2);
        assertThat(lab.id()).as("repetitions use the same lab").isEqualTo(first);
        lab.engine()
                .client()
                .removeContainerCmd(lab.node("ber-edge").container())
                .withForce(true)
                .exec();
    }

    @Test
    @Order(3)
    void theNextStartsInANewLab(Lab lab) {
        assertThat(lab.id()).isNotEqualTo(first);
        assertThat(lab.client("client").inSteadyState()).isServedBy("berlin");
    }

    @AfterAll
    static void allWereRun() {
        assertThat(runs).isEqualTo(2);
    }

    private static void freezeTheProber(Lab lab) {
        List<String> probers = lab
                .engine()
                .client()
                .listContainersCmd()
                .withLabelFilter(Map.of(Labels.LAB, lab.id(), Labels.ROLE, "probe"))
                .exec()
                .stream()
                .map(container -> container.getId())
                .toList();
        assertThat(probers).hasSize(1);
        lab.engine().client().pauseContainerCmd(probers.get(0)).exec();
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        lab.engine().client().unpauseContainerCmd(probers.get(0)).exec();
    }
}

package org.reconverge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PhaseCountTest {

    @Test
    void aFasterThreadDoesNotOvertakeTheReportBeforeItsOwn() throws InterruptedException {
        List<String> reported = new CopyOnWriteArrayList<>();
        List<Thread> others = new CopyOnWriteArrayList<>();
        PhaseCount count = new PhaseCount(
                (phase, detail, done, total) -> {
                    if (detail.equals("slower")) {
                        others.forEach(PhaseCountTest::startAndAwaitItsReportOrBlock);
                    }
                    reported.add(phase + " " + done + "/" + total + " " + detail);
                },
                "daemons",
                2);
        Thread faster = new Thread(() -> count.done("faster"));
        others.add(faster);

        count.done("slower");
        faster.join();

        assertThat(reported).containsExactly("daemons 1/2 slower", "daemons 2/2 faster");
    }

    private static void startAndAwaitItsReportOrBlock(Thread thread) {
        thread.start();
        Awaitility.await()
                .until(() -> thread.getState() == Thread.State.BLOCKED || thread.getState() == Thread.State.TERMINATED);
    }
}

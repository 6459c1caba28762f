package org.reconverge.tests;

import static org.reconverge.junit.FailoverAssertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.junit.FailoverTest;
import org.reconverge.lab.Lab;
import org.reconverge.lab.Recording;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.lab.panel.Wire;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.ProbeResult;
import org.reconverge.model.check.Window;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.topology.Endpoint;

/**
 * The harness measures itself before it measures others: a client and a server on one wire, which the patch panel cuts for
 * a known time.
 *
 * <p>The cut is made and taken back by the panel's agent, which reads the clock around both: its length is known to the
 * time that two changes of a set take. A set element with a timeout would be simpler and is no standard: the kernel rounds
 * timeouts up to jiffies, which are 4 ms long at 250 Hz.
 */
@FailoverTest("labs/calibration")
class CalibrationIT {

    private static final Duration BEYOND_THE_INTERVAL = Duration.ofMillis(2);

    @ParameterizedTest
    @ValueSource(longs = {500, 5000})
    void aKnownOutageIsReportedWithinItsAccuracy(long millis, Lab lab) {
        Recording recording = lab.recording().orElseThrow();
        PatchPanel panel = lab.panel();
        Wire wire = panel.wireAt(new Endpoint("client", "eth1"));
        String ends = wire.innerA() + " " + wire.innerB();
        // Steady beforehand, and steady afterwards for the validation time.
        pause(Duration.ofSeconds(1));
        PatchPanel.Applied cut = panel.run("drop 0 " + ends + "\n");
        sleepUntil(lab, cut.after().plus(Duration.ofMillis(millis)));
        PatchPanel.Applied mended = panel.run("pass " + ends + "\n");
        pause(lab.spec().validation().plus(Duration.ofSeconds(3)));

        Duration shortest = mended.before().since(cut.after());
        Duration longest = mended.after().since(cut.before());
        Window window = new Window(new ConvergenceEvent(cut.before(), cut.after()), java.util.Optional.empty());
        for (String probe : lab.client("client").probeIds()) {
            ProbeResult seen = recording
                    .probes()
                    .measure(probe, window, lab.spec().validation())
                    .orElseThrow();
            Duration tolerance = seen.interval().plus(BEYOND_THE_INTERVAL);
            assertThat(seen.outage().value())
                    .as(
                            "%s: cut for %s to %s, reported %s",
                            probe, shortest, longest, seen.outage().describe())
                    .isBetween(shortest.minus(tolerance), longest.plus(tolerance));
            assertThat(seen.outage().atMost())
                    .as("%s: the claimed accuracy covers the truth", probe)
                    .isGreaterThanOrEqualTo(shortest);
            assertThat(seen.outage().atLeast()).isLessThanOrEqualTo(longest);
            assertThat(seen.lossPeriods()).hasSize(1);
        }
    }

    @Test
    void idleProbesLoseNothing(Lab lab) {
        idle(lab, Duration.ofSeconds(10));
    }

    @Test
    @Tag("full")
    void idleProbesLoseNothingForAMinute(Lab lab) {
        idle(lab, Duration.ofMinutes(1));
    }

    private static void idle(Lab lab, Duration time) {
        MonotonicTime begin = lab.now();
        pause(time);
        ProbeResult seen = lab.recording()
                .orElseThrow()
                .probes()
                .measure(
                        "client/fast",
                        new Window(new ConvergenceEvent(begin, begin), java.util.Optional.empty()),
                        lab.spec().validation())
                .orElseThrow();
        // A busy host makes a sender skip; and the last batch of telemetry may be on its way.
        assertThat(seen.offered())
                .as("about 1000 probes a second were sent")
                .isGreaterThan((time.toSeconds() - 3) * 950);
        assertThat(seen.lost()).isZero();
        assertThat(seen.moves()).isEmpty();
    }

    private static void sleepUntil(Lab lab, MonotonicTime until) {
        pause(until.since(lab.now()));
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}

package org.reconverge.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.MonotonicTime;

/**
 * The engine host's monotonic clock as seen from here. On the engine's own host both are the same clock; for a remote
 * engine the offset is taken from the quickest of several round trips, and is off by less than half of that.
 */
final class LabClock {

    /** The difference below which both sides must be reading the same clock. */
    private static final Duration SAME_CLOCK = Duration.ofMillis(20);

    private final long offsetNanos;
    private volatile long wallMinusMonotonic;

    private LabClock(long offsetNanos) {
        this.offsetNanos = offsetNanos;
    }

    /** Compares the clocks over {@code source}, which reads the host's. */
    static LabClock compare(Supplier<ClockSync> source) {
        long bestRoundTrip = Long.MAX_VALUE;
        long offset = 0;
        ClockSync last = source.get();
        for (int i = 0; i < 5; i++) {
            long before = System.nanoTime();
            last = source.get();
            long after = System.nanoTime();
            if (after - before < bestRoundTrip) {
                bestRoundTrip = after - before;
                offset = last.at().nanos() - (before + (after - before) / 2);
            }
        }
        LabClock clock = new LabClock(Math.abs(offset) < SAME_CLOCK.toNanos() ? 0 : offset);
        clock.sync(last);
        return clock;
    }

    /** Returns the current reading. */
    MonotonicTime now() {
        return new MonotonicTime(System.nanoTime() + offsetNanos);
    }

    /** Notes a pair of readings, by which wall times from then on are mapped. */
    void sync(ClockSync sync) {
        wallMinusMonotonic = epochNanos(sync.wall()) - sync.at().nanos();
    }

    /** Maps a wall-clock time of the engine's host by the latest pair of readings. */
    MonotonicTime fromWall(Instant wall) {
        return new MonotonicTime(epochNanos(wall) - wallMinusMonotonic);
    }

    private static long epochNanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}

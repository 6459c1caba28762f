package org.reconverge.model.history;

import java.time.Duration;

/**
 * A reading of the engine host's {@code CLOCK_MONOTONIC}, the one clock that every container of a lab shares.
 *
 * @param nanos nanoseconds since an arbitrary origin, usually the host's boot
 */
public record MonotonicTime(long nanos) implements Comparable<MonotonicTime> {

    /** Returns the time from {@code earlier} to this reading; negative if {@code earlier} is later. */
    public Duration since(MonotonicTime earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    /** Returns the reading {@code duration} later. */
    public MonotonicTime plus(Duration duration) {
        return new MonotonicTime(nanos + duration.toNanos());
    }

    @Override
    public int compareTo(MonotonicTime other) {
        return Long.compare(nanos, other.nanos);
    }
}

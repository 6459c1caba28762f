package org.reconverge.model.check;

import java.time.Duration;
import org.reconverge.model.history.MonotonicTime;

/**
 * A Convergence Event Instant (RFC 6412 §3.2.2), known as an interval: the injector read the clock before and after the
 * action that made the fault take effect, or took it back.
 *
 * @param before the reading before; the event is not earlier
 * @param at the reading after; the event is not later
 */
public record ConvergenceEvent(MonotonicTime before, MonotonicTime at) {

    /** Rejects an interval that ends before it begins. */
    public ConvergenceEvent {
        if (at.compareTo(before) < 0) {
            throw new IllegalArgumentException("expected an event that ends at or after its beginning, but it ends "
                    + before.since(at).toNanos() + " ns earlier");
        }
    }

    /** Returns the best estimate, the middle of the interval. */
    public MonotonicTime middle() {
        return before.plus(uncertainty());
    }

    /** Returns half the width of the interval: how far the true instant may lie from {@link #middle}. */
    public Duration uncertainty() {
        // Rounded up, so that the interval around the middle always covers both readings.
        return Duration.ofNanos((at.since(before).toNanos() + 1) / 2);
    }
}

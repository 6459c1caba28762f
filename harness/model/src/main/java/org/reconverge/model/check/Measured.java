package org.reconverge.model.check;

import java.time.Duration;

/**
 * A measured time with the interval that the true value lies in (RFC 6413 §6).
 *
 * @param value the value
 * @param below how far the true value may lie below it; not negative
 * @param above how far the true value may lie above it; not negative
 */
public record Measured(Duration value, Duration below, Duration above) {

    /** Rejects an interval that does not hold the value. */
    public Measured {
        if (below.isNegative() || above.isNegative()) {
            throw new IllegalArgumentException(
                    "expected an accuracy of zero or more, but found -" + below + "/+" + above);
        }
    }

    /** Returns the estimate for a value that lies between two bounds, moved into them where it does not. In nanoseconds. */
    static Measured between(long low, long estimate, long high) {
        long value = Math.min(Math.max(estimate, low), high);
        return new Measured(Duration.ofNanos(value), Duration.ofNanos(value - low), Duration.ofNanos(high - value));
    }

    /** Returns how much later {@code later} is than {@code earlier}, not less than zero. */
    static Measured difference(Measured later, Measured earlier) {
        long low = Math.max(0, later.atLeast().minus(earlier.atMost()).toNanos());
        long high = Math.max(low, later.atMost().minus(earlier.atLeast()).toNanos());
        return between(low, later.value().minus(earlier.value()).toNanos(), high);
    }

    /** Returns the smallest true value. */
    public Duration atLeast() {
        return value.minus(below);
    }

    /** Returns the largest true value. */
    public Duration atMost() {
        return value.plus(above);
    }

    /** Returns whether even the largest true value is within {@code budget}. */
    public boolean surelyWithin(Duration budget) {
        return atMost().compareTo(budget) <= 0;
    }

    /** Returns whether even the smallest true value is over {@code budget}. */
    public boolean surelyOver(Duration budget) {
        return atLeast().compareTo(budget) > 0;
    }

    /**
     * Renders the value with its accuracy, such as {@code 16.42 s ± 0.02 s} or {@code 497 ms ± 11 ms}. The accuracy is
     * the wider side, rounded up; the value shows no more digits than the accuracy supports.
     */
    public String describe() {
        return Wording.measured(this);
    }

    /** Renders the value with its accuracy, rounded no finer than that: {@code 351 ms ± 11 ms}. */
    @Override
    public String toString() {
        return Wording.measured(this);
    }
}

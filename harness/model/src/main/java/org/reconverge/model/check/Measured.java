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

    /** Returns whether even the largest true value is within {@code budget}. */
    public boolean surelyWithin(Duration budget) {
        return value.plus(above).compareTo(budget) <= 0;
    }

    /** Returns whether even the smallest true value is over {@code budget}. */
    public boolean surelyOver(Duration budget) {
        return value.minus(below).compareTo(budget) > 0;
    }
}

package org.reconverge.model.spec;

import java.time.Duration;

/**
 * How often a probe is sent.
 *
 * @param perSecond probes per second, 1 to 1000
 */
public record Rate(int perSecond) {

    /** Rejects rates that the emulator does not hold. */
    public Rate {
        if (perSecond < 1 || perSecond > 1000) {
            throw new IllegalArgumentException("expected a rate of 1/s to 1000/s, but found " + perSecond + "/s");
        }
    }

    /** Returns the time between two probes. */
    public Duration interval() {
        return Duration.ofNanos(1_000_000_000L / perSecond);
    }

    /** Renders {@code 100/s}. */
    @Override
    public String toString() {
        return perSecond + "/s";
    }
}

package org.reconverge.emulator;

/**
 * When the requests of a stream are due: slot k at {@code start + k / rate}, computed from the start every time, so that
 * no error accumulates.
 *
 * <p>A sender that comes more than one interval late does not catch up: the slots that have passed are given up and show
 * as a gap between the times of two requests. To send them now, in a burst, would claim that each sampled the path at a
 * time at which nobody looked, and an outage that happens to coincide with the burst would be counted once for each.
 */
final class Schedule {

    private static final long SECOND = 1_000_000_000L;

    private final long start;
    private final int ratePerSecond;
    private long slot;

    /**
     * Begins with slot 0.
     *
     * @param start when slot 0 is due, in nanoseconds of the monotonic clock
     * @param ratePerSecond slots per second
     */
    Schedule(long start, int ratePerSecond) {
        this.start = start;
        this.ratePerSecond = ratePerSecond;
    }

    /** Returns when the next slot is due. */
    long due() {
        return start + slot * SECOND / ratePerSecond;
    }

    /**
     * Takes the next slot, or the last one that has passed if more than one has.
     *
     * @param now the time, not before {@link #due()}
     * @return by how many nanoseconds the sender was late if it gave up slots, otherwise 0
     */
    long take(long now) {
        long late = now - due();
        long current = Math.max(slot, Math.floorDiv(Math.multiplyExact(now - start, ratePerSecond), SECOND));
        boolean gaveUp = current > slot;
        slot = current + 1;
        return gaveUp ? late : 0;
    }
}

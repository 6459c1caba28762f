package org.reconverge.model.check;

import java.time.Duration;

/**
 * A run of consecutive probes that all went without a good reply.
 *
 * @param first the sequence number of the first lost probe
 * @param lost how many probes were lost
 * @param after from the convergence event to the first lost probe's sending; negative if it was sent before and caught
 *     by the event on its way
 * @param duration how long the service was away: from between the last good probe and the first lost one to between the
 *     last lost one and the first good one; the accuracy covers both gaps and the probes' time on the way
 * @param ended whether a good probe followed; if not, {@code duration} is only how long it was seen to last
 */
public record LossPeriod(long first, long lost, Duration after, Measured duration, boolean ended) {}

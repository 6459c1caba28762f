package org.reconverge.model.check;

import java.time.Duration;
import java.util.Optional;

/**
 * A TCP probe's connection broke.
 *
 * @param after from the convergence event until the client noticed
 * @param reason why, such as {@code reset by peer}; empty if the client did not say
 * @param reconnected from there until it was connected again; empty if it was not within the window
 */
public record ConnectionLoss(Duration after, String reason, Optional<Duration> reconnected) {}

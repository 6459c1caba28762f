package org.reconverge.model.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * How long recovery may take.
 *
 * @param rto from the convergence event until every probe of the client succeeds again
 * @param detect share of it for noticing the fault
 * @param converge share of it for routing
 * @param tunnel share of it for the tunnel
 * @param session share of it for the application session
 */
public record Budget(
        Duration rto,
        Optional<Duration> detect,
        Optional<Duration> converge,
        Optional<Duration> tunnel,
        Optional<Duration> session) {}

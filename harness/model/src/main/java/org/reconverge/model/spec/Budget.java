package org.reconverge.model.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * How long recovery may take.
 *
 * @param rto from the convergence event until every probe of the client succeeds again
 * @param detect share of it for noticing the fault: shown, and marked where it is exceeded, but not judged, since faults
 *     differ by their nature in how they are noticed
 * @param converge share of it for routing: shown and marked like {@code detect}
 * @param tunnel share of it for the tunnel; one that takes longer fails
 * @param session share of it for the application session; one that takes longer fails
 */
public record Budget(
        Duration rto,
        Optional<Duration> detect,
        Optional<Duration> converge,
        Optional<Duration> tunnel,
        Optional<Duration> session) {}

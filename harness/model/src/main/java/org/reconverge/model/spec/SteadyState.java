package org.reconverge.model.spec;

import java.time.Duration;
import java.util.List;
import org.reconverge.model.topology.Prefix;

/**
 * When a lab counts as healthy and still.
 *
 * @param quiet how long no route may have changed and no client may have lost a probe
 * @param timeout how long to wait for that
 * @param ignoredRoutes prefixes whose routes, and those inside them, may change all the time; they are not recorded either
 */
public record SteadyState(Duration quiet, Duration timeout, List<Prefix> ignoredRoutes) {

    /** Copies the list, so that the condition never changes. */
    public SteadyState {
        ignoredRoutes = List.copyOf(ignoredRoutes);
    }

    /** Creates a condition that looks at all routes. */
    public SteadyState(Duration quiet, Duration timeout) {
        this(quiet, timeout, List.of());
    }
}

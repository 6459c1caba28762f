package org.reconverge.model.spec;

import java.time.Duration;

/**
 * When a lab counts as healthy and still.
 *
 * @param quiet how long no route may have changed and no client may have lost a probe
 * @param timeout how long to wait for that
 */
public record SteadyState(Duration quiet, Duration timeout) {}

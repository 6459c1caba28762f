package org.reconverge.model.check;

import java.util.Optional;

/**
 * The part of a trial that one convergence event is measured in.
 *
 * @param event the event that it starts with
 * @param next the event that ends it, normally the reversion; empty if it lasts to the end of the history
 */
public record Window(ConvergenceEvent event, Optional<ConvergenceEvent> next) {}

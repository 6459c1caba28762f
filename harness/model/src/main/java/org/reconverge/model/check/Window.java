package org.reconverge.model.check;

import java.util.Comparator;
import java.util.Optional;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.MonotonicTime;

/**
 * The part of a trial that one convergence event is measured in.
 *
 * @param event the event that it starts with
 * @param next the event that ends it, normally the reversion; empty if it lasts to the end of the history
 */
public record Window(ConvergenceEvent event, Optional<ConvergenceEvent> next) {

    /** Returns where it ends in a history. */
    MonotonicTime end(History history) {
        return next.map(ConvergenceEvent::before)
                .orElseGet(() -> history.events().stream()
                        .map(HistoryEvent::at)
                        .max(Comparator.naturalOrder())
                        .orElse(event.at()));
    }
}

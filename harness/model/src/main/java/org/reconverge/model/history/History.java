package org.reconverge.model.history;

import java.util.List;

/**
 * The event log of one trial, in the order in which it was written.
 *
 * @param events the events
 */
public record History(List<HistoryEvent> events) {

    /** Copies the list, so that a history never changes. */
    public History {
        events = List.copyOf(events);
    }

    /** Returns the events of one type, in order. */
    public <E extends HistoryEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}

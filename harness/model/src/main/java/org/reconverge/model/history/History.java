package org.reconverge.model.history;

import java.util.List;
import java.util.Optional;

/**
 * The event log of one trial, in the order in which it was written.
 *
 * @param events the events
 * @param truncation how the file that it was read from is cut off; empty if it is not
 */
public record History(List<HistoryEvent> events, Optional<String> truncation) {

    /** Copies the list, so that a history never changes. */
    public History {
        events = List.copyOf(events);
    }

    /** Creates a history of events that did not come from a cut file. */
    public History(List<HistoryEvent> events) {
        this(events, Optional.empty());
    }

    /** Returns the first event of one type. */
    public <E extends HistoryEvent> Optional<E> first(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** Returns the events of one type, in order. */
    public <E extends HistoryEvent> List<E> all(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }
}

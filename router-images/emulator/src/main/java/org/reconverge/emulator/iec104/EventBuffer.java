package org.reconverge.emulator.iec104;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of a controlled station that no controlling station has acknowledged (§7.4), oldest first. It outlives
 * connections: what was sent and not acknowledged when one broke is sent again on the next, with the time tag that it had
 * from the start.
 */
final class EventBuffer {

    private final int capacity;
    private final ArrayDeque<Event> sent = new ArrayDeque<>();
    private final ArrayDeque<Event> waiting = new ArrayDeque<>();

    /**
     * A change of a value.
     *
     * @param number its number, from 1; 0 if it is not numbered
     * @param tagMillis its time tag in milliseconds since 1970
     */
    record Event(long number, AsduType type, Cause cause, InformationObject object, long tagMillis) {

        boolean travelsWith(Event other) {
            return type == other.type && cause == other.cause;
        }
    }

    /**
     * Creates an empty buffer.
     *
     * @param capacity the most events kept
     */
    EventBuffer(int capacity) {
        this.capacity = capacity;
    }

    /** Adds an event. Returns the one that had to go for it: the oldest that is not on its way. */
    Optional<Event> add(Event event) {
        Optional<Event> gone = Optional.empty();
        if (sent.size() + waiting.size() >= capacity) {
            gone = waiting.isEmpty() ? Optional.of(event) : Optional.of(waiting.removeFirst());
        }
        if (gone.isEmpty() || gone.get() != event) {
            waiting.addLast(event);
        }
        return gone;
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    int size() {
        return sent.size() + waiting.size();
    }

    /** Takes the oldest waiting events that fit into one ASDU; they are now on their way. */
    List<Event> send() {
        List<Event> batch = new ArrayList<>();
        Event next = waiting.peekFirst();
        while (next != null
                && (batch.isEmpty()
                        || next.travelsWith(batch.get(0))
                                && batch.size() < next.type().capacity())) {
            batch.add(waiting.removeFirst());
            sent.addLast(next);
            next = waiting.peekFirst();
        }
        return batch;
    }

    /** The oldest event on its way has arrived. */
    Event acknowledge() {
        return sent.removeFirst();
    }

    /** Whatever was on its way must be sent again, first of all. */
    void returnSent() {
        while (!sent.isEmpty()) {
            waiting.addFirst(sent.removeLast());
        }
    }
}

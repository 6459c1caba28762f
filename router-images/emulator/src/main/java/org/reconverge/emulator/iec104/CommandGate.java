package org.reconverge.emulator.iec104;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.reconverge.emulator.iec104.InformationElement.Command;

/**
 * Decides whether a command may be carried out (§7.7, IEC 60870-5-5 §6.8): select before operate.
 *
 * <p>A selection belongs to the connection on which it was made and ends with it, with its time, and with the first execute,
 * fitting or not. So an execute that arrives twice, on another connection, or after a break finds no selection and does
 * nothing.
 */
final class CommandGate {

    private final Duration selectionTime;
    private final LongSupplier nanoClock;
    private final Map<Integer, Selection> selections = new HashMap<>();

    /** A selected command: what may be executed, by whom, until when. */
    record Selection(Iec104Session session, Asdu.Header header, int address, Command command, long until) {}

    /**
     * Creates a gate without selections.
     *
     * @param selectionTime how long a selection waits for its execute
     */
    CommandGate(Duration selectionTime, LongSupplier nanoClock) {
        this.selectionTime = selectionTime;
        this.nanoClock = nanoClock;
    }

    /** Selects a command. Returns why not; empty if it is selected. */
    Optional<String> select(Iec104Session session, Asdu.Header header, int address, Command command) {
        Selection other = selections.get(address);
        if (other != null && !expired(other)) {
            return Optional.of("already selected");
        }
        long until = nanoClock.getAsLong() + selectionTime.toNanos();
        selections.put(address, new Selection(session, header, address, command.withSelect(false), until));
        return Optional.empty();
    }

    /** Takes the selection that an execute needs, whether it fits or not. Returns why it does not fit; empty if it does. */
    Optional<String> execute(Iec104Session session, Asdu.Header header, int address, Command command) {
        Selection selection = selections.get(address);
        if (selection == null || selection.session() != session) {
            return Optional.of("not selected");
        }
        selections.remove(address);
        if (expired(selection)) {
            return Optional.of("selected too long ago");
        }
        if (!selection.command().equals(command)
                || selection.header().type() != header.type()
                || selection.header().originator() != header.originator()) {
            return Optional.of("another command was selected");
        }
        return Optional.empty();
    }

    /** Ends the selection of an address by the connection that made it. */
    Optional<Selection> cancel(Iec104Session session, int address) {
        Selection selection = selections.get(address);
        if (selection == null || selection.session() != session) {
            return Optional.empty();
        }
        return Optional.ofNullable(selections.remove(address));
    }

    /** Ends and returns the selections of a connection. */
    List<Selection> cancelAll(Iec104Session session) {
        return remove(selection -> selection.session() == session);
    }

    /** Ends and returns the selections whose time is over. */
    List<Selection> expire() {
        return remove(this::expired);
    }

    private List<Selection> remove(Predicate<Selection> condition) {
        List<Selection> removed = selections.values().stream().filter(condition).toList();
        selections.values().removeAll(removed);
        return removed;
    }

    private boolean expired(Selection selection) {
        return nanoClock.getAsLong() - selection.until() >= 0;
    }
}

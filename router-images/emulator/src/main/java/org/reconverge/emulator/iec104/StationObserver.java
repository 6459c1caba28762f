package org.reconverge.emulator.iec104;

/**
 * Hears what stations do, for the record. Times are readings of the monotonic clock in nanoseconds; a station is named by
 * its common address, 0 while it is not known.
 */
public interface StationObserver {

    /** The states of a session that matter to the service. */
    enum SessionState {
        /** The TCP connection stands. */
        CONNECTED,
        /** STARTDT is confirmed. */
        STARTED,
        /** The general interrogation is complete. */
        INTERROGATED,
        /** Started, interrogated, and the first spontaneous value received (controlling) or acknowledged (controlled). */
        RESTORED,
        /** STOPDT is confirmed, or another connection of the redundancy group took over. */
        STOPPED,
        /** The connection is gone. */
        CLOSED
    }

    /** The steps of a numbered value. */
    enum ValueStep {
        /** It changed at the controlled station. */
        AROSE,
        /** It was given to the connection. */
        SENT,
        /** It is out of the event buffer, since its arrival is acknowledged. */
        ACKNOWLEDGED,
        /** The controlling station has it. */
        RECEIVED,
        /** The event buffer was full, and it was the oldest. */
        DISCARDED
    }

    /** The steps of a command. */
    enum CommandStep {
        /** The controlling station sent the select. */
        SELECT_SENT,
        /** The controlled station waits for the execute. */
        SELECTED,
        /** The controlling station sent the execute. */
        EXECUTE_SENT,
        /** The controlled station carried it out. */
        EXECUTED,
        /** The controlling station has the confirmation of the execute. */
        CONFIRMED,
        /** The controlled station refused it; at the controlling station: was told so. */
        REFUSED,
        /** The selection ended without an execute. */
        SELECTION_ENDED,
        /** The connection ended before the controlling station had an answer. */
        UNANSWERED
    }

    /** A session reached a state. */
    void session(long at, StationKind side, Iec104Session session, int station, SessionState state, String detail);

    /**
     * A numbered value passed a step.
     *
     * @param tagMillis its time tag, in milliseconds since 1970
     */
    void value(long at, ValueStep step, int station, long number, long tagMillis);

    /**
     * A command passed a step.
     *
     * @param originator the originator address of the controlling station, whose number it is
     * @param number its number; 0 if it carries none
     * @param address its information object address
     */
    void command(long at, CommandStep step, int station, int originator, long number, int address, String detail);

    /** Something else is worth keeping, such as a malformed frame or a refused interrogation. */
    void note(long at, Iec104Session session, int station, String text, String detail);
}

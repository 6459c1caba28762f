package org.reconverge.emulator.iec104;

/**
 * One connection between two stations, with the procedures of clause 5: start and stop of data transfer, sequence numbers,
 * windows, time-outs and tests. It is used on its event loop only.
 *
 * <p>A session does not queue: who wants to send asks {@link #sendable} and waits for {@link Listener#sendable} while it is
 * false. So what has not been sent stays with the station, which can send it on another connection.
 */
public interface Iec104Session {

    /** Where a session stands with regard to data transfer (§5.3). */
    enum State {
        /** No user data may be sent: the state of a new connection, and of a standby. */
        STOPPED,
        /** Controlling station: STARTDT act is sent, its confirmation is awaited. */
        PENDING_START,
        /** User data flows. */
        STARTED,
        /** Controlling station: STOPDT act is sent, its confirmation is awaited; values may still arrive. */
        PENDING_STOP,
        /** Controlled station: STOPDT act has arrived, and is confirmed when all values sent are acknowledged. */
        PENDING_UNCONFIRMED_STOP,
        /** The connection is gone. */
        CLOSED
    }

    /** Returns where it stands. */
    State state();

    /** Returns the connection as {@code client address:port>server address:port}: the same at both ends. */
    String connection();

    /** Returns the peer's address without its port. */
    String peer();

    /** Tells whether an ASDU may be sent now: data transfer is started, and fewer than k frames are unacknowledged. */
    boolean sendable();

    /**
     * Sends an ASDU.
     *
     * @throws IllegalStateException if not {@link #sendable}
     */
    void send(Asdu asdu);

    /** Controlling station: asks for data transfer, if it is stopped. */
    void startDataTransfer();

    /** Controlling station: asks to stop data transfer, if it is started. */
    void stopDataTransfer();

    /**
     * Controlled station: stops sending because another connection of its redundancy group was started (§10). Nothing is
     * said to the peer, who did it.
     */
    void standBy();

    /** Ends the connection. */
    void close(String reason);

    /** Hears what happens in a session, on its event loop. */
    interface Listener {

        /** The connection stands; data transfer is stopped. */
        void opened(Iec104Session session);

        /** Data transfer is started: STARTDT is confirmed. */
        void started(Iec104Session session);

        /** Data transfer is stopped: STOPDT is confirmed. */
        void stopped(Iec104Session session);

        /** An ASDU arrived, one of a type that is known or of one that is not. */
        void received(Iec104Session session, Asdu asdu);

        /** The oldest ASDUs sent and not acknowledged are now. */
        void acknowledged(Iec104Session session, int count);

        /** {@link Iec104Session#sendable} may have become true. */
        void sendable(Iec104Session session);

        /** Something arrived that is no frame, or no ASDU in a frame. If it is why the connection ends, that follows. */
        void malformed(Iec104Session session, String reason, Octets octets);

        /** The connection is gone, whatever the reason; nothing follows. */
        void closed(Iec104Session session, String reason);
    }
}

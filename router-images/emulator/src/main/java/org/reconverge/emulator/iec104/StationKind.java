package org.reconverge.emulator.iec104;

/** The stations of a session. Either may be the one that opens the TCP connection. */
public enum StationKind {
    /** The remote station, which has the process values: RTU, gateway. */
    CONTROLLED,
    /** The station of the control centre. */
    CONTROLLING
}

package org.reconverge.emulator.iec104;

/** Causes of transmission (IEC 60870-5-101 §7.2.3). */
public enum Cause {
    /** A value changed by itself. */
    SPONTANEOUS(3),
    /** A station was initialised. */
    INITIALIZED(4),
    /** A request. */
    REQUEST(5),
    /** An activation: do it. */
    ACTIVATION(6),
    /** The confirmation of an activation. */
    ACTIVATION_CONFIRMATION(7),
    /** A deactivation: do not do it, stop. */
    DEACTIVATION(8),
    /** The confirmation of a deactivation. */
    DEACTIVATION_CONFIRMATION(9),
    /** What was activated is complete. */
    ACTIVATION_TERMINATION(10),
    /** A value changed because of a remote command. */
    RETURN_REMOTE(11),
    /** A value changed because of a local command. */
    RETURN_LOCAL(12),
    /** A value that a station interrogation asked for. */
    INTERROGATED(20),
    /** A counter that a general counter request asked for. */
    COUNTER_REQUESTED(37),
    /** Negative: the type identification is not known. */
    UNKNOWN_TYPE(44),
    /** Negative: the cause of transmission is not one for this type. */
    UNKNOWN_CAUSE(45),
    /** Negative: no station has this common address. */
    UNKNOWN_COMMON_ADDRESS(46),
    /** Negative: the station has no such information object. */
    UNKNOWN_OBJECT_ADDRESS(47);

    private final int code;

    Cause(int code) {
        this.code = code;
    }

    /** Returns its number on the wire. */
    public int code() {
        return code;
    }
}

package org.reconverge.emulator.iec104;

/**
 * The quality of a value (IEC 60870-5-101 §7.2.6.1 to §7.2.6.3).
 *
 * @param overflow the value is beyond its range (measured values only)
 * @param blocked its transmission is blocked
 * @param substituted somebody put it there by hand
 * @param notTopical it could not be updated
 * @param invalid it must not be used
 */
public record Quality(boolean overflow, boolean blocked, boolean substituted, boolean notTopical, boolean invalid) {

    /** Nothing is wrong. */
    public static final Quality GOOD = new Quality(false, false, false, false, false);

    static Quality decode(int octet) {
        if ((octet & 0xF1) == 0) {
            return GOOD;
        }
        return new Quality(
                (octet & 1) != 0, (octet & 0x10) != 0, (octet & 0x20) != 0, (octet & 0x40) != 0, (octet & 0x80) != 0);
    }

    /** Reads the quality that shares its octet with a point's state: there is no overflow. */
    static Quality decodeOfPoint(int octet) {
        return decode(octet & 0xF0);
    }

    int encode() {
        return (overflow ? 1 : 0)
                | (blocked ? 0x10 : 0)
                | (substituted ? 0x20 : 0)
                | (notTopical ? 0x40 : 0)
                | (invalid ? 0x80 : 0);
    }

    int encodeOfPoint() {
        return encode() & 0xF0;
    }
}

package org.reconverge.emulator.iec104;

import java.util.Optional;

/**
 * One information object of an ASDU.
 *
 * @param address the information object address, 0 to 16777215
 * @param element its value or command
 * @param time when; empty if its type has no time tag
 */
public record InformationObject(int address, InformationElement element, Optional<TimeTag> time) {

    /** The highest address that three octets can name. */
    public static final int HIGHEST_ADDRESS = 0xFF_FFFF;

    /** Creates an object without a time tag. */
    public static InformationObject of(int address, InformationElement element) {
        return new InformationObject(address, element, Optional.empty());
    }

    /** Creates an object with a time tag. */
    public static InformationObject of(int address, InformationElement element, TimeTag time) {
        return new InformationObject(address, element, Optional.of(time));
    }
}

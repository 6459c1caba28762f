package org.reconverge.emulator.iec104;

import java.util.List;

/**
 * An application service data unit (IEC 60870-5-101 §7.1) with the field sizes of IEC 60870-5-104 clause 6: cause of
 * transmission 2 octets, common address 2, information object address 3.
 */
public sealed interface Asdu {

    /** The common address of all stations (IEC 60870-5-101 §7.2.4). */
    int ALL_STATIONS = 0xFFFF;

    /** The octets before the first information object: type, qualifier, cause, originator and common address. */
    int HEADER_LENGTH = 6;

    /** The most octets of an ASDU: a frame's longest length without its control field. */
    int LONGEST = Apdu.LONGEST - 4;

    /**
     * What every ASDU begins with.
     *
     * @param type the type identification, 1 to 255
     * @param test whether it was generated under test conditions (IEC 60870-5-101 §7.2.3)
     * @param negative whether it is a negative confirmation
     * @param cause the code of the cause of transmission, 0 to 63; see {@link Cause}
     * @param originator the originator address: which controlling station asked; 0 if not used
     * @param commonAddress the station, 1 to 65535
     */
    record Header(int type, boolean test, boolean negative, int cause, int originator, int commonAddress) {

        /** Returns this header with another cause and sign: the header of an answer. */
        public Header answered(Cause answer, boolean isNegative) {
            return new Header(type, test, isNegative, answer.code(), originator, commonAddress);
        }

        /** Returns this header with another common address. */
        public Header from(int station) {
            return new Header(type, test, negative, cause, originator, station);
        }

        /** Tells whether the cause is this one. */
        public boolean is(Cause expected) {
            return cause == expected.code();
        }
    }

    /**
     * An ASDU of a type that is known here.
     *
     * @param type its type
     * @param header its header; its type is the one of {@code type}
     * @param sequence whether only the address of the first object is transmitted and the others follow it (SQ = 1)
     * @param objects its information objects, 1 to 127
     */
    record Known(AsduType type, Header header, boolean sequence, List<InformationObject> objects) implements Asdu {

        /** Copies the list, so that an ASDU never changes, and checks that it can be encoded. */
        public Known {
            objects = List.copyOf(objects);
            if (header.type() != type.code() || objects.isEmpty() || objects.size() > 127) {
                throw new IllegalArgumentException("expected 1 to 127 objects of type " + type + ", but found "
                        + objects.size() + " of type " + header.type());
            }
            for (InformationObject object : objects) {
                if (!type.carries(object)) {
                    throw new IllegalArgumentException("expected an object of type " + type + ", but found " + object);
                }
            }
        }

        /** Creates an ASDU whose objects each have their address. */
        public static Known of(AsduType type, Cause cause, int originator, int station, InformationObject... objects) {
            return of(type, cause, originator, station, List.of(objects));
        }

        /** Creates an ASDU whose objects each have their address. */
        public static Known of(
                AsduType type, Cause cause, int originator, int station, List<InformationObject> objects) {
            return new Known(
                    type, new Header(type.code(), false, false, cause.code(), originator, station), false, objects);
        }

        /** Returns this ASDU as an answer: mirrored, with another cause and sign. */
        public Known answered(Cause cause, boolean negative) {
            return new Known(type, header.answered(cause, negative), sequence, objects);
        }

        /** Returns this ASDU as one from a station. */
        public Known from(int station) {
            return new Known(type, header.from(station), sequence, objects);
        }

        /** Returns the first object; for commands there is no other. */
        public InformationObject first() {
            return objects.get(0);
        }
    }

    /**
     * An ASDU of a type that is not known here, kept as it is.
     *
     * @param header its header
     * @param qualifier the variable structure qualifier
     * @param body what follows the header
     */
    record Unknown(Header header, int qualifier, Octets body) implements Asdu {}

    /**
     * What an I frame carried instead of an ASDU. The frame itself was intact: it counts and is acknowledged.
     *
     * @param reason what was expected and what was found
     * @param octets what was found
     */
    record Failed(String reason, Octets octets) implements Asdu {}
}

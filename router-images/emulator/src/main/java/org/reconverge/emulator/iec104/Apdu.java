package org.reconverge.emulator.iec104;

/** An application protocol data unit: one frame (clause 5). */
public sealed interface Apdu {

    /** The octet that every frame starts with. */
    int START = 0x68;

    /** The least value of the length octet: the four octets of the control field. */
    int SHORTEST = 4;

    /** The greatest value of the length octet. */
    int LONGEST = 253;

    /** Sequence numbers count modulo this (§5.1). */
    int MODULO = 32_768;

    /**
     * I format: numbered information transfer.
     *
     * @param send the send sequence number N(S)
     * @param receive the receive sequence number N(R): all frames before it have arrived
     * @param asdu what it carries
     */
    record Information(int send, int receive, Asdu asdu) implements Apdu {}

    /**
     * S format: numbered supervision.
     *
     * @param receive the receive sequence number N(R): all frames before it have arrived
     */
    record Supervisory(int receive) implements Apdu {}

    /** U format: unnumbered control. */
    record Unnumbered(Function function) implements Apdu {}

    /**
     * Something received that is no frame.
     *
     * @param reason what was expected and what was found
     * @param octets what was found
     * @param framingLost whether it is not known where the next frame begins; nothing more is then decoded
     */
    record Malformed(String reason, Octets octets, boolean framingLost) implements Apdu {}

    /** The functions of a U frame (§5.2, §5.3): exactly one is active. */
    enum Function {
        /** STARTDT act. */
        STARTDT_ACT(0x07),
        /** STARTDT con. */
        STARTDT_CON(0x0B),
        /** STOPDT act. */
        STOPDT_ACT(0x13),
        /** STOPDT con. */
        STOPDT_CON(0x23),
        /** TESTFR act. */
        TESTFR_ACT(0x43),
        /** TESTFR con. */
        TESTFR_CON(0x83);

        private final int octet;

        Function(int octet) {
            this.octet = octet;
        }

        /** Returns the first octet of the control field. */
        int octet() {
            return octet;
        }
    }
}

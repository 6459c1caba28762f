package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;

/** The value or the command of an information object (IEC 60870-5-101 §7.2.6), without its time tag. */
public sealed interface InformationElement {

    /** Appends it to {@code out}. */
    void encode(ByteBuf out);

    /** The states of a double point. The order is that of the codes on the wire. */
    enum DoubleState {
        /** On its way, or faulty. */
        INTERMEDIATE,
        /** Off, open. */
        OFF,
        /** On, closed. */
        ON,
        /** Faulty. */
        INDETERMINATE
    }

    /** A command: something that is done, once. */
    sealed interface Command extends InformationElement {

        /** Tells whether it only selects (S/E = 1). */
        boolean select();

        /** Returns the same command as a select or as an execute. */
        Command withSelect(boolean isSelect);
    }

    /** M_SP: a single point (SIQ). */
    record SinglePoint(boolean on, Quality quality) implements InformationElement {

        static SinglePoint decode(ByteBuf in) {
            int octet = in.readUnsignedByte();
            return new SinglePoint((octet & 1) != 0, Quality.decodeOfPoint(octet));
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeByte(quality.encodeOfPoint() | (on ? 1 : 0));
        }
    }

    /** M_DP: a double point (DIQ). */
    record DoublePoint(DoubleState state, Quality quality) implements InformationElement {

        static DoublePoint decode(ByteBuf in) {
            int octet = in.readUnsignedByte();
            return new DoublePoint(DoubleState.values()[octet & 3], Quality.decodeOfPoint(octet));
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeByte(quality.encodeOfPoint() | state.ordinal());
        }
    }

    /**
     * M_ME_NA, M_ME_TD: a normalized measured value (NVA).
     *
     * @param raw the value times 32768
     */
    record NormalizedValue(short raw, Quality quality) implements InformationElement {

        static NormalizedValue decode(ByteBuf in) {
            return new NormalizedValue(in.readShortLE(), Quality.decode(in.readUnsignedByte()));
        }

        /** Returns the value, from -1 to just below 1. */
        public double value() {
            return raw / 32_768.0;
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShortLE(raw);
            out.writeByte(quality.encode());
        }
    }

    /** M_ME_NB, M_ME_TE: a scaled measured value (SVA). */
    record ScaledValue(short value, Quality quality) implements InformationElement {

        static ScaledValue decode(ByteBuf in) {
            return new ScaledValue(in.readShortLE(), Quality.decode(in.readUnsignedByte()));
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShortLE(value);
            out.writeByte(quality.encode());
        }
    }

    /** M_ME_NC, M_ME_TF: a measured value as a short floating point number (IEEE STD 754). */
    record FloatValue(float value, Quality quality) implements InformationElement {

        static FloatValue decode(ByteBuf in) {
            return new FloatValue(in.readFloatLE(), Quality.decode(in.readUnsignedByte()));
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeFloatLE(value);
            out.writeByte(quality.encode());
        }
    }

    /**
     * M_IT: an integrated total (BCR).
     *
     * @param counter its reading
     * @param sequence the number of the reading, 0 to 31
     * @param carry whether it overflowed since the last reading
     * @param adjusted whether it was adjusted since the last reading
     * @param invalid whether it must not be used
     */
    record IntegratedTotal(int counter, int sequence, boolean carry, boolean adjusted, boolean invalid)
            implements InformationElement {

        static IntegratedTotal decode(ByteBuf in) {
            int counter = in.readIntLE();
            int octet = in.readUnsignedByte();
            return new IntegratedTotal(
                    counter, octet & 0x1F, (octet & 0x20) != 0, (octet & 0x40) != 0, (octet & 0x80) != 0);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeIntLE(counter);
            out.writeByte(sequence & 0x1F | (carry ? 0x20 : 0) | (adjusted ? 0x40 : 0) | (invalid ? 0x80 : 0));
        }
    }

    /**
     * C_SC: a single command (SCO).
     *
     * @param qualifier the qualifier of command QU, 0 to 31
     */
    record SingleCommand(boolean on, int qualifier, boolean select) implements Command {

        static SingleCommand decode(ByteBuf in) {
            int octet = in.readUnsignedByte();
            return new SingleCommand((octet & 1) != 0, octet >> 2 & 0x1F, (octet & 0x80) != 0);
        }

        @Override
        public SingleCommand withSelect(boolean isSelect) {
            return new SingleCommand(on, qualifier, isSelect);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeByte((on ? 1 : 0) | (qualifier & 0x1F) << 2 | (select ? 0x80 : 0));
        }
    }

    /**
     * C_DC: a double command (DCO).
     *
     * @param state off or on; the others are not permitted
     * @param qualifier the qualifier of command QU, 0 to 31
     */
    record DoubleCommand(DoubleState state, int qualifier, boolean select) implements Command {

        static DoubleCommand decode(ByteBuf in) {
            int octet = in.readUnsignedByte();
            return new DoubleCommand(DoubleState.values()[octet & 3], octet >> 2 & 0x1F, (octet & 0x80) != 0);
        }

        @Override
        public DoubleCommand withSelect(boolean isSelect) {
            return new DoubleCommand(state, qualifier, isSelect);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeByte(state.ordinal() | (qualifier & 0x1F) << 2 | (select ? 0x80 : 0));
        }
    }

    /**
     * C_SE_NA: a normalized set point (NVA, QOS).
     *
     * @param raw the value times 32768
     * @param qualifier the qualifier QL, 0 to 127
     */
    record NormalizedSetPoint(short raw, int qualifier, boolean select) implements Command {

        static NormalizedSetPoint decode(ByteBuf in) {
            short raw = in.readShortLE();
            int octet = in.readUnsignedByte();
            return new NormalizedSetPoint(raw, octet & 0x7F, (octet & 0x80) != 0);
        }

        @Override
        public NormalizedSetPoint withSelect(boolean isSelect) {
            return new NormalizedSetPoint(raw, qualifier, isSelect);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShortLE(raw);
            out.writeByte(qualifier & 0x7F | (select ? 0x80 : 0));
        }
    }

    /**
     * C_SE_NB: a scaled set point (SVA, QOS).
     *
     * @param qualifier the qualifier QL, 0 to 127
     */
    record ScaledSetPoint(short value, int qualifier, boolean select) implements Command {

        static ScaledSetPoint decode(ByteBuf in) {
            short value = in.readShortLE();
            int octet = in.readUnsignedByte();
            return new ScaledSetPoint(value, octet & 0x7F, (octet & 0x80) != 0);
        }

        @Override
        public ScaledSetPoint withSelect(boolean isSelect) {
            return new ScaledSetPoint(value, qualifier, isSelect);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShortLE(value);
            out.writeByte(qualifier & 0x7F | (select ? 0x80 : 0));
        }
    }

    /**
     * C_SE_NC: a set point as a short floating point number (QOS).
     *
     * @param qualifier the qualifier QL, 0 to 127
     */
    record FloatSetPoint(float value, int qualifier, boolean select) implements Command {

        static FloatSetPoint decode(ByteBuf in) {
            float value = in.readFloatLE();
            int octet = in.readUnsignedByte();
            return new FloatSetPoint(value, octet & 0x7F, (octet & 0x80) != 0);
        }

        @Override
        public FloatSetPoint withSelect(boolean isSelect) {
            return new FloatSetPoint(value, qualifier, isSelect);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeFloatLE(value);
            out.writeByte(qualifier & 0x7F | (select ? 0x80 : 0));
        }
    }

    /**
     * M_EI: end of initialization (COI).
     *
     * @param reason 0 local power on, 1 local manual reset, 2 remote reset
     * @param parametersChanged whether local parameters changed
     */
    record EndOfInitialization(int reason, boolean parametersChanged) implements InformationElement {

        static EndOfInitialization decode(ByteBuf in) {
            int octet = in.readUnsignedByte();
            return new EndOfInitialization(octet & 0x7F, (octet & 0x80) != 0);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeByte(reason & 0x7F | (parametersChanged ? 0x80 : 0));
        }
    }

    /**
     * C_IC: an interrogation (QOI).
     *
     * @param qualifier 20 for the whole station, 21 to 36 for a group
     */
    record Interrogation(int qualifier) implements InformationElement {

        /** The qualifier of the station interrogation. */
        public static final int STATION = 20;

        static Interrogation decode(ByteBuf in) {
            return new Interrogation(in.readUnsignedByte());
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeByte(qualifier);
        }
    }

    /**
     * C_CI: a counter interrogation (QCC).
     *
     * @param request 5 for all counters, 1 to 4 for a group
     * @param freeze 0 read, 1 freeze, 2 freeze and reset, 3 reset
     */
    record CounterInterrogation(int request, int freeze) implements InformationElement {

        /** The request for all counters. */
        public static final int GENERAL = 5;

        static CounterInterrogation decode(ByteBuf in) {
            int octet = in.readUnsignedByte();
            return new CounterInterrogation(octet & 0x3F, octet >> 6);
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeByte(request & 0x3F | freeze << 6);
        }
    }

    /** C_CS: the time that a clock is set to. */
    record ClockTime(TimeTag time) implements InformationElement {

        static ClockTime decode(ByteBuf in) {
            return new ClockTime(TimeTag.decode(in));
        }

        @Override
        public void encode(ByteBuf out) {
            time.encode(out);
        }
    }

    /**
     * C_TS: what a test command carries.
     *
     * @param pattern the fixed pattern 55AAh (FBP), or a counter (TSC)
     */
    record TestPattern(int pattern) implements InformationElement {

        static TestPattern decode(ByteBuf in) {
            return new TestPattern(in.readUnsignedShortLE());
        }

        @Override
        public void encode(ByteBuf out) {
            out.writeShortLE(pattern);
        }
    }
}

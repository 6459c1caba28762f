package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The types of ASDU that are known here (IEC 60870-5-101 §7.3; 58 to 64 and 107: IEC 60870-5-104 clause 8). */
public enum AsduType {
    /** Single point. */
    M_SP_NA_1(1, 1, false, InformationElement.SinglePoint.class, InformationElement.SinglePoint::decode),
    /** Double point. */
    M_DP_NA_1(3, 1, false, InformationElement.DoublePoint.class, InformationElement.DoublePoint::decode),
    /** Measured value, normalized. */
    M_ME_NA_1(9, 3, false, InformationElement.NormalizedValue.class, InformationElement.NormalizedValue::decode),
    /** Measured value, scaled. */
    M_ME_NB_1(11, 3, false, InformationElement.ScaledValue.class, InformationElement.ScaledValue::decode),
    /** Measured value, short floating point. */
    M_ME_NC_1(13, 5, false, InformationElement.FloatValue.class, InformationElement.FloatValue::decode),
    /** Integrated total. */
    M_IT_NA_1(15, 5, false, InformationElement.IntegratedTotal.class, InformationElement.IntegratedTotal::decode),
    /** Single point with time tag. */
    M_SP_TB_1(30, 1, true, InformationElement.SinglePoint.class, InformationElement.SinglePoint::decode),
    /** Double point with time tag. */
    M_DP_TB_1(31, 1, true, InformationElement.DoublePoint.class, InformationElement.DoublePoint::decode),
    /** Measured value, normalized, with time tag. */
    M_ME_TD_1(34, 3, true, InformationElement.NormalizedValue.class, InformationElement.NormalizedValue::decode),
    /** Measured value, scaled, with time tag. */
    M_ME_TE_1(35, 3, true, InformationElement.ScaledValue.class, InformationElement.ScaledValue::decode),
    /** Measured value, short floating point, with time tag. */
    M_ME_TF_1(36, 5, true, InformationElement.FloatValue.class, InformationElement.FloatValue::decode),
    /** Integrated total with time tag. */
    M_IT_TB_1(37, 5, true, InformationElement.IntegratedTotal.class, InformationElement.IntegratedTotal::decode),
    /** Single command. */
    C_SC_NA_1(45, 1, false, InformationElement.SingleCommand.class, InformationElement.SingleCommand::decode),
    /** Double command. */
    C_DC_NA_1(46, 1, false, InformationElement.DoubleCommand.class, InformationElement.DoubleCommand::decode),
    /** Set point, normalized. */
    C_SE_NA_1(48, 3, false, InformationElement.NormalizedSetPoint.class, InformationElement.NormalizedSetPoint::decode),
    /** Set point, scaled. */
    C_SE_NB_1(49, 3, false, InformationElement.ScaledSetPoint.class, InformationElement.ScaledSetPoint::decode),
    /** Set point, short floating point. */
    C_SE_NC_1(50, 5, false, InformationElement.FloatSetPoint.class, InformationElement.FloatSetPoint::decode),
    /** Single command with time tag. */
    C_SC_TA_1(58, 1, true, InformationElement.SingleCommand.class, InformationElement.SingleCommand::decode),
    /** Double command with time tag. */
    C_DC_TA_1(59, 1, true, InformationElement.DoubleCommand.class, InformationElement.DoubleCommand::decode),
    /** Set point, normalized, with time tag. */
    C_SE_TA_1(61, 3, true, InformationElement.NormalizedSetPoint.class, InformationElement.NormalizedSetPoint::decode),
    /** Set point, scaled, with time tag. */
    C_SE_TB_1(62, 3, true, InformationElement.ScaledSetPoint.class, InformationElement.ScaledSetPoint::decode),
    /** Set point, short floating point, with time tag. */
    C_SE_TC_1(63, 5, true, InformationElement.FloatSetPoint.class, InformationElement.FloatSetPoint::decode),
    /** End of initialization. */
    M_EI_NA_1(
            70, 1, false, InformationElement.EndOfInitialization.class, InformationElement.EndOfInitialization::decode),
    /** Interrogation. */
    C_IC_NA_1(100, 1, false, InformationElement.Interrogation.class, InformationElement.Interrogation::decode),
    /** Counter interrogation. */
    C_CI_NA_1(
            101,
            1,
            false,
            InformationElement.CounterInterrogation.class,
            InformationElement.CounterInterrogation::decode),
    /** Clock synchronization. */
    C_CS_NA_1(103, 7, false, InformationElement.ClockTime.class, InformationElement.ClockTime::decode),
    /** Test command. */
    C_TS_NA_1(104, 2, false, InformationElement.TestPattern.class, InformationElement.TestPattern::decode),
    /** Test command with time tag. */
    C_TS_TA_1(107, 2, true, InformationElement.TestPattern.class, InformationElement.TestPattern::decode);

    private static final @Nullable AsduType[] BY_CODE = new AsduType[256];

    static {
        for (AsduType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final int elementLength;
    private final boolean timeTagged;
    private final Class<? extends InformationElement> elementClass;
    private final Function<ByteBuf, ? extends InformationElement> decoder;

    <E extends InformationElement> AsduType(
            int code, int elementLength, boolean timeTagged, Class<E> elementClass, Function<ByteBuf, E> decoder) {
        this.code = code;
        this.elementLength = elementLength;
        this.timeTagged = timeTagged;
        this.elementClass = elementClass;
        this.decoder = decoder;
    }

    /** Returns the type of a type identification; empty if it is not known here. */
    public static Optional<AsduType> of(int code) {
        return Optional.ofNullable(BY_CODE[code & 0xFF]);
    }

    /** Returns the type identification. */
    public int code() {
        return code;
    }

    /** Tells whether objects of this type have a time tag. */
    public boolean timeTagged() {
        return timeTagged;
    }

    /** Tells whether this type carries process values or commands of the controlling station's direction. */
    public boolean controlDirection() {
        return code >= 45 && code < 70 || code >= 100;
    }

    /** Tells whether SQ = 1 is defined for this type: values without a time tag (IEC 60870-5-101 §7.3.1). */
    boolean allowsSequence() {
        return code < 30;
    }

    /** Tells whether an ASDU of this type has exactly one object: all but process values (IEC 60870-5-101 §7.3). */
    boolean single() {
        return code >= 45;
    }

    /** Returns the octets of an object without its address. */
    int objectLength() {
        return elementLength + (timeTagged ? TimeTag.LENGTH : 0);
    }

    /** Returns how many objects, each with its address, an ASDU has room for. */
    public int capacity() {
        return (Asdu.LONGEST - Asdu.HEADER_LENGTH) / (AsduCodec.ADDRESS_LENGTH + objectLength());
    }

    boolean carries(InformationObject object) {
        return elementClass.isInstance(object.element())
                && object.time().isPresent() == timeTagged
                && object.address() >= 0
                && object.address() <= InformationObject.HIGHEST_ADDRESS;
    }

    InformationElement decodeElement(ByteBuf in) {
        return decoder.apply(in);
    }
}

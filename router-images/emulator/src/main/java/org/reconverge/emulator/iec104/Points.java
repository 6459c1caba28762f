package org.reconverge.emulator.iec104;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.reconverge.emulator.iec104.InformationElement.Command;
import org.reconverge.emulator.iec104.InformationElement.DoublePoint;
import org.reconverge.emulator.iec104.InformationElement.DoubleState;
import org.reconverge.emulator.iec104.InformationElement.FloatSetPoint;
import org.reconverge.emulator.iec104.InformationElement.FloatValue;
import org.reconverge.emulator.iec104.InformationElement.IntegratedTotal;
import org.reconverge.emulator.iec104.InformationElement.NormalizedSetPoint;
import org.reconverge.emulator.iec104.InformationElement.NormalizedValue;
import org.reconverge.emulator.iec104.InformationElement.ScaledSetPoint;
import org.reconverge.emulator.iec104.InformationElement.ScaledValue;
import org.reconverge.emulator.iec104.InformationElement.SingleCommand;
import org.reconverge.emulator.iec104.InformationElement.SinglePoint;

/**
 * The process image of an emulated controlled station: one point of each kind, and one command for each, whose execution
 * changes its point.
 *
 * <table>
 * <caption>Information object addresses</caption>
 * <tr><td>1</td><td>the numbered value: a short floating point number that counts the station's spontaneous values</td></tr>
 * <tr><td>1001, 1002</td><td>single point, double point</td></tr>
 * <tr><td>2001, 2002, 2003</td><td>measured value: normalized, scaled, floating point</td></tr>
 * <tr><td>3001</td><td>integrated total: the number of values that arose</td></tr>
 * <tr><td>5001 to 5005</td><td>single and double command, normalized, scaled and floating set point: select before
 * operate</td></tr>
 * <tr><td>5101 to 5105</td><td>the same, direct</td></tr>
 * </table>
 */
final class Points {

    static final int NUMBERED = 1;
    static final int SINGLE = 1001;
    static final int DOUBLE = 1002;
    static final int NORMALIZED = 2001;
    static final int SCALED = 2002;
    static final int FLOATING = 2003;
    static final int TOTAL = 3001;

    static final int SINGLE_COMMAND = 5001;
    static final int FLOAT_SET_POINT = 5005;

    /** What is added to the address of a command with select before operate for the direct one. */
    static final int DIRECT = 100;

    /** The greatest number that the numbered value's 24 bits of fraction hold exactly. */
    static final long GREATEST_NUMBER = 1 << 24;

    private static final Map<Class<? extends Command>, Integer> COMMANDS = Map.of(
            SingleCommand.class, SINGLE_COMMAND,
            InformationElement.DoubleCommand.class, SINGLE_COMMAND + 1,
            NormalizedSetPoint.class, SINGLE_COMMAND + 2,
            ScaledSetPoint.class, SINGLE_COMMAND + 3,
            FloatSetPoint.class, FLOAT_SET_POINT);

    private boolean single;
    private DoubleState doublePoint = DoubleState.OFF;
    private short normalized;
    private short scaled;
    private float floating;
    private int total;
    private OptionalInt frozen = OptionalInt.empty();

    /** A point that a command changed, and its type with time tag. */
    record Change(AsduType type, int address, InformationElement element) {}

    /** Tells whether commands of this kind have this address. */
    static boolean knows(int address, Command command) {
        Integer known = COMMANDS.get(command.getClass());
        return known != null && (address == known || address == known + DIRECT);
    }

    /** Tells whether the command at this address must be selected before it is executed. */
    static boolean mustBeSelected(int address) {
        return address < SINGLE_COMMAND + DIRECT;
    }

    void count() {
        total++;
    }

    /** Carries a command out. */
    Change execute(Command command) {
        if (command instanceof SingleCommand one) {
            single = one.on();
            return new Change(AsduType.M_SP_TB_1, SINGLE, new SinglePoint(single, Quality.GOOD));
        } else if (command instanceof InformationElement.DoubleCommand two) {
            doublePoint = two.state();
            return new Change(AsduType.M_DP_TB_1, DOUBLE, new DoublePoint(doublePoint, Quality.GOOD));
        } else if (command instanceof NormalizedSetPoint point) {
            normalized = point.raw();
            return new Change(AsduType.M_ME_TD_1, NORMALIZED, new NormalizedValue(normalized, Quality.GOOD));
        } else if (command instanceof ScaledSetPoint point) {
            scaled = point.value();
            return new Change(AsduType.M_ME_TE_1, SCALED, new ScaledValue(scaled, Quality.GOOD));
        } else {
            floating = ((FloatSetPoint) command).value();
            return new Change(AsduType.M_ME_TF_1, FLOATING, new FloatValue(floating, Quality.GOOD));
        }
    }

    /** Returns the number that a command carries; 0 if none. */
    static long numberOf(InformationElement command) {
        return command instanceof FloatSetPoint point ? (long) point.value() : 0;
    }

    /** Returns the values of a general interrogation (§7.5), without time tags. */
    List<Asdu.Known> interrogated(int originator, int station, long number) {
        List<Asdu.Known> answer = new ArrayList<>();
        answer.add(value(AsduType.M_SP_NA_1, originator, station, SINGLE, new SinglePoint(single, Quality.GOOD)));
        answer.add(value(AsduType.M_DP_NA_1, originator, station, DOUBLE, new DoublePoint(doublePoint, Quality.GOOD)));
        answer.add(value(
                AsduType.M_ME_NA_1, originator, station, NORMALIZED, new NormalizedValue(normalized, Quality.GOOD)));
        answer.add(value(AsduType.M_ME_NB_1, originator, station, SCALED, new ScaledValue(scaled, Quality.GOOD)));
        answer.add(Asdu.Known.of(
                AsduType.M_ME_NC_1,
                Cause.INTERROGATED,
                originator,
                station,
                InformationObject.of(NUMBERED, new FloatValue(number, Quality.GOOD)),
                InformationObject.of(FLOATING, new FloatValue(floating, Quality.GOOD))));
        return answer;
    }

    /** Returns the counters of a counter interrogation (§7.8). */
    Asdu.Known counters(int originator, int station) {
        return Asdu.Known.of(
                AsduType.M_IT_NA_1,
                Cause.COUNTER_REQUESTED,
                originator,
                station,
                InformationObject.of(TOTAL, new IntegratedTotal(frozen.orElse(total), 0, false, false, false)));
    }

    /**
     * Freezes or resets the counters (§7.8).
     *
     * @param freeze 1 freeze, 2 freeze and reset, 3 reset
     */
    void freeze(int freeze) {
        if (freeze != 3) {
            frozen = OptionalInt.of(total);
        }
        if (freeze != 1) {
            total = 0;
        }
    }

    private static Asdu.Known value(
            AsduType type, int originator, int station, int address, InformationElement element) {
        return Asdu.Known.of(type, Cause.INTERROGATED, originator, station, InformationObject.of(address, element));
    }
}

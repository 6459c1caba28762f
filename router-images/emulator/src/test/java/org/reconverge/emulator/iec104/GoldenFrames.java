package org.reconverge.emulator.iec104;

import static org.reconverge.emulator.iec104.Apdu.Function.STARTDT_ACT;
import static org.reconverge.emulator.iec104.Apdu.Function.STARTDT_CON;
import static org.reconverge.emulator.iec104.Apdu.Function.STOPDT_ACT;
import static org.reconverge.emulator.iec104.Apdu.Function.STOPDT_CON;
import static org.reconverge.emulator.iec104.Apdu.Function.TESTFR_ACT;
import static org.reconverge.emulator.iec104.Apdu.Function.TESTFR_CON;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.List;
import org.reconverge.emulator.iec104.InformationElement.ClockTime;
import org.reconverge.emulator.iec104.InformationElement.CounterInterrogation;
import org.reconverge.emulator.iec104.InformationElement.DoubleCommand;
import org.reconverge.emulator.iec104.InformationElement.DoublePoint;
import org.reconverge.emulator.iec104.InformationElement.DoubleState;
import org.reconverge.emulator.iec104.InformationElement.EndOfInitialization;
import org.reconverge.emulator.iec104.InformationElement.FloatSetPoint;
import org.reconverge.emulator.iec104.InformationElement.FloatValue;
import org.reconverge.emulator.iec104.InformationElement.IntegratedTotal;
import org.reconverge.emulator.iec104.InformationElement.Interrogation;
import org.reconverge.emulator.iec104.InformationElement.NormalizedSetPoint;
import org.reconverge.emulator.iec104.InformationElement.NormalizedValue;
import org.reconverge.emulator.iec104.InformationElement.ScaledSetPoint;
import org.reconverge.emulator.iec104.InformationElement.ScaledValue;
import org.reconverge.emulator.iec104.InformationElement.SingleCommand;
import org.reconverge.emulator.iec104.InformationElement.SinglePoint;
import org.reconverge.emulator.iec104.InformationElement.TestPattern;

/** Frames and their octets, worked out by hand from the standards' tables. */
final class GoldenFrames {

    private static final Quality BAD = new Quality(false, true, false, true, true);

    /** 13:15:42.123 UTC on 22 November 2026: ms A48Bh = 42123, minute 15, hour 13, day 22, month 11, year 26. */
    private static final TimeTag TIME = TimeTag.of(Instant.parse("2026-11-22T13:15:42.123Z"));

    private static final String TIME_OCTETS = "8ba40f0d160b1a";

    /** A frame and what it is on the wire. */
    record Golden(Apdu apdu, String octets) {
        @Override
        public String toString() {
            return octets + " " + apdu;
        }
    }

    private GoldenFrames() {}

    static List<Golden> all() {
        return List.of(
                unnumbered(STARTDT_ACT, "680407000000"),
                unnumbered(STARTDT_CON, "68040b000000"),
                unnumbered(STOPDT_ACT, "680413000000"),
                unnumbered(STOPDT_CON, "680423000000"),
                unnumbered(TESTFR_ACT, "680443000000"),
                unnumbered(TESTFR_CON, "680483000000"),
                new Golden(new Apdu.Supervisory(5), "680401000a00"),
                new Golden(new Apdu.Supervisory(32_767), "68040100feff"),
                monitor(AsduType.M_SP_NA_1, new SinglePoint(true, BAD), "01010300", "d1"),
                monitor(AsduType.M_DP_NA_1, new DoublePoint(DoubleState.ON, Quality.GOOD), "03010300", "02"),
                monitor(AsduType.M_ME_NA_1, new NormalizedValue((short) -16_384, Quality.GOOD), "09010300", "00c000"),
                monitor(
                        AsduType.M_ME_NB_1,
                        new ScaledValue((short) 1000, new Quality(true, false, true, false, false)),
                        "0b010300",
                        "e80321"),
                monitor(AsduType.M_ME_NC_1, new FloatValue(49.98f, Quality.GOOD), "0d010300", "85eb474200"),
                monitor(AsduType.M_IT_NA_1, new IntegratedTotal(-2, 31, true, false, true), "0f010300", "feffffffbf"),
                tagged(AsduType.M_SP_TB_1, new SinglePoint(false, Quality.GOOD), "1e010300", "00"),
                tagged(AsduType.M_DP_TB_1, new DoublePoint(DoubleState.OFF, BAD), "1f010300", "d1"),
                tagged(AsduType.M_ME_TD_1, new NormalizedValue((short) 1, Quality.GOOD), "22010300", "010000"),
                tagged(AsduType.M_ME_TE_1, new ScaledValue((short) -1, Quality.GOOD), "23010300", "ffff00"),
                tagged(AsduType.M_ME_TF_1, new FloatValue(1f, Quality.GOOD), "24010300", "0000803f00"),
                tagged(
                        AsduType.M_IT_TB_1,
                        new IntegratedTotal(0x01020304, 1, false, true, false),
                        "25010300",
                        "0403020141"),
                control(AsduType.C_SC_NA_1, new SingleCommand(true, 1, true), "2d010600", "85"),
                control(AsduType.C_DC_NA_1, new DoubleCommand(DoubleState.ON, 0, false), "2e010600", "02"),
                control(AsduType.C_SE_NA_1, new NormalizedSetPoint((short) 0x4000, 0, true), "30010600", "004080"),
                control(AsduType.C_SE_NB_1, new ScaledSetPoint((short) 258, 3, false), "31010600", "020103"),
                control(AsduType.C_SE_NC_1, new FloatSetPoint(4f, 0, true), "32010600", "0000804080"),
                taggedControl(AsduType.C_SC_TA_1, new SingleCommand(false, 0, false), "3a010600", "00"),
                taggedControl(AsduType.C_DC_TA_1, new DoubleCommand(DoubleState.OFF, 0, true), "3b010600", "81"),
                taggedControl(AsduType.C_SE_TA_1, new NormalizedSetPoint((short) 0, 0, false), "3d010600", "000000"),
                taggedControl(AsduType.C_SE_TB_1, new ScaledSetPoint((short) 1, 0, false), "3e010600", "010000"),
                taggedControl(AsduType.C_SE_TC_1, new FloatSetPoint(0.5f, 0, false), "3f010600", "0000003f00"),
                new Golden(
                        information(Asdu.Known.of(
                                AsduType.M_EI_NA_1,
                                Cause.INITIALIZED,
                                0,
                                0x0102,
                                InformationObject.of(0, new EndOfInitialization(2, true)))),
                        "680e06000400" + "46010400" + "0201" + "000000" + "82"),
                system(AsduType.C_IC_NA_1, new Interrogation(20), "64010600", "14"),
                system(AsduType.C_CI_NA_1, new CounterInterrogation(5, 1), "65010600", "45"),
                system(AsduType.C_CS_NA_1, new ClockTime(TIME), "67010600", TIME_OCTETS),
                system(AsduType.C_TS_NA_1, new TestPattern(0x55AA), "68010600", "aa55"),
                new Golden(
                        information(Asdu.Known.of(
                                AsduType.C_TS_TA_1,
                                Cause.ACTIVATION,
                                0,
                                0x0102,
                                InformationObject.of(0, new TestPattern(7), TIME))),
                        "681606000400" + "6b010600" + "0201" + "000000" + "0700" + TIME_OCTETS),
                // Two objects with addresses of their own.
                new Golden(
                        information(Asdu.Known.of(
                                AsduType.M_SP_NA_1,
                                Cause.INTERROGATED,
                                3,
                                0x0102,
                                InformationObject.of(1, new SinglePoint(true, Quality.GOOD)),
                                InformationObject.of(0x030201, new SinglePoint(false, Quality.GOOD)))),
                        "681206000400" + "01021403" + "0201" + "010000" + "01" + "010203" + "00"),
                // Three in a sequence: only the first address is transmitted.
                new Golden(
                        information(new Asdu.Known(
                                AsduType.M_DP_NA_1,
                                new Asdu.Header(3, false, false, Cause.INTERROGATED.code(), 0, 0x0102),
                                true,
                                List.of(
                                        InformationObject.of(255, new DoublePoint(DoubleState.OFF, Quality.GOOD)),
                                        InformationObject.of(256, new DoublePoint(DoubleState.ON, Quality.GOOD)),
                                        InformationObject.of(
                                                257, new DoublePoint(DoubleState.INDETERMINATE, Quality.GOOD))))),
                        "681006000400" + "03831400" + "0201" + "ff0000" + "010203"),
                // A negative confirmation of a test.
                new Golden(
                        information(new Asdu.Known(
                                AsduType.C_IC_NA_1,
                                new Asdu.Header(100, true, true, Cause.UNKNOWN_COMMON_ADDRESS.code(), 1, 0x0102),
                                false,
                                List.of(InformationObject.of(0, new Interrogation(20))))),
                        "680e06000400" + "6401ee01" + "0201" + "000000" + "14"),
                // A type that is not known here passes as it is: bitstring M_BO_NA_1.
                new Golden(
                        information(new Asdu.Unknown(
                                new Asdu.Header(7, false, false, 3, 0, 0x0102),
                                1,
                                Octets.of(new byte[] {1, 0, 0, 1, 2, 3, 4, 0}))),
                        "681206000400" + "07010300" + "0201" + "0100000102030400"));
    }

    static ByteBuf octets(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    private static Golden unnumbered(Apdu.Function function, String octets) {
        return new Golden(new Apdu.Unnumbered(function), octets);
    }

    private static Golden monitor(AsduType type, InformationElement element, String head, String body) {
        return golden(type, Cause.SPONTANEOUS, InformationObject.of(0x010203, element), head, body);
    }

    private static Golden tagged(AsduType type, InformationElement element, String head, String body) {
        return golden(type, Cause.SPONTANEOUS, InformationObject.of(0x010203, element, TIME), head, body + TIME_OCTETS);
    }

    private static Golden control(AsduType type, InformationElement element, String head, String body) {
        return golden(type, Cause.ACTIVATION, InformationObject.of(0x010203, element), head, body);
    }

    private static Golden taggedControl(AsduType type, InformationElement element, String head, String body) {
        return golden(type, Cause.ACTIVATION, InformationObject.of(0x010203, element, TIME), head, body + TIME_OCTETS);
    }

    private static Golden system(AsduType type, InformationElement element, String head, String body) {
        Asdu asdu = Asdu.Known.of(type, Cause.ACTIVATION, 0, 0x0102, InformationObject.of(0, element));
        return new Golden(information(asdu), frame(head + "0201" + "000000" + body));
    }

    private static Golden golden(AsduType type, Cause cause, InformationObject object, String head, String body) {
        return new Golden(
                information(Asdu.Known.of(type, cause, 0, 0x0102, object)), frame(head + "0201" + "030201" + body));
    }

    /** N(S) = 3 and N(R) = 2 before {@code asdu}. */
    private static String frame(String asdu) {
        return String.format("68%02x06000400%s", 4 + asdu.length() / 2, asdu);
    }

    private static Apdu.Information information(Asdu asdu) {
        return new Apdu.Information(3, 2, asdu);
    }
}

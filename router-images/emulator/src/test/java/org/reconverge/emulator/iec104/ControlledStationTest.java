package org.reconverge.emulator.iec104;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reconverge.emulator.iec104.InformationElement.ClockTime;
import org.reconverge.emulator.iec104.InformationElement.CounterInterrogation;
import org.reconverge.emulator.iec104.InformationElement.DoubleCommand;
import org.reconverge.emulator.iec104.InformationElement.DoubleState;
import org.reconverge.emulator.iec104.InformationElement.FloatSetPoint;
import org.reconverge.emulator.iec104.InformationElement.Interrogation;
import org.reconverge.emulator.iec104.InformationElement.NormalizedSetPoint;
import org.reconverge.emulator.iec104.InformationElement.ScaledSetPoint;
import org.reconverge.emulator.iec104.InformationElement.SingleCommand;
import org.reconverge.emulator.iec104.InformationElement.TestPattern;

/** What a controlled station answers, request by request. */
class ControlledStationTest {

    private static final int STATION = 17;
    private static final Instant NOW = Instant.parse("2026-11-22T13:15:00Z");

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel =
            EmbeddedChannel.builder().ticker(ticker).build();
    private final List<String> commands = new ArrayList<>();
    private final Session session = new Session();
    private final ControlledStation station = new ControlledStation(
            ControlledStation.Settings.of(STATION, Duration.ofSeconds(1)),
            channel.eventLoop(),
            ticker::nanoTime,
            InstantSource.fixed(NOW),
            new Observer());

    @BeforeEach
    void start() {
        station.opened(session);
        station.started(session);
        assertThat(session.sent()).containsExactly("M_EI_NA_1 INITIALIZED 17");
    }

    @Test
    void answersAStationInterrogation() {
        assertThat(answers(AsduType.C_IC_NA_1, Cause.ACTIVATION, STATION, 0, new Interrogation(20)))
                .containsExactly(
                        "C_IC_NA_1 ACTIVATION_CONFIRMATION 17",
                        "M_SP_NA_1 INTERROGATED 17",
                        "M_DP_NA_1 INTERROGATED 17",
                        "M_ME_NA_1 INTERROGATED 17",
                        "M_ME_NB_1 INTERROGATED 17",
                        "M_ME_NC_1 INTERROGATED 17",
                        "C_IC_NA_1 ACTIVATION_TERMINATION 17");
    }

    @Test
    void answersForItselfWhenAllAreAsked() {
        assertThat(answers(AsduType.C_IC_NA_1, Cause.ACTIVATION, 0xFFFF, 0, new Interrogation(20)))
                .startsWith("C_IC_NA_1 ACTIVATION_CONFIRMATION 17")
                .endsWith("C_IC_NA_1 ACTIVATION_TERMINATION 17");
    }

    @Test
    void refusesAGroupItDoesNotHave() {
        assertThat(answers(AsduType.C_IC_NA_1, Cause.ACTIVATION, STATION, 0, new Interrogation(21)))
                .containsExactly("C_IC_NA_1 ACTIVATION_CONFIRMATION 17 negative");
    }

    @Test
    void answersACounterInterrogation() {
        assertThat(answers(AsduType.C_CI_NA_1, Cause.ACTIVATION, STATION, 0, new CounterInterrogation(5, 0)))
                .containsExactly(
                        "C_CI_NA_1 ACTIVATION_CONFIRMATION 17",
                        "M_IT_NA_1 COUNTER_REQUESTED 17",
                        "C_CI_NA_1 ACTIVATION_TERMINATION 17");
    }

    @Test
    void setsItsClock() {
        TimeTag later = TimeTag.of(NOW.plusSeconds(90));
        assertThat(answers(AsduType.C_CS_NA_1, Cause.ACTIVATION, STATION, 0, new ClockTime(later)))
                .containsExactly("C_CS_NA_1 ACTIVATION_CONFIRMATION 17");
        assertThat(station.now()).isEqualTo(NOW.plusSeconds(90));
        assertThat(answers(AsduType.C_CS_NA_1, Cause.ACTIVATION, STATION, 0, new ClockTime(new TimeTag(-1L >>> 8))))
                .containsExactly("C_CS_NA_1 ACTIVATION_CONFIRMATION 17 negative");
        assertThat(station.now()).isEqualTo(NOW.plusSeconds(90));
    }

    @Test
    void confirmsATest() {
        assertThat(answers(AsduType.C_TS_NA_1, Cause.ACTIVATION, STATION, 0, new TestPattern(0x55AA)))
                .containsExactly("C_TS_NA_1 ACTIVATION_CONFIRMATION 17");
    }

    /** Causes 44 to 47 (IEC 60870-5-101 §7.2.3). */
    @Test
    void saysWhatItDoesNotKnow() {
        assertThat(answers(AsduType.C_IC_NA_1, Cause.REQUEST, STATION, 0, new Interrogation(20)))
                .containsExactly("C_IC_NA_1 UNKNOWN_CAUSE 17 negative");
        assertThat(answers(AsduType.C_IC_NA_1, Cause.ACTIVATION, 18, 0, new Interrogation(20)))
                .containsExactly("C_IC_NA_1 UNKNOWN_COMMON_ADDRESS 18 negative");
        assertThat(answers(AsduType.C_SC_NA_1, Cause.ACTIVATION, 0xFFFF, 5101, new SingleCommand(true, 0, false)))
                .containsExactly("C_SC_NA_1 UNKNOWN_COMMON_ADDRESS 65535 negative");
        assertThat(answers(AsduType.C_SC_NA_1, Cause.ACTIVATION, STATION, 5102, new SingleCommand(true, 0, false)))
                .containsExactly("C_SC_NA_1 UNKNOWN_OBJECT_ADDRESS 17 negative");
        assertThat(answers(AsduType.C_IC_NA_1, Cause.ACTIVATION, STATION, 1, new Interrogation(20)))
                .containsExactly("C_IC_NA_1 UNKNOWN_OBJECT_ADDRESS 17 negative");
        station.received(session, SessionOnTheBench.VALUE);
        assertThat(session.sent()).containsExactly("M_SP_NA_1 UNKNOWN_TYPE 1 negative");
        station.received(
                session, new Asdu.Unknown(new Asdu.Header(200, false, false, 6, 9, STATION), 1, Octets.of((byte) 1)));
        assertThat(session.sent()).containsExactly("type 200 UNKNOWN_TYPE 17 negative");
    }

    /** Two stations that refuse each other's refusals would never come to rest. */
    @Test
    void doesNotAnswerARefusal() {
        station.received(
                session, new Asdu.Unknown(new Asdu.Header(200, false, true, 44, 9, STATION), 1, Octets.of((byte) 1)));
        assertThat(session.sent()).isEmpty();
    }

    private static InformationElement.Command command(int kind, boolean select) {
        return switch (kind) {
            case 0 -> new SingleCommand(true, 0, select);
            case 1 -> new DoubleCommand(DoubleState.ON, 0, select);
            case 2 -> new NormalizedSetPoint((short) 5, 0, select);
            case 3 -> new ScaledSetPoint((short) 5, 0, select);
            default -> new FloatSetPoint(5, 0, select);
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = AsduType.class,
            names = {"C_SC_NA_1", "C_DC_NA_1", "C_SE_NA_1", "C_SE_NB_1", "C_SE_NC_1"})
    void executesWhatWasSelected(AsduType type) {
        int kind = List.of(
                        AsduType.C_SC_NA_1,
                        AsduType.C_DC_NA_1,
                        AsduType.C_SE_NA_1,
                        AsduType.C_SE_NB_1,
                        AsduType.C_SE_NC_1)
                .indexOf(type);
        int address = 5001 + kind;
        assertThat(answers(type, Cause.ACTIVATION, STATION, address, command(kind, true)))
                .containsExactly(type + " ACTIVATION_CONFIRMATION 17");
        assertThat(answers(type, Cause.ACTIVATION, STATION, address, command(kind, false)))
                .hasSize(3)
                .startsWith(type + " ACTIVATION_CONFIRMATION 17", type + " ACTIVATION_TERMINATION 17")
                .last()
                .asString()
                .contains("RETURN_REMOTE");
        assertThat(answers(type, Cause.ACTIVATION, STATION, address + 100, command(kind, false)))
                .hasSize(3);
        assertThat(executions()).isEqualTo(2);
    }

    @Test
    void executesNothingTwice() {
        select();
        execute();
        assertThat(execute()).containsExactly("C_SC_NA_1 ACTIVATION_CONFIRMATION 17 negative");
        assertThat(executions()).isEqualTo(1);
        assertThat(commands).last().isEqualTo("REFUSED: not selected");
    }

    @Test
    void executesNothingThatWasNotSelected() {
        assertThat(execute()).containsExactly("C_SC_NA_1 ACTIVATION_CONFIRMATION 17 negative");
        select();
        answers(AsduType.C_SC_NA_1, Cause.ACTIVATION, STATION, 5001, new SingleCommand(false, 0, false));
        assertThat(commands).last().isEqualTo("REFUSED: another command was selected");
        assertThat(execute()).containsExactly("C_SC_NA_1 ACTIVATION_CONFIRMATION 17 negative");
        assertThat(executions()).isZero();
    }

    @Test
    void executesNothingThatWasSelectedOnAnotherConnection() {
        select();
        Session other = new Session();
        station.opened(other);
        station.started(other);
        station.received(other, request(AsduType.C_SC_NA_1, 5001, new SingleCommand(true, 0, false)));
        assertThat(commands)
                .containsExactly("SELECTED", "SELECTION_ENDED: data transfer stopped", "REFUSED: not selected");
    }

    @Test
    void executesNothingAfterTheSelectionsTime() {
        select();
        ticker.advance(10, TimeUnit.SECONDS);
        // Even if the event loop is late and has not said so yet.
        execute();
        assertThat(commands).containsExactly("SELECTED", "REFUSED: selected too long ago");
    }

    @Test
    void aSelectionCanBeTakenBack() {
        select();
        assertThat(answers(AsduType.C_SC_NA_1, Cause.DEACTIVATION, STATION, 5001, new SingleCommand(true, 0, true)))
                .containsExactly("C_SC_NA_1 DEACTIVATION_CONFIRMATION 17");
        assertThat(answers(AsduType.C_SC_NA_1, Cause.DEACTIVATION, STATION, 5001, new SingleCommand(true, 0, true)))
                .containsExactly("C_SC_NA_1 DEACTIVATION_CONFIRMATION 17 negative");
        execute();
        assertThat(executions()).isZero();
    }

    @Test
    void nobodySelectsWhatIsSelected() {
        select();
        assertThat(select()).containsExactly("C_SC_NA_1 ACTIVATION_CONFIRMATION 17 negative");
        execute();
        assertThat(executions()).isEqualTo(1);
    }

    /** Clause 8. */
    @Test
    void aCommandThatWasLongOnItsWayIsRefused() {
        InformationElement direct = new SingleCommand(true, 0, false);
        station.received(
                session,
                Asdu.Known.of(
                        AsduType.C_SC_TA_1,
                        Cause.ACTIVATION,
                        1,
                        STATION,
                        InformationObject.of(5101, direct, TimeTag.of(NOW.minusSeconds(6)))));
        assertThat(session.sent()).containsExactly("C_SC_TA_1 ACTIVATION_CONFIRMATION 17 negative");
        station.received(
                session,
                Asdu.Known.of(
                        AsduType.C_SC_TA_1,
                        Cause.ACTIVATION,
                        1,
                        STATION,
                        InformationObject.of(5101, direct, TimeTag.of(NOW.minusSeconds(4)))));
        assertThat(commands).containsExactly("REFUSED: its time tag is 6000 ms old", "EXECUTED");
    }

    @Test
    void aCommandUnderTestChangesNothing() {
        Asdu.Header test = new Asdu.Header(45, true, false, 6, 1, STATION);
        station.received(
                session,
                new Asdu.Known(
                        AsduType.C_SC_NA_1,
                        test,
                        false,
                        List.of(InformationObject.of(5101, new SingleCommand(true, 0, false)))));
        assertThat(session.sent())
                .containsExactly("C_SC_NA_1 ACTIVATION_CONFIRMATION 17", "C_SC_NA_1 ACTIVATION_TERMINATION 17");
        assertThat(executions()).isZero();
    }

    private List<String> select() {
        return answers(AsduType.C_SC_NA_1, Cause.ACTIVATION, STATION, 5001, new SingleCommand(true, 0, true));
    }

    private List<String> execute() {
        return answers(AsduType.C_SC_NA_1, Cause.ACTIVATION, STATION, 5001, new SingleCommand(true, 0, false));
    }

    private long executions() {
        return commands.stream().filter("EXECUTED"::equals).count();
    }

    private List<String> answers(
            AsduType type, Cause cause, int commonAddress, int address, InformationElement element) {
        station.received(session, Asdu.Known.of(type, cause, 1, commonAddress, InformationObject.of(address, element)));
        return session.sent();
    }

    private static Asdu request(AsduType type, int address, InformationElement element) {
        return Asdu.Known.of(type, Cause.ACTIVATION, 1, STATION, InformationObject.of(address, element));
    }

    /** A session whose window is never full, and which keeps what it was given. */
    private final class Session implements Iec104Session {

        private final List<String> sent = new ArrayList<>();

        List<String> sent() {
            List<String> all = List.copyOf(sent);
            sent.clear();
            return all;
        }

        @Override
        public void send(Asdu asdu) {
            Asdu.Header header = asdu instanceof Asdu.Known known ? known.header() : ((Asdu.Unknown) asdu).header();
            String cause = "";
            for (Cause one : Cause.values()) {
                if (header.is(one)) {
                    cause = one.toString();
                }
            }
            String type = asdu instanceof Asdu.Known known ? known.type().toString() : "type " + header.type();
            sent.add(type + " " + cause + " " + header.commonAddress() + (header.negative() ? " negative" : ""));
        }

        @Override
        public State state() {
            return State.STARTED;
        }

        @Override
        public String connection() {
            return "";
        }

        @Override
        public String peer() {
            return "";
        }

        @Override
        public boolean sendable() {
            return true;
        }

        @Override
        public void startDataTransfer() {}

        @Override
        public void stopDataTransfer() {}

        @Override
        public void standBy() {
            station.stopped(this);
        }

        @Override
        public void close(String reason) {}
    }

    private final class Observer implements StationObserver {

        @Override
        public void session(
                long at, StationKind side, Iec104Session of, int number, SessionState state, String detail) {}

        @Override
        public void value(long at, ValueStep step, int number, long value, long tagMillis) {}

        @Override
        public void command(
                long at, CommandStep step, int number, int originator, long command, int address, String detail) {
            commands.add(step + (detail.isEmpty() ? "" : ": " + detail));
        }

        @Override
        public void note(long at, Iec104Session of, int number, String text, String detail) {}
    }
}

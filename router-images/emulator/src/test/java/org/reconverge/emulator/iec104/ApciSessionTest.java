package org.reconverge.emulator.iec104;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reconverge.emulator.iec104.Apdu.Function.STARTDT_ACT;
import static org.reconverge.emulator.iec104.Apdu.Function.STOPDT_ACT;
import static org.reconverge.emulator.iec104.Apdu.Function.TESTFR_ACT;
import static org.reconverge.emulator.iec104.Apdu.Function.TESTFR_CON;
import static org.reconverge.emulator.iec104.StationKind.CONTROLLED;
import static org.reconverge.emulator.iec104.StationKind.CONTROLLING;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reconverge.emulator.iec104.GoldenFrames.Golden;

/** The state machine: each row or test names the clause of IEC 60870-5-104 that it is about. */
class ApciSessionTest {

    private static final Duration MS = Duration.ofMillis(1);

    private static SessionOnTheBench bench(StationKind kind) {
        return new SessionOnTheBench(kind, Iec104Parameters.DEFAULT);
    }

    private static SessionOnTheBench bench(StationKind kind, int k, int w) {
        Iec104Parameters other = Iec104Parameters.DEFAULT;
        return new SessionOnTheBench(kind, new Iec104Parameters(k, w, other.t0(), other.t1(), other.t2(), other.t3()));
    }

    /** Every frame in every state: what is sent, and where the session stands then. */
    @ParameterizedTest(name = "{0} {1} in {2} gets {3}")
    @CsvSource(delimiter = '|', textBlock = """
            5.3 | CONTROLLED  | STOPPED                  | STARTDT_ACT | STARTDT_CON   | STARTED
            5.3 | CONTROLLED  | STARTED                  | STARTDT_ACT | STARTDT_CON   | STARTED
            5.3 | CONTROLLED  | STARTED                  | STOPDT_ACT  | STOPDT_CON    | STOPPED
            5.3 | CONTROLLED  | STOPPED                  | STOPDT_ACT  | STOPDT_CON    | STOPPED
            5.3 | CONTROLLED  | PENDING_UNCONFIRMED_STOP | STOPDT_ACT  |               | PENDING_UNCONFIRMED_STOP
            5.3 | CONTROLLED  | PENDING_UNCONFIRMED_STOP | S1          | STOPDT_CON    | STOPPED
            5.3 | CONTROLLED  | STOPPED                  | I           |               | CLOSED
            5.3 | CONTROLLED  | PENDING_UNCONFIRMED_STOP | I           |               | CLOSED
            5.3 | CONTROLLED  | STOPPED                  | STARTDT_CON |               | CLOSED
            5.3 | CONTROLLED  | STARTED                  | STARTDT_CON |               | CLOSED
            5.3 | CONTROLLED  | STARTED                  | STOPDT_CON  |               | STARTED
            5.1 | CONTROLLED  | STARTED                  | I           |               | STARTED
            5.1 | CONTROLLED  | STARTED                  | S0          |               | STARTED
            5.1 | CONTROLLED  | STARTED                  | S1          |               | CLOSED
            5.2 | CONTROLLED  | STOPPED                  | TESTFR_ACT  | TESTFR_CON    | STOPPED
            5.2 | CONTROLLED  | STARTED                  | TESTFR_ACT  | TESTFR_CON    | STARTED
            5.2 | CONTROLLED  | PENDING_UNCONFIRMED_STOP | TESTFR_ACT  | TESTFR_CON    | PENDING_UNCONFIRMED_STOP
            5.2 | CONTROLLED  | STOPPED                  | TESTFR_CON  |               | STOPPED
            5.3 | CONTROLLING | PENDING_START            | STARTDT_CON |               | STARTED
            5.3 | CONTROLLING | STOPPED                  | STARTDT_CON |               | STOPPED
            5.3 | CONTROLLING | PENDING_STOP             | STOPDT_CON  |               | STOPPED
            5.3 | CONTROLLING | STARTED                  | STOPDT_CON  |               | STARTED
            5.3 | CONTROLLING | PENDING_STOP             | I           | S1            | PENDING_STOP
            5.3 | CONTROLLING | STOPPED                  | I           |               | CLOSED
            5.3 | CONTROLLING | PENDING_START            | I           |               | CLOSED
            5.3 | CONTROLLING | STOPPED                  | STARTDT_ACT |               | CLOSED
            5.3 | CONTROLLING | STARTED                  | STARTDT_ACT |               | CLOSED
            5.3 | CONTROLLING | STARTED                  | STOPDT_ACT  |               | CLOSED
            5.1 | CONTROLLING | STARTED                  | I           |               | STARTED
            5.1 | CONTROLLING | STARTED                  | S1          |               | CLOSED
            5.2 | CONTROLLING | PENDING_START            | TESTFR_ACT  | TESTFR_CON    | PENDING_START
            5.2 | CONTROLLING | PENDING_STOP             | TESTFR_ACT  | TESTFR_CON    | PENDING_STOP
            """)
    void everyFrameInEveryState(
            String clause, StationKind kind, Iec104Session.State state, String frame, String answer, String then) {
        SessionOnTheBench bench = inState(kind, state);

        switch (frame) {
            case "I" -> bench.receiveValue(0, 0);
            case "S0" -> bench.receive(new Apdu.Supervisory(0));
            case "S1" -> bench.receive(new Apdu.Supervisory(1));
            default -> bench.receive(Apdu.Function.valueOf(frame));
        }

        assertThat(bench.session.state()).hasToString(then);
        String expected = answer == null ? "[]" : "[" + answer.replaceFirst("^S(\\d)$", "S($1)") + "]";
        assertThat(bench.sent()).hasToString(expected);
        if (then.equals("CLOSED")) {
            assertThat(bench.heard).last().asString().startsWith("closed: ").endsWith("(" + clause + ")");
        }
    }

    private static SessionOnTheBench inState(StationKind kind, Iec104Session.State state) {
        SessionOnTheBench bench = bench(kind);
        switch (state) {
            case STARTED -> bench.started();
            case PENDING_START -> bench.session.startDataTransfer();
            case PENDING_STOP -> bench.started().session.stopDataTransfer();
            case PENDING_UNCONFIRMED_STOP -> {
                bench.started().send(1);
                bench.receive(STOPDT_ACT);
            }
            default -> {}
        }
        bench.sent();
        assertThat(bench.session.state()).isEqualTo(state);
        return bench;
    }

    /** §5.1: V(S) and V(R) count every I frame; each I frame acknowledges. */
    @Test
    void framesAreNumberedAndAcknowledge() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.receiveValue(0, 0);
        bench.receiveValue(1, 0);
        bench.send(2);
        assertThat(bench.sent()).containsExactly("I(0,2)", "I(1,2)");
        bench.receiveValue(2, 2);
        assertThat(bench.heard).containsExactly("acknowledged 2", "sendable");
        assertThat(bench.received).hasSize(3);
    }

    /** §5.1: 32767 is followed by 0, in both directions. */
    @Test
    void numbersWrapAround() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        for (int i = 0; i < 2 * Apdu.MODULO + 10; i++) {
            bench.send(1);
            bench.receiveValue(i % Apdu.MODULO, (i + 1) % Apdu.MODULO);
        }
        assertThat(bench.session.state()).isEqualTo(Iec104Session.State.STARTED);
        bench.send(1);
        assertThat(bench.sent()).last().isEqualTo("I(10,10)");
    }

    /** §5.1: a frame that is missing, or arrives twice, ends the connection. */
    @ParameterizedTest
    @CsvSource({"1", "3", "32767", "0"})
    void aSequenceErrorEndsTheConnection(int send) {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.receiveValue(0, 0);
        bench.receiveValue(1, 0);
        bench.receiveValue(send, 0);
        assertThat(bench.heard).containsExactly("closed: sequence: expected N(S) 2, but received " + send + " (5.1)");
        assertThat(bench.received).hasSize(2);
    }

    /** §5.1: nothing can be acknowledged that was not sent, or that was before. */
    @ParameterizedTest
    @CsvSource({"4", "0", "32767"})
    void anImpossibleAcknowledgementEndsTheConnection(int receive) {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.send(3);
        bench.receive(new Apdu.Supervisory(1));
        bench.receive(new Apdu.Supervisory(receive));
        assertThat(bench.heard).last().asString().startsWith("closed: sequence: expected N(R) from 1 to 3, but");
    }

    /** §5.5: not more than k frames are outstanding, and one acknowledgement opens the window. */
    @Test
    void kFramesMayBeOutstanding() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.send(12);
        assertThat(bench.session.sendable()).isFalse();
        assertThatThrownBy(() -> bench.send(1)).hasMessageContaining("12 of k = 12");
        bench.receive(new Apdu.Supervisory(1));
        assertThat(bench.heard).containsExactly("acknowledged 1", "sendable");
        bench.send(1);
        assertThat(bench.session.sendable()).isFalse();
    }

    /** §5.5: an acknowledgement after w frames at the latest. */
    @Test
    void wFramesAreAcknowledged() {
        SessionOnTheBench bench = bench(CONTROLLING).started();
        for (int i = 0; i < 7; i++) {
            bench.receiveValue(i, 0);
        }
        assertThat(bench.sent()).isEmpty();
        bench.receiveValue(7, 0);
        assertThat(bench.sent()).containsExactly("S(8)");
    }

    /** §5.5: w counts from the last frame that acknowledged, of whatever format. */
    @Test
    void anInformationFrameAcknowledgesToo() {
        SessionOnTheBench bench = bench(CONTROLLING, 4, 2).started();
        bench.receiveValue(0, 0);
        bench.send(1);
        bench.receiveValue(1, 0);
        assertThat(bench.sent()).containsExactly("I(0,1)");
        bench.receiveValue(2, 0);
        assertThat(bench.sent()).containsExactly("S(3)");
    }

    /** §5.1, §9.6: t2 after the first frame that is not acknowledged, and not later for those that follow. */
    @Test
    void t2Acknowledges() {
        SessionOnTheBench bench = bench(CONTROLLING).started();
        bench.receiveValue(0, 0);
        bench.pass(Duration.ofSeconds(6));
        bench.receiveValue(1, 0);
        bench.pass(Duration.ofSeconds(4).minus(MS));
        assertThat(bench.sent()).isEmpty();
        bench.pass(MS);
        assertThat(bench.sent()).containsExactly("S(2)");
        bench.pass(Duration.ofSeconds(9));
        assertThat(bench.sent()).isEmpty();
    }

    /** §5.1, §9.6: an I frame that is not acknowledged for t1 ends the connection; each frame has its own t1. */
    @Test
    void t1EndsTheConnection() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.send(1);
        bench.pass(Duration.ofSeconds(10));
        bench.send(1);
        bench.receive(new Apdu.Supervisory(1));
        bench.pass(Duration.ofSeconds(15).minus(MS));
        assertThat(bench.session.state()).isEqualTo(Iec104Session.State.STARTED);
        bench.pass(MS);
        assertThat(bench.heard).last().isEqualTo("closed: t1: no acknowledgement of N(S) 1 for 15000 ms");
    }

    /** §5.3, §9.6: STARTDT and STOPDT must be confirmed within t1. */
    @Test
    void startAndStopMustBeConfirmed() {
        SessionOnTheBench start = bench(CONTROLLING);
        start.session.startDataTransfer();
        assertThat(start.sent()).containsExactly("STARTDT_ACT");
        start.pass(Duration.ofSeconds(15));
        assertThat(start.heard).last().isEqualTo("closed: t1: no confirmation of STARTDT for 15000 ms");

        SessionOnTheBench stop = bench(CONTROLLING).started();
        stop.session.stopDataTransfer();
        assertThat(stop.sent()).containsExactly("STOPDT_ACT");
        stop.pass(Duration.ofSeconds(15));
        assertThat(stop.heard).last().isEqualTo("closed: t1: no confirmation of STOPDT for 15000 ms");
    }

    /** §5.2: t3 without a frame received makes a test, in any state and from either station. */
    @ParameterizedTest
    @EnumSource(StationKind.class)
    void t3TestsAnIdleConnection(StationKind kind) {
        SessionOnTheBench bench = bench(kind);
        bench.pass(Duration.ofSeconds(20).minus(MS));
        assertThat(bench.sent()).isEmpty();
        bench.pass(MS);
        assertThat(bench.sent()).containsExactly("TESTFR_ACT");
        bench.receive(TESTFR_CON);
        bench.pass(Duration.ofSeconds(19));
        assertThat(bench.sent()).isEmpty();
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.sent()).containsExactly("TESTFR_ACT");
        bench.pass(Duration.ofSeconds(15).minus(MS));
        assertThat(bench.session.state()).isEqualTo(Iec104Session.State.STOPPED);
        bench.pass(MS);
        assertThat(bench.heard).last().isEqualTo("closed: t1: no confirmation of TESTFR for 15000 ms");
    }

    /** §5.2: every frame received puts the test off; frames sent do not. */
    @Test
    void onlyFramesReceivedRestartT3() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.pass(Duration.ofSeconds(15));
        bench.receive(new Apdu.Supervisory(0));
        bench.pass(Duration.ofSeconds(19));
        assertThat(bench.sent()).isEmpty();
        bench.send(1);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.sent()).containsExactly("I(0,0)", "TESTFR_ACT");
    }

    /** With t3 below t1, a test that nobody confirms still ends the connection t1 after it was sent. */
    @Test
    void aShortT3DoesNotPutT1Off() {
        SessionOnTheBench bench = new SessionOnTheBench(
                CONTROLLED,
                new Iec104Parameters(
                        12,
                        8,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1)));
        for (int i = 0; i < 4; i++) {
            bench.pass(Duration.ofSeconds(1));
        }
        assertThat(bench.sent()).containsExactly("TESTFR_ACT");
        assertThat(bench.heard).last().isEqualTo("closed: t1: no confirmation of TESTFR for 3000 ms");
    }

    /** §5.3: before STOPDT is sent or confirmed, what was received is acknowledged. */
    @Test
    void stoppingAcknowledgesFirst() {
        SessionOnTheBench controlling = bench(CONTROLLING).started();
        controlling.receiveValue(0, 0);
        controlling.session.stopDataTransfer();
        assertThat(controlling.sent()).containsExactly("S(1)", "STOPDT_ACT");

        SessionOnTheBench controlled = bench(CONTROLLED).started();
        controlled.receiveValue(0, 0);
        controlled.receive(STOPDT_ACT);
        assertThat(controlled.sent()).containsExactly("S(1)", "STOPDT_CON");
        assertThat(controlled.heard).containsExactly("stopped");
        assertThat(controlled.session.sendable()).isFalse();
    }

    /** §5.3: a stop does not reset sequence numbers; only a new connection does. */
    @Test
    void numbersGoOnAfterAStop() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.send(1);
        bench.receiveValue(0, 1);
        bench.receive(STOPDT_ACT);
        bench.receive(STARTDT_ACT);
        bench.sent();
        bench.send(1);
        assertThat(bench.sent()).containsExactly("I(1,1)");
    }

    /** §10: the station that lost its turn says nothing, still tests, and can be started again. */
    @Test
    void aStandbyStaysConnected() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.send(2);
        bench.session.standBy();
        assertThat(bench.heard).containsExactly("stopped");
        bench.sent();
        bench.receive(new Apdu.Supervisory(1));
        bench.receive(TESTFR_ACT);
        assertThat(bench.sent()).containsExactly("TESTFR_CON");
        bench.receive(STARTDT_ACT);
        assertThat(bench.session.state()).isEqualTo(Iec104Session.State.STARTED);
        bench.pass(Duration.ofSeconds(15));
        assertThat(bench.heard).last().isEqualTo("closed: t1: no acknowledgement of N(S) 1 for 15000 ms");
    }

    @Test
    void theEndOfTheConnectionIsSaidOnce() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.disconnect();
        bench.session.close("again");
        bench.pass(Duration.ofMinutes(5));
        assertThat(bench.heard).containsExactly("closed: closed by peer");
        assertThat(bench.session.state()).isEqualTo(Iec104Session.State.CLOSED);
        bench.session.startDataTransfer();
        assertThat(bench.sent()).isEmpty();
    }

    /** A frame that cannot be read costs that frame, not the connection; lost framing costs the connection. */
    @Test
    void malformedInputIsReported() {
        SessionOnTheBench bench = bench(CONTROLLED).started();
        bench.receive(GoldenFrames.octets("680447000000"));
        bench.receive(GoldenFrames.octets("680500000000ff"));
        bench.receiveValue(1, 0);
        assertThat(bench.received).hasSize(1);
        assertThat(bench.heard).hasSize(2).allSatisfy(heard -> assertThat(heard).startsWith("malformed: expected "));
        bench.receive(GoldenFrames.octets("42"));
        assertThat(bench.heard).last().isEqualTo("closed: malformed: expected the start octet 68h, but found 42h");
    }

    static List<Golden> frames() {
        return GoldenFrames.all();
    }

    /** Whatever arrives, the session answers the next test, still waits for octets, or has ended with a reason. */
    @ParameterizedTest
    @MethodSource("frames")
    void oneFlippedBitNeverBreaksASession(Golden golden) {
        byte[] octets = ByteBufUtil.decodeHexDump(golden.octets());
        for (StationKind kind : StationKind.values()) {
            for (int bit = 0; bit < octets.length * 8; bit++) {
                byte[] flipped = octets.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                survives(kind, flipped);
            }
            for (int length = 0; length < octets.length; length++) {
                survives(kind, Arrays.copyOf(octets, length));
            }
        }
    }

    private static void survives(StationKind kind, byte[] octets) {
        SessionOnTheBench bench = bench(kind).started();
        for (int i = 0; i < 3; i++) {
            bench.receiveValue(i, 0);
        }
        bench.send(2);
        bench.sent();
        bench.heard.clear();
        bench.receive(Unpooled.wrappedBuffer(octets));
        bench.receive(TESTFR_ACT);
        if (bench.session.state() == Iec104Session.State.CLOSED) {
            assertThat(bench.heard).last().asString().matches("closed: (malformed|sequence|protocol): .*");
        } else if (!bench.sent().contains("TESTFR_CON")) {
            bench.disconnect();
            assertThat(bench.heard).last().isEqualTo("closed: closed by peer");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 15, 10, k from 1",
        "32768, 1, 15, 10, k from 1",
        "12, 13, 15, 10, w from 1",
        "12, 0, 15, 10, w from 1",
        "12, 8, 10, 10, t2 below t1",
        "12, 8, 15, 0, above zero"
    })
    void parametersThatCannotWorkAreRefused(int k, int w, long t1, long t2, String expected) {
        assertThatThrownBy(() -> new Iec104Parameters(
                        k,
                        w,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(t1),
                        Duration.ofSeconds(t2),
                        Duration.ofSeconds(20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }
}

package org.reconverge.emulator.iec104;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reconverge.emulator.iec104.StationObserver.ValueStep.ACKNOWLEDGED;
import static org.reconverge.emulator.iec104.StationObserver.ValueStep.AROSE;
import static org.reconverge.emulator.iec104.StationObserver.ValueStep.DISCARDED;
import static org.reconverge.emulator.iec104.StationObserver.ValueStep.RECEIVED;
import static org.reconverge.emulator.iec104.StationObserver.ValueStep.SENT;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StationsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aSessionIsRestoredByStartInterrogationAndTheFirstValue() {
        StationsOnTheBench bench = StationsOnTheBench.usual();
        bench.connect();
        assertThat(bench.sessions)
                .containsExactly(
                        "rtu CONNECTED",
                        "centre CONNECTED",
                        "rtu STARTED",
                        "centre STARTED",
                        "rtu INTERROGATED",
                        "centre INTERROGATED");
        bench.controlled.start(0);
        bench.pass(SECOND);
        assertThat(bench.sessions).last().isEqualTo("centre RESTORED");
        assertThat(bench.values(RECEIVED)).startsWith(1L);
        // The controlled station knows when the first value is acknowledged: after t2.
        bench.pass(Duration.ofSeconds(11));
        assertThat(bench.sessions).last().isEqualTo("rtu RESTORED");
        assertThat(bench.notes).isEmpty();
    }

    @Test
    void everyValueArrivesOnceAndInOrder() {
        StationsOnTheBench bench = StationsOnTheBench.usual();
        bench.connect();
        bench.controlled.start(0);
        bench.pass(Duration.ofMinutes(2));
        assertThat(bench.values(AROSE)).hasSizeGreaterThan(115);
        assertThat(bench.values(RECEIVED)).isEqualTo(bench.values(SENT)).isEqualTo(bench.values(AROSE));
        assertThat(bench.controlled.buffered()).isLessThan(12);
    }

    /** §7.4, §10: what was not acknowledged goes over the next connection, with its time tag. */
    @Test
    void valuesOfAnOutageAreBufferedWithTheirTimeTags() {
        StationsOnTheBench bench = StationsOnTheBench.usual();
        StationsOnTheBench.Wire wire = bench.connect();
        bench.controlled.start(0);
        bench.pass(Duration.ofSeconds(20));
        wire.cut();
        bench.pass(Duration.ofMinutes(1));
        assertThat(bench.sessions).anyMatch(line -> line.startsWith("rtu CLOSED: t1: no acknowledgement of N(S)"));
        assertThat(bench.sessions).anyMatch(line -> line.startsWith("centre CLOSED: t1: no confirmation of TESTFR"));
        assertThat(bench.controlled.buffered()).isGreaterThan(50);
        bench.connect();
        bench.pass(Duration.ofSeconds(30));

        // That each tag stayed what it was is checked with every value, by the bench.
        assertThat(bench.values(RECEIVED)).containsAll(bench.values(AROSE));
        assertThat(bench.values(ACKNOWLEDGED)).doesNotHaveDuplicates().isSorted();
        assertThat(bench.values(SENT)).hasSizeGreaterThan(bench.values(AROSE).size());
        assertThat(bench.tags.get(60L))
                .isBetween(
                        StationsOnTheBench.START.plusSeconds(58).toEpochMilli(),
                        StationsOnTheBench.START.plusSeconds(62).toEpochMilli());
    }

    @Test
    void aFullBufferDiscardsTheOldest() {
        StationsOnTheBench bench = new StationsOnTheBench(
                new ControlledStation.Settings(17, SECOND, 10, SECOND, SECOND),
                ControllingStation.Settings.DEFAULT,
                Iec104Parameters.DEFAULT);
        bench.controlled.start(0);
        bench.pass(Duration.ofSeconds(30));
        int arose = bench.values(AROSE).size();
        assertThat(bench.values(DISCARDED))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, arose - 10).boxed().toList());
        bench.connect();
        assertThat(bench.values(RECEIVED)).hasSize(10).startsWith(arose - 9L);
    }

    private static StationsOnTheBench commanding(Duration operateDelay) {
        return new StationsOnTheBench(
                ControlledStation.Settings.of(StationsOnTheBench.STATION, SECOND),
                new ControllingStation.Settings(
                        1,
                        Duration.ofSeconds(10),
                        true,
                        true,
                        Optional.of(Duration.ofSeconds(20)),
                        operateDelay,
                        false),
                Iec104Parameters.DEFAULT);
    }

    /** §7.7: select, confirmation, execute, confirmation; and the value changes because of it. */
    @Test
    void commandsAreSelectedAndExecuted() {
        StationsOnTheBench bench = commanding(SECOND);
        bench.connect();
        bench.pass(Duration.ofSeconds(25));
        assertThat(bench.commands)
                .containsExactly("1 SELECT_SENT", "1 SELECTED", "1 EXECUTE_SENT", "1 EXECUTED", "1 CONFIRMED");
        bench.pass(Duration.ofSeconds(20));
        assertThat(bench.commands)
                .filteredOn(line -> line.contains("EXECUTED"))
                .containsExactly("1 EXECUTED", "2 EXECUTED");
    }

    /** A selection that a break interrupts never fires, on this connection or the next, and is not repeated. */
    @Test
    void aSelectionInterruptedByABreakNeverFires() {
        StationsOnTheBench bench = commanding(Duration.ofSeconds(5));
        StationsOnTheBench.Wire wire = bench.connect();
        bench.pass(Duration.ofSeconds(21));
        wire.close();
        bench.connect();
        bench.pass(Duration.ofSeconds(15));
        assertThat(bench.commands)
                .containsExactly(
                        "1 SELECT_SENT", "1 SELECTED", "1 SELECTION_ENDED: connection lost", "1 UNANSWERED: select");
    }

    /** The execute arrived, its confirmation was lost: it was executed once, and nobody sends it again. */
    @Test
    void anExecuteWithoutAnAnswerIsNotRepeated() {
        StationsOnTheBench bench = commanding(Duration.ofSeconds(1));
        StationsOnTheBench.Wire wire = bench.connect();
        bench.pass(Duration.ofMillis(20_500));
        assertThat(bench.commands).last().isEqualTo("1 SELECTED");
        wire.cutAnswers();
        bench.pass(Duration.ofSeconds(5));
        wire.close();
        bench.connect();
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.commands)
                .containsExactly(
                        "1 SELECT_SENT", "1 SELECTED", "1 EXECUTE_SENT", "1 EXECUTED", "1 UNANSWERED: execute");
    }

    @Test
    void aSelectionEndsWithItsTime() {
        StationsOnTheBench bench = commanding(Duration.ofSeconds(11));
        bench.connect();
        bench.pass(Duration.ofSeconds(32));
        assertThat(bench.commands)
                .containsExactly(
                        "1 SELECT_SENT",
                        "1 SELECTED",
                        "1 SELECTION_ENDED: no execute for 10000 ms",
                        "1 EXECUTE_SENT",
                        "1 REFUSED: not selected",
                        "1 REFUSED: cause 7");
    }

    /** §7.6: the station's clock follows the centre's. */
    @Test
    void clocksAreSet() {
        StationsOnTheBench bench = StationsOnTheBench.usual();
        bench.connect();
        assertThat(bench.controlled.now()).isEqualTo(StationsOnTheBench.START);
    }

    /** §10: the standby only tests, and takes over when the active connection breaks; nothing is lost. */
    @Test
    void aStandbyTakesOver() {
        StationsOnTheBench bench = redundant();
        StationsOnTheBench.Wire active = bench.connect();
        StationsOnTheBench.Wire standby = bench.connect();
        assertThat(bench.sessions).last().isEqualTo("centre CONNECTED: standby");
        bench.controlled.start(0);
        bench.pass(Duration.ofMinutes(2));
        assertThat(standby.controllingEnd.state()).isEqualTo(Iec104Session.State.STOPPED);
        active.close();
        bench.pass(Duration.ofSeconds(30));
        assertThat(standby.controllingEnd.state()).isEqualTo(Iec104Session.State.STARTED);
        assertThat(bench.values(RECEIVED)).containsAll(bench.values(AROSE));
    }

    /** §10: an orderly switch loses nothing and doubles nothing. */
    @Test
    void switchingOverLosesAndDoublesNothing() {
        StationsOnTheBench bench = redundant();
        bench.connect();
        StationsOnTheBench.Wire standby = bench.connect();
        bench.controlled.start(0);
        bench.pass(Duration.ofSeconds(10));
        bench.controlling.switchTo(standby.controllingEnd);
        bench.pass(Duration.ofSeconds(10));
        assertThat(bench.sessions).contains("rtu STOPPED", "centre STOPPED");
        assertThat(standby.controlledEnd.state()).isEqualTo(Iec104Session.State.STARTED);
        assertThat(bench.values(RECEIVED)).isEqualTo(bench.values(AROSE));
    }

    /** §10: the connection that is started last is the one; the other is a standby without a word. */
    @Test
    void aSecondStartSupersedesTheFirst() {
        StationsOnTheBench bench = StationsOnTheBench.usual();
        StationsOnTheBench.Wire first = bench.connect();
        StationsOnTheBench.Wire second = bench.connect();
        assertThat(first.controlledEnd.state()).isEqualTo(Iec104Session.State.STOPPED);
        assertThat(second.controlledEnd.state()).isEqualTo(Iec104Session.State.STARTED);
        assertThat(bench.sessions).contains("rtu STOPPED");
    }

    private static StationsOnTheBench redundant() {
        return new StationsOnTheBench(
                ControlledStation.Settings.of(StationsOnTheBench.STATION, SECOND),
                new ControllingStation.Settings(
                        1, Duration.ofSeconds(10), false, false, Optional.empty(), Duration.ZERO, true),
                Iec104Parameters.DEFAULT);
    }
}

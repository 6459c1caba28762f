package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reconverge.model.history.HistoryEvent.CommandPassed;
import org.reconverge.model.history.HistoryEvent.ConnectionsAttempted;
import org.reconverge.model.history.HistoryEvent.ResourcesUsed;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.Side;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;
import org.reconverge.model.history.HistoryEvent.ValuesPassed.Step;
import org.reconverge.model.spec.FailoverSpec;

/** The tunnel is away for 400 ms in every golden trial here, and for 20 ms after the repair. */
class SessionCheckTest {

    private static final FailoverSpec SPEC =
            GoldenSpec.northWithTunnel(GoldenSpec.iec104(1)).spec();
    private static final String OLD = "198.18.1.1:40000>198.18.0.1:2404";
    private static final String NEW = "198.18.1.1:40001>198.18.0.1:2404";
    private static final String BACK = "198.18.1.1:40002>198.18.0.1:2404";

    /** A trial whose session was up before, and whose values are each received and acknowledged before and after. */
    private static GoldenTrial trial() {
        GoldenTrial trial = new GoldenTrial()
                        .north(truth -> truth.outage(0, 350)
                                .site(0, "frankfurt")
                                .outage(20_000, 20_020)
                                .site(20_000, "berlin"))
                        .stream(
                                "gw-north/tunnel-udp",
                                "berlin",
                                truth -> truth.address("198.18.0.1")
                                        .site(0, "frankfurt")
                                        .outage(0, 400)
                                        .outage(20_000, 20_020)
                                        .site(20_000, "berlin"))
                        .with(new TunnelChanged(
                                GoldenTrial.at(-2900),
                                "gw-north",
                                TunnelChanged.CLIENT,
                                TunnelChanged.State.UP,
                                "a",
                                "203.0.113.10:51820",
                                "198.18.1.1",
                                ""));
        return trial.with(atClient(-2900, 1, OLD, State.RESTORED, ""));
    }

    /** The same, restored in Frankfurt after {@code millis}, and in Berlin 1 s after the repair. */
    private static GoldenTrial restoredAfter(double millis) {
        GoldenTrial trial = trial();
        come(trial, millis - 20, 1, OLD, NEW, "frankfurt");
        come(trial, 20_980, 1, NEW, BACK, "berlin");
        return trial;
    }

    private static void come(GoldenTrial trial, double at, int station, String from, String to, String site) {
        trial.with(atClient(at - 50, station, from, State.CLOSED, "t1: no acknowledgement for 1000 ms"))
                .with(atClient(at, station, to, State.CONNECTED, ""))
                .with(atClient(at + 5, station, to, State.STARTED, ""))
                .with(atClient(at + 15, station, to, State.INTERROGATED, ""))
                .with(atSite(at + 20, station, to, State.RESTORED, site))
                .with(atClient(at + 520, station, to, State.RESTORED, ""));
    }

    private static TelecontrolChanged atClient(double at, int station, String session, State state, String detail) {
        return new TelecontrolChanged(
                GoldenTrial.at(at), session, "gw-north", "iec104", station, Side.CONTROLLED, state, "", detail);
    }

    private static TelecontrolChanged atSite(double at, int station, String session, State state, String site) {
        return new TelecontrolChanged(
                GoldenTrial.at(at), session, "", "iec104", station, Side.CONTROLLING, state, site, "");
    }

    private static ValuesPassed value(double at, String where, Step step, long number) {
        return new ValuesPassed(
                where,
                step,
                new int[] {1},
                new long[] {number},
                new long[] {GoldenTrial.at(at).nanos()},
                new long[] {0});
    }

    private static void pass(GoldenTrial trial, double at, long number, String site) {
        trial.with(value(at, "gw-north", Step.AROSE, number))
                .with(value(at + 1, "gw-north", Step.SENT, number))
                .with(value(at + 2, site, Step.RECEIVED, number))
                .with(value(at + 3, "gw-north", Step.ACKNOWLEDGED, number));
    }

    private static CommandPassed command(double at, CommandPassed.Step step, String detail) {
        return new CommandPassed(GoldenTrial.at(at), "gw-north", 1, 7, 4, 5005, step, detail);
    }

    private static TrialResult judge(GoldenTrial trial) {
        return judge(trial, SPEC);
    }

    private static TrialResult judge(GoldenTrial trial, FailoverSpec spec) {
        return TrialCheck.judge(trial.history(), spec, "fibre-cut");
    }

    private static SessionResult session(TrialResult result) {
        return result.client("gw-north")
                .flatMap(ClientResult::event)
                .flatMap(PhaseResult::layers)
                .orElseThrow()
                .sessions()
                .get(0);
    }

    @Test
    void aSessionIsRestoredWithItsFirstSpontaneousValue() {
        TrialResult result = judge(restoredAfter(900));

        assertThat(result.verdict()).as(result.reasons().toString()).isEqualTo(Verdict.PASS);
        SessionResult session = session(result);
        assertThat(session.restored()).isEqualTo(1);
        assertThat(session.recovery().orElseThrow().value())
                .as("by the controlling station, which has the value before it acknowledges it")
                .isEqualTo(Duration.ofMillis(900));
        assertThat(session.share().orElseThrow().value())
                .as("after the tunnel was back")
                .isBetween(Duration.ofMillis(485), Duration.ofMillis(505));
    }

    @Test
    void aSessionMayKeepItsConnection() {
        GoldenTrial trial = trial();
        pass(trial, 100, 17, "frankfurt"); // not through the tunnel, which is away: proves nothing
        pass(trial, 700, 18, "frankfurt");
        pass(trial, 20_700, 19, "berlin");
        TrialResult result = judge(trial);

        assertThat(result.verdict()).as(result.reasons().toString()).isEqualTo(Verdict.PASS);
        assertThat(session(result).kept()).isEqualTo(1);
        assertThat(session(result).recovery().orElseThrow().value()).isEqualTo(Duration.ofMillis(702));
    }

    /** A trial whose session was restored in Frankfurt; the way moves back 1 s after the repair, and nobody tells the session. */
    private static GoldenTrial stuckOnceHome() {
        GoldenTrial stuck = new GoldenTrial()
                .north(truth -> truth.outage(0, 350).site(0, "frankfurt").site(21_000, "berlin"));
        stuck.with(atClient(-2900, 1, OLD, State.RESTORED, ""));
        come(stuck, 880, 1, OLD, NEW, "frankfurt");
        return stuck;
    }

    /** The way moves back without a loss: what still passed by the old way proves nothing. */
    @Test
    void aConnectionIsKeptOnlyIfItCarriesSomethingAfterTheLastMove() {
        GoldenTrial stuck = stuckOnceHome();
        pass(stuck, 20_500, 19, "frankfurt");
        FailoverSpec spec = GoldenSpec.northWithSession(GoldenSpec.iec104(1)).spec();

        assertThat(judge(stuck, spec).reasons())
                .anyMatch(reason -> reason.contains("after repair") && reason.contains("passed no value"));

        pass(stuck, 21_500, 20, "berlin");
        assertThat(judge(stuck, spec).verdict()).isEqualTo(Verdict.PASS);
    }

    /** The site that was left confirms late (t2, w) what it received before the way moved, and the way from there is well. */
    @Test
    void aLateAcknowledgementOfTheOldSiteProvesNothing() {
        GoldenTrial stuck = stuckOnceHome();
        stuck.with(value(20_500, "gw-north", Step.AROSE, 19))
                .with(value(20_501, "gw-north", Step.SENT, 19))
                .with(value(20_502, "frankfurt", Step.RECEIVED, 19))
                .with(value(26_000, "gw-north", Step.ACKNOWLEDGED, 19));
        FailoverSpec spec = GoldenSpec.northWithSession(GoldenSpec.iec104(1)).spec();

        assertThat(judge(stuck, spec).reasons())
                .anyMatch(reason -> reason.contains("after repair") && reason.contains("passed no value"));

        // A platform that reports nothing itself is believed when it acknowledges what was sent since.
        stuck.with(value(26_500, "gw-north", Step.AROSE, 20))
                .with(value(26_501, "gw-north", Step.SENT, 20))
                .with(value(26_503, "gw-north", Step.ACKNOWLEDGED, 20));
        assertThat(judge(stuck, spec).reasons()).noneMatch(reason -> reason.contains("passed no value"));
    }

    /** A connection that the client gave up long ago is still repeated by TCP, and its old site still knows it. */
    @Test
    void whatTcpRepeatsOfAConnectionGivenUpProvesNothing() {
        GoldenTrial stuck = stuckOnceHome();
        pass(stuck, 2000, 19, "frankfurt");
        stuck.with(value(23_500, "berlin", Step.RECEIVED, 19));
        FailoverSpec spec = GoldenSpec.northWithSession(GoldenSpec.iec104(1)).spec();

        assertThat(judge(stuck, spec).reasons())
                .anyMatch(reason -> reason.contains("after repair") && reason.contains("passed no value"));
    }

    /** The same of a connection given up before the trial began: who received its values first is not in the history. */
    @Test
    void whatTcpRepeatsOfAConnectionOlderThanTheHistoryProvesNothing() {
        GoldenTrial stuck = stuckOnceHome();
        stuck.with(value(23_500, "berlin", Step.RECEIVED, 3));
        FailoverSpec spec = GoldenSpec.northWithSession(GoldenSpec.iec104(1)).spec();

        assertThat(judge(stuck, spec).reasons())
                .anyMatch(reason -> reason.contains("after repair") && reason.contains("passed no value"));
    }

    @Test
    void aConnectionThatCarriesNothingIsNoSession() {
        TrialResult result = judge(trial());

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .contains(
                        "gw-north: iec104 not restored after 20 s (still watched), budget 10 s: kept the connection, but "
                                + "passed no value");
    }

    @Test
    void aSessionThatNeverInterrogatesIsNotRestored() {
        GoldenTrial trial = trial();
        trial.with(atClient(500, 1, OLD, State.CLOSED, "reset by peer"))
                .with(atClient(510, 1, NEW, State.CONNECTED, ""))
                .with(atClient(515, 1, NEW, State.STARTED, ""));
        pass(trial, 700, 18, "frankfurt");
        TrialResult result = judge(trial);

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .contains("gw-north: iec104 not restored after 20 s (still watched), budget 10 s: started, but never "
                        + "completed its interrogation");
    }

    @Test
    void aSessionThatIsRestoredTooLateFailsByItsShare() {
        FailoverSpec spec = GoldenSpec.northWithTunnel(GoldenSpec.iec104(1))
                .shares(Duration.ofSeconds(1), Duration.ofSeconds(2))
                .spec();
        TrialResult result = judge(restoredAfter(3900), spec);

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("gw-north: iec104 took 3.50 s ± 0.0")
                .endsWith(" once the way was back (still watched), share 2 s");
    }

    @Test
    void aSessionThatIsRestoredAndClosedAgainIsDown() {
        GoldenTrial trial = restoredAfter(900);
        trial.with(atSite(5000, 1, NEW, State.CLOSED, "frankfurt"));

        assertThat(session(judge(trial)).down()).isEqualTo(1);
    }

    @Test
    void theEndOfTheDeadHalfOfAnOldConnectionMeansNothing() {
        GoldenTrial trial = restoredAfter(900);
        trial.with(atSite(15_000, 1, OLD, State.CLOSED, "berlin"));

        TrialResult result = judge(trial);
        assertThat(result.verdict()).as(result.reasons().toString()).isEqualTo(Verdict.PASS);
    }

    /** Seen with a thousand sessions: the new connection to Frankfurt had the port of a dead one to Berlin. */
    @Test
    void theEndOfTheDeadHalfOfAnOldConnectionMeansNothingThoughItsPortIsUsedAgain() {
        GoldenTrial trial = trial();
        trial.with(atSite(-2900, 1, NEW, State.RESTORED, "berlin")).with(atClient(-2800, 1, NEW, State.CLOSED, ""));
        come(trial, 880, 1, OLD, NEW, "frankfurt");
        trial.with(atSite(15_000, 1, NEW, State.CLOSED, "berlin"));
        come(trial, 20_980, 1, NEW, BACK, "berlin");

        assertThat(session(judge(trial)).restored()).isEqualTo(1);
    }

    @Test
    void aConnectionThatEndedMayComeAgainFromTheSamePort() {
        GoldenTrial trial = trial();
        come(trial, 400, 1, OLD, NEW, "frankfurt");
        come(trial, 900, 1, NEW, OLD, "frankfurt");
        come(trial, 20_980, 1, OLD, BACK, "berlin");

        assertThat(session(judge(trial)).restored()).isEqualTo(1);
    }

    @Test
    void ofManySessionsEachCounts() {
        FailoverSpec spec = GoldenSpec.northWithTunnel(GoldenSpec.iec104(4)).spec();
        GoldenTrial trial = restoredAfter(900);
        for (int station = 2; station <= 3; station++) {
            String to = "198.18.1.1:5000" + station + ">198.18.0.1:2404";
            trial.with(atClient(-2900, station, OLD + station, State.RESTORED, ""));
            come(trial, 1000 * station, station, OLD + station, to, "frankfurt");
            come(trial, 21_000, station, to, BACK + station, "berlin");
        }
        trial.with(atClient(-2900, 4, OLD + 4, State.RESTORED, ""))
                .with(atClient(500, 4, OLD + 4, State.CLOSED, "reset by peer"));
        TrialResult result = judge(trial, spec);

        SessionResult session = session(result);
        assertThat(session.restored()).isEqualTo(3);
        assertThat(session.down()).isEqualTo(1);
        assertThat(session.fastest().orElseThrow().value()).isEqualTo(Duration.ofMillis(900));
        assertThat(session.median().orElseThrow().value()).isEqualTo(Duration.ofMillis(2020));
        assertThat(session.recovery()).as("one is down").isEmpty();
        assertThat(result.reasons())
                .contains(
                        "gw-north: 1 of 4 sessions of iec104 not restored after 20 s (still watched), budget 10 s: 1 closed "
                                + "(reset by peer) and not connected again");
    }

    @Test
    void aStormOfReconnectionsHasItsOwnFigures() {
        FailoverSpec spec = GoldenSpec.northWithTunnel(GoldenSpec.iec104(20)).spec();
        GoldenTrial trial = trial();
        for (int station = 1; station <= 20; station++) {
            String old = station == 1 ? OLD : OLD + station;
            String to = "198.18.1.1:5000" + station + ">198.18.0.1:2404";
            trial.with(atClient(-2900, station, old, State.RESTORED, ""));
            come(trial, 600 * station, station, old, to, "frankfurt");
            come(trial, 21_000, station, to, BACK + station, "berlin");
        }
        // One before the event, 13 in a second, then one every 300 ms.
        trial.with(attempts(-100));
        for (int i = 0; i < 13; i++) {
            trial.with(attempts(500 + 76 * i));
        }
        trial.with(attempts(2000, 2300, 2600, 2900, 3200, 3500, 3800)).with(attempts(20_500));
        SessionResult session = session(judge(trial, spec));

        assertThat(session.restored()).isEqualTo(20);
        assertThat(session.p95().orElseThrow().value())
                .as("19 of 20 are not slower")
                .isEqualTo(Duration.ofMillis(600 * 19 + 20));
        assertThat(session.inTime()).as("those within 10 s").isEqualTo(16);
        assertThat(session.reconnects()).contains(new SessionResult.Reconnects(20, 13));
        assertThat(session.breaks()).isEqualTo(Map.of("t1: no acknowledgement for 1000 ms", 20));
        assertThat(session.starts()).as("nothing is said of them").isEmpty();
    }

    @Test
    void emulatorsTellWhatTheyUse() {
        TrialResult result = judge(restoredAfter(900)
                .with(used(-1000, 0, 90_000_000))
                .with(used(1000, 100, 50_000_000))
                .with(used(2000, 150, 60_000_000))
                .with(used(3000, 500, 55_000_000)));

        assertThat(result.emulators()).containsExactly(new EmulatorUse("gw-north", 60_000_000, 0.2, 0.35));
    }

    private static ResourcesUsed used(double at, long cpuMillis, long resident) {
        return new ResourcesUsed(GoldenTrial.at(at), "gw-north", Duration.ofMillis(cpuMillis), resident);
    }

    private static ConnectionsAttempted attempts(double... at) {
        return new ConnectionsAttempted(
                "gw-north",
                "gw-north/iec104",
                Arrays.stream(at).mapToLong(one -> GoldenTrial.at(one).nanos()).toArray());
    }

    @Test
    void sessionsThatWereNeverUpProveNothing() {
        GoldenTrial trial = new GoldenTrial()
                .north(truth -> truth.outage(0, 350).site(0, "frankfurt").site(20_000, "berlin"));

        assertThat(session(judge(trial)).reasons())
                .contains("no session of iec104 was seen in session before the event");
    }

    @Test
    void aValueThatWasAcknowledgedAndNeverReceivedIsLostForGood() {
        GoldenTrial trial = restoredAfter(900);
        pass(trial, -1000, 16, "berlin");
        trial.with(value(-500, "gw-north", Step.AROSE, 17))
                .with(value(-500, "gw-north", Step.SENT, 17))
                .with(value(-498, "gw-north", Step.ACKNOWLEDGED, 17));
        pass(trial, 1000, 18, "frankfurt");
        TrialResult result = judge(trial);

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .containsExactly(
                        "gw-north: iec104 lost 1 acknowledged value: the controlled station was told that it need "
                                + "not keep it, and no site has ever received it");
        assertThat(session(result).values()).isEqualTo(new SessionResult.Values(3, 3, 1, 0, 0, 0));
    }

    @Test
    void aValueThatWasNeverAcknowledgedMayBeLost() {
        GoldenTrial trial = restoredAfter(900);
        trial.with(value(-500, "gw-north", Step.AROSE, 17)).with(value(500, "gw-north", Step.DISCARDED, 17));
        TrialResult result = judge(trial);

        assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        assertThat(session(result).values()).isEqualTo(new SessionResult.Values(1, 0, 0, 0, 0, 1));
    }

    @Test
    void duplicatesAndDisorderAreCountedOnce() {
        GoldenTrial trial = restoredAfter(900);
        pass(trial, -1000, 16, "berlin");
        pass(trial, 1000, 18, "frankfurt");
        trial.with(value(-900, "gw-north", Step.AROSE, 17))
                .with(value(1100, "frankfurt", Step.RECEIVED, 17))
                .with(value(1200, "frankfurt", Step.RECEIVED, 16));
        TrialResult result = judge(trial);

        assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        assertThat(session(result).values().duplicated()).isEqualTo(1);
        assertThat(session(result).values().outOfOrder()).isEqualTo(1);
    }

    @Test
    void aValueOlderThanTheHistoryIsNoDisorderWhenItComesAgain() {
        GoldenTrial trial = restoredAfter(900);
        pass(trial, -1000, 16, "berlin");
        trial.with(value(1000, "frankfurt", Step.RECEIVED, 15));

        assertThat(session(judge(trial)).values().outOfOrder()).isZero();
    }

    @Test
    void aCommandIsNeverExecutedTwice() {
        TrialResult result = judge(restoredAfter(900)
                .with(command(-50, CommandPassed.Step.SELECTED, ""))
                .with(command(-20, CommandPassed.Step.EXECUTED, ""))
                .with(command(1200, CommandPassed.Step.SELECTED, ""))
                .with(command(1210, CommandPassed.Step.EXECUTED, "")));

        assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(result.reasons())
                .containsExactly(
                        "gw-north: iec104 command 4 to station 1 was executed twice, -20 ms and 1.21 s after the event");
        assertThat(session(result).commands()).isEqualTo(new SessionResult.Commands(1, 1, 0, 0));
    }

    @Test
    void aSelectionThatTheFailoverInterruptedMustNotFire() {
        TrialResult result = judge(restoredAfter(900)
                .with(command(-50, CommandPassed.Step.SELECTED, ""))
                .with(command(300, CommandPassed.Step.SELECTION_ENDED, "the connection broke"))
                .with(command(1200, CommandPassed.Step.EXECUTED, "")));

        assertThat(result.reasons())
                .containsExactly("gw-north: iec104 command 4 to station 1 was executed, though its selection had ended "
                        + "(the connection broke)");
    }

    @Test
    void whoWatchesKnowsHowManySessionsAreStillDown() {
        ProbeLog down = ProbeLog.of(trial().with(atClient(500, 1, OLD, State.CLOSED, ""))
                .repairAt(60_000)
                .history());
        ProbeLog up = ProbeLog.of(restoredAfter(900).history());
        ConvergenceEvent event = new ConvergenceEvent(GoldenTrial.at(-1), GoldenTrial.at(1));

        assertThat(down.recovery(event, Duration.ofSeconds(5)).sessionsDown()).isEqualTo(Map.of("gw-north", 1));
        assertThat(down.recovery(event, Duration.ofSeconds(5)).complete()).isFalse();
        assertThat(up.recovery(event, Duration.ofSeconds(5)).sessionsDown()).isEqualTo(Map.of("gw-north", 0));
    }
}

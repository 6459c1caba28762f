package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.reconverge.model.check.GoldenTrial.Stream;
import org.reconverge.model.check.ProbeResult.Recovered;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.InjectionPhase.Phase;
import org.reconverge.model.history.HistoryEvent.Note;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.spec.Expectation;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;

/** Golden histories: the truth is written down, and the verdict must say it. */
class TrialCheckTest {

    /** The service is away for 350 ms and comes back from Frankfurt; after the repair Berlin takes over without loss. */
    private static final Consumer<Stream> CLEAN =
            gw -> gw.outage(0, 350).site(350, "frankfurt").site(20_300, "berlin");

    private static TrialResult judge(GoldenTrial trial) {
        return judge(trial, GoldenSpec.north());
    }

    private static TrialResult judge(GoldenTrial trial, GoldenSpec spec) {
        return TrialCheck.judge(trial.history(), spec.spec(), "fibre-cut");
    }

    private static ProbeResult eventOf(TrialResult result) {
        return result.clients().get(0).event().orElseThrow().probes().get(0);
    }

    private static ProbeResult reversionOf(TrialResult result) {
        return result.clients().get(0).reversion().orElseThrow().probes().get(0);
    }

    private static void assertMeasured(Optional<Measured> measured, double truthMillis) {
        assertMeasured(measured.orElseThrow(), truthMillis);
    }

    private static void assertMeasured(Measured measured, double truthMillis) {
        Duration truth = Duration.ofNanos(Math.round(truthMillis * 1_000_000));
        assertThat(truth).as("the truth, measured as %s", measured).isBetween(measured.atLeast(), measured.atMost());
    }

    @Nested
    class AFailover {

        @Test
        void thatIsCleanPassesWithEveryNumberRight() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN));

            assertThat(result.reasons()).isEmpty();
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
            assertThat(result.fault()).isEqualTo("link-down on transit-a:eth2");
            assertThat(result.trial()).isEqualTo(1);
            assertThat(result.seed()).isEqualTo(7);
            ProbeResult event = eventOf(result);
            assertThat(event.lost()).isEqualTo(35);
            assertThat(event.offered()).isEqualTo(2000).isEqualTo(event.answered() + event.lost());
            assertThat(event.lossPeriods()).hasSize(1);
            assertThat(event.recovery()).isEqualTo(Recovered.RECOVERED);
            assertMeasured(event.outage(), 350);
            assertMeasured(event.lossOfConnectivity(), 350);
            assertMeasured(event.fullConvergence(), 350);
            assertMeasured(event.firstRouteConvergence(), 350);
            assertThat(event.lossOfConnectivity().value()).isEqualTo(Duration.ofMillis(350));
            // One interval, and the 0.4 ms that a probe was on its way.
            assertThat(event.lossOfConnectivity().above()).isEqualTo(Duration.ofNanos(10_400_000));
            assertThat(event.servedBefore()).contains("berlin");
            assertThat(event.servedAfter()).contains("frankfurt");
            assertThat(event.moves()).hasSize(1);
            ProbeResult reversion = reversionOf(result);
            assertThat(reversion.lost()).isZero();
            assertThat(reversion.recovery()).isEqualTo(Recovered.NOTHING_LOST);
            assertThat(reversion.servedBefore()).contains("frankfurt");
            assertThat(reversion.servedAfter()).contains("berlin");
            assertMeasured(reversion.firstRouteConvergence(), 300);
            assertThat(reversion.fullConvergence()).isEmpty();
        }

        @Test
        void overTheBudgetFailsAndSaysWhenItRecovered() {
            TrialResult result = judge(new GoldenTrial()
                    .north(gw -> gw.outage(0, 16_420).site(16_420, "frankfurt").site(20_300, "berlin"))
                    .repairAt(25_000)
                    .endAt(35_000));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            // The repair is at 25 s; the site moves back before it, which is a fault of this platform too.
            assertThat(result.reasons().get(0))
                    .isEqualTo("gw-north: recovered after 16.42 s ± 0.02 s (still watched), budget 1 s");
        }

        @Test
        void thatAControlMustMissPassesIfItIsMissed() {
            GoldenSpec control = GoldenSpec.north().expect("gw-north", GoldenSpec.misses());
            TrialResult never =
                    judge(new GoldenTrial().north(gw -> gw.outage(0, 20_100).site(20_100, "berlin")), control);
            assertThat(never.verdict()).as(never.reasons().toString()).isEqualTo(Verdict.PASS);
            TrialResult late = judge(
                    new GoldenTrial()
                            .north(gw ->
                                    gw.outage(0, 4_420).site(4_420, "frankfurt").site(20_300, "berlin")),
                    control);
            assertThat(late.verdict()).as(late.reasons().toString()).isEqualTo(Verdict.PASS);

            // The table says so: its PASS is another one than that of a client that is back.
            CampaignSummary.Row row =
                    CampaignSummary.of(List.of(never, late)).rows().get(0);
            assertThat(row.control().map(CampaignSummary.Control::notBack)).hasValue(1);
            assertThat(row.control().flatMap(CampaignSummary.Control::describe))
                    .hasValueSatisfying(text -> assertThat(text).matches("not in \\d+\\.\\d s"));
            assertThat(CampaignSummary.of(List.of(late)).rows().get(0).control())
                    .hasValue(new CampaignSummary.Control(0, Optional.empty()));
            // The control of this test: a client that must be back is none.
            TrialResult ordinary = judge(new GoldenTrial()
                    .north(gw -> gw.outage(0, 420).site(420, "frankfurt").site(20_300, "berlin")));
            assertThat(CampaignSummary.of(List.of(ordinary)).rows().get(0).control())
                    .isEmpty();
        }

        @Test
        void thatAControlMustMissFailsIfItIsKept() {
            TrialResult result = judge(
                    new GoldenTrial()
                            .north(gw ->
                                    gw.outage(0, 420).site(420, "frankfurt").site(20_300, "berlin")),
                    GoldenSpec.north().expect("gw-north", GoldenSpec.misses()));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons().get(0))
                    .startsWith("gw-north: expected the control to miss 1 s, but it recovered after 420 ms");
        }

        @Test
        void thatAControlMustReachInTheEndFailsIfItComesLaterAndSaysWhatWasExpected() {
            GoldenSpec control = GoldenSpec.north()
                    .expect("gw-north", GoldenSpec.missesUntil(Duration.ofSeconds(5), "its timer is 4 s"));
            TrialResult known = judge(
                    new GoldenTrial()
                            .north(gw ->
                                    gw.outage(0, 4_420).site(4_420, "frankfurt").site(20_300, "berlin")),
                    control);
            assertThat(known.verdict()).as(known.reasons().toString()).isEqualTo(Verdict.PASS);
            TrialResult late = judge(
                    new GoldenTrial()
                            .north(gw ->
                                    gw.outage(0, 6_000).site(6_000, "frankfurt").site(20_300, "berlin")),
                    control);
            assertThat(late.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(late.reasons().get(0))
                    .startsWith(
                            "gw-north: expected the control to recover by 5 s after all, but it recovered after 6.00 s")
                    .endsWith("; expected because its timer is 4 s");
        }

        @Test
        void fromAPlannedMoveNeedsNoLoss() {
            GoldenSpec spec = GoldenSpec.north().expect("gw-north", GoldenSpec.lossless());
            TrialResult moved = judge(
                    new GoldenTrial().north(gw -> gw.site(420, "frankfurt").site(20_300, "berlin")), spec);
            assertThat(moved.verdict()).as(moved.reasons().toString()).isEqualTo(Verdict.PASS);
            TrialResult lost = judge(
                    new GoldenTrial()
                            .north(gw ->
                                    gw.outage(400, 420).site(420, "frankfurt").site(20_300, "berlin")),
                    spec);
            assertThat(lost.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(lost.reasons().get(0))
                    .startsWith("gw-north: lost 2 probes")
                    .endsWith("a planned move must cost nothing");
        }

        @Test
        void thatNeverComesFailsAndSaysHowLongItWasWatched() {
            TrialResult result =
                    judge(new GoldenTrial().north(gw -> gw.outage(0, 20_100).site(20_100, "berlin")));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: not recovered after 19.99 s (still watched), budget 1 s");
            assertThat(eventOf(result).recovery()).isEqualTo(Recovered.NOT_RECOVERED);
            assertThat(eventOf(result).fullConvergence()).isEmpty();
            assertThat(result.clients().get(0).event().orElseThrow().recovery()).isEmpty();
            // The loss that lasts into the repair is a reversion outage of 100 ms, not a loss before it.
            assertMeasured(reversionOf(result).fullConvergence(), 100);
        }

        @Test
        void thatIsNotOverWhenTheWatchEndsBeforeTheBudgetProvesNothing() {
            TrialResult result = judge(
                    new GoldenTrial().north(gw -> gw.outage(0, 20_100)),
                    GoldenSpec.north().rto(Duration.ofSeconds(30)));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons().get(0))
                    .isEqualTo("gw-north: not recovered after 19.99 s, when the watch ended before the budget 30 s"
                            + " was used up");
        }

        @Test
        void thatWasNotWatchedForTheValidationTimeProvesNothing() {
            GoldenTrial trial = new GoldenTrial()
                    .north(gw -> gw.outage(0, 350).site(350, "frankfurt").site(4_100, "berlin"))
                    .repairAt(4_000)
                    .endAt(14_000);
            TrialResult result = judge(trial);
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons())
                    .containsExactly("gw-north: recovered after 350 ms ± 11 ms, but then was watched for only 3.64 s"
                            + " of the validation time 5 s");
            // The control: with two seconds more it passes.
            assertThat(judge(trial.repairAt(6_000)).verdict()).isEqualTo(Verdict.FAIL); // moved before the repair
            assertThat(judge(new GoldenTrial()
                                    .north(gw -> gw.outage(0, 350)
                                            .site(350, "frankfurt")
                                            .site(6_100, "berlin"))
                                    .repairAt(6_000)
                                    .endAt(16_000))
                            .verdict())
                    .isEqualTo(Verdict.PASS);
        }

        @Test
        void thatIsFollowedByAnotherLossIsOverOnlyAfterIt() {
            TrialResult result = judge(new GoldenTrial()
                    .north(gw -> gw.outage(0, 200)
                            .site(200, "frankfurt")
                            .outage(3_000, 3_500)
                            .site(20_300, "berlin")));
            ProbeResult event = eventOf(result);
            assertThat(event.lossPeriods()).extracting(LossPeriod::lost).containsExactly(20L, 50L);
            assertThat(event.lossPeriods()).extracting(LossPeriod::ended).containsExactly(true, true);
            assertMeasured(event.lossPeriods().get(0).duration(), 200);
            assertMeasured(event.lossPeriods().get(1).duration(), 500);
            assertMeasured(event.outage(), 500);
            assertMeasured(event.lossOfConnectivity(), 700);
            assertThat(event.lossOfConnectivity().above()).isEqualTo(Duration.ofNanos(20_800_000));
            assertMeasured(event.fullConvergence(), 3_500);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: recovered after 3.50 s ± 0.02 s (still watched), budget 1 s;"
                            + " out twice, the longest time for 500 ms ± 11 ms from 3 s on");
        }

        @Test
        void atTheBudgetIsDecidedByTheAccuracy() {
            // 100/s, so the brackets are 10 ms wide, and 1 ms to each side of the event.
            assertThat(judge(withOutage(985)).verdict()).isEqualTo(Verdict.PASS);
            TrialResult between = judge(withOutage(1_000));
            assertThat(between.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(between.reasons())
                    .containsExactly(
                            "gw-north: recovered after 1.00 s ± 0.02 s: the budget 1 s lies within the accuracy");
            assertThat(judge(withOutage(1_025)).verdict()).isEqualTo(Verdict.FAIL);
        }

        private GoldenTrial withOutage(double millis) {
            return new GoldenTrial()
                    .north(gw -> gw.outage(0, millis).site(millis, "frankfurt").site(20_300, "berlin"));
        }

        @Test
        void whoseLossBeginsLateSaysSo() {
            TrialResult result = judge(new GoldenTrial()
                    .north(gw ->
                            gw.outage(7_500, 7_800).site(7_800, "frankfurt").site(20_300, "berlin")));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: recovered after 7.80 s ± 0.02 s (still watched), budget 1 s;"
                            + " out for 300 ms ± 11 ms from 7.5 s on");
        }

        @Test
        void isJudgedByTheTimeThatItsExpectationGives() {
            GoldenSpec spec = GoldenSpec.north();
            GoldenTrial trial = withOutage(700);
            assertThat(judge(trial, spec).verdict()).isEqualTo(Verdict.PASS);
            spec.expect(
                    "gw-north",
                    new Expectation(
                            Optional.of(true),
                            Optional.empty(),
                            Optional.of(Duration.ofMillis(500)),
                            OptionalInt.empty()));
            assertThat(judge(trial, spec).verdict()).isEqualTo(Verdict.FAIL);
        }

        @Test
        void toTheWrongSiteFails() {
            TrialResult result = judge(
                    new GoldenTrial().north(CLEAN),
                    GoldenSpec.north().expect("gw-north", GoldenSpec.affected(Optional.of("hamburg"))));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: is served by frankfurt instead of hamburg after the event");
        }

        @Test
        void withAnAddressThatChangesFails() {
            TrialResult result = judge(new GoldenTrial()
                    .north(CLEAN.andThen(gw -> gw.source(350, "198.51.100.7").source(19_500, "203.0.113.10"))));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: was answered from 198.51.100.7 instead of 203.0.113.10");
            assertThat(result.clients().get(0).event().orElseThrow().sameAddress())
                    .isFalse();
            assertThat(result.clients().get(0).reversion().orElseThrow().sameAddress())
                    .isTrue();
        }

        @Test
        void isOnTheSameAddressHoweverItIsWritten() {
            GoldenSpec spec = GoldenSpec.north()
                    .client("gw-north", "berlin", GoldenSpec.probe("udp", ProbeSpec.Type.UDP, "2001:db8:a::10", 100));
            Consumer<Stream> ipv6 = CLEAN.andThen(gw -> gw.address("2001:db8:a::10"));
            assertThat(judge(new GoldenTrial().north(ipv6.andThen(gw -> gw.source(0, "2001:DB8:a:0:0:0:0:10"))), spec)
                            .verdict())
                    .isEqualTo(Verdict.PASS);
            assertThat(judge(new GoldenTrial().north(ipv6.andThen(gw -> gw.source(0, "2001:db8:a::11"))), spec)
                            .verdict())
                    .isEqualTo(Verdict.FAIL);
        }
    }

    @Nested
    class TheCatchment {

        @Test
        void thatFlapsFailsAndTellsEveryMove() {
            TrialResult result = judge(new GoldenTrial()
                    .north(gw -> gw.outage(0, 100)
                            .site(100, "frankfurt")
                            .site(2_000, "berlin")
                            .site(3_000, "frankfurt")
                            .site(20_300, "berlin")));
            assertThat(eventOf(result).moves()).hasSize(3);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: moved 3 times (berlin → frankfurt after 100 ms, frankfurt → berlin"
                            + " after 2 s, berlin → frankfurt after 3 s), but at most 1 is accepted");
        }

        @Test
        void thatMovesAndComesBackHasMovedTwice() {
            TrialResult result = judge(
                    new GoldenTrial().north(gw -> gw.site(1_000, "frankfurt").site(1_500, "berlin")),
                    GoldenSpec.north().expect("gw-north", GoldenSpec.affected(Optional.empty())));
            assertThat(eventOf(result).moves())
                    .extracting(CatchmentMove::from, CatchmentMove::to)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("berlin", "frankfurt"),
                            org.assertj.core.groups.Tuple.tuple("frankfurt", "berlin"));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        }

        @Test
        void mayMoveAsOftenAsTheExpectationAccepts() {
            TrialResult result = judge(
                    new GoldenTrial().north(gw -> gw.site(1_000, "frankfurt").site(1_500, "berlin")),
                    GoldenSpec.north()
                            .expect(
                                    "gw-north",
                                    new Expectation(
                                            Optional.of(true), Optional.empty(), Optional.empty(), OptionalInt.of(2))));
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        }

        @Test
        void doesNotMoveWhenRepliesOvertakeEachOther() {
            // The last three replies of Berlin come 25 ms late, between those of Frankfurt.
            TrialResult result = judge(new GoldenTrial()
                    .north(gw -> gw.site(100, "frankfurt")
                            .delayed(70, 55)
                            .delayed(80, 45)
                            .delayed(90, 35)
                            .site(20_300, "berlin")));
            ProbeResult event = eventOf(result);
            assertThat(event.outOfOrder()).isEqualTo(3);
            assertThat(event.lost()).isZero();
            assertThat(event.moves()).hasSize(1);
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        }

        @Test
        void thatMovesLongAfterTheEventWithoutLossIsTimedApartFromLoss() {
            // SIGSTOP of bgpd: the hold timer expires at 7.5 s, and nothing is lost.
            TrialResult result = judge(
                    new GoldenTrial().north(gw -> gw.site(7_500, "frankfurt").site(20_300, "berlin")));
            ProbeResult event = eventOf(result);
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
            assertThat(event.lost()).isZero();
            assertThat(event.outage().value()).isZero();
            // What could hide between two probes is said.
            assertThat(event.outage().above()).isBetween(Duration.ofMillis(10), Duration.ofMillis(12));
            assertThat(event.fullConvergence()).isEmpty();
            assertMeasured(event.firstRouteConvergence(), 7_500);
            assertMeasured(event.moves().get(0).after(), 7_500);
        }
    }

    @Nested
    class AfterTheRepair {

        @Test
        void theSameSiteMustReturn() {
            TrialResult result =
                    judge(new GoldenTrial().north(gw -> gw.outage(0, 350).site(350, "frankfurt")));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: after repair: is served by frankfurt instead of berlin, its home,"
                            + " which must return after the repair");
            assertThat(result.clients().get(0).event().orElseThrow().verdict()).isEqualTo(Verdict.PASS);
        }

        @Test
        void theBudgetHoldsToo() {
            TrialResult result = judge(new GoldenTrial()
                    .north(gw -> gw.outage(0, 350)
                            .site(350, "frankfurt")
                            .outage(20_200, 22_500)
                            .site(22_500, "berlin")));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly(
                            "gw-north: after repair: recovered after 2.50 s ± 0.02 s (still watched), budget 1 s;"
                                    + " out for 2.30 s ± 0.02 s from 200 ms on");
            // 200 ms of it were still fine.
            assertMeasured(reversionOf(result).outage(), 2_300);
            assertMeasured(reversionOf(result).fullConvergence(), 2_500);
        }

        @Test
        void oneMoveIsAllThatIsAccepted() {
            TrialResult result = judge(new GoldenTrial()
                    .north(gw -> gw.outage(0, 350)
                            .site(350, "frankfurt")
                            .site(20_300, "berlin")
                            .site(21_000, "frankfurt")
                            .site(22_000, "berlin")));
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons()).hasSize(1);
            assertThat(result.reasons().get(0)).startsWith("gw-north: after repair: moved 3 times");
        }

        @Test
        void theValidationTimeMustBeWatched() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN).endAt(23_000));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons())
                    .containsExactly("gw-north: after repair: lost nothing, but then was watched for only 2.99 s of"
                            + " the validation time 5 s");
        }
    }

    @Nested
    class ProbesAreCounted {

        @Test
        void onceEvenIfAnsweredTwice() {
            TrialResult result = judge(new GoldenTrial()
                    .north(CLEAN.andThen(
                            gw -> gw.duplicated(1_000).duplicated(2_000).duplicated(21_000))));
            assertThat(eventOf(result).duplicated()).isEqualTo(2);
            assertThat(reversionOf(result).duplicated()).isEqualTo(1);
            assertThat(eventOf(result).answered()).isEqualTo(1965);
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        }

        @Test
        void asLostIfTheReplyComesAfterTheThreshold() {
            GoldenSpec unaffected = GoldenSpec.north().expect("gw-north", GoldenSpec.unaffected());
            TrialResult late = judge(new GoldenTrial().north(gw -> gw.delayed(1_000, 2_001)), unaffected);
            assertThat(eventOf(late).late()).isEqualTo(1);
            assertThat(eventOf(late).lost()).isEqualTo(1);
            assertThat(late.verdict()).isEqualTo(Verdict.FAIL);
            // The control: just within the threshold it is good.
            TrialResult inTime = judge(new GoldenTrial().north(gw -> gw.delayed(1_000, 1_999)), unaffected);
            assertThat(eventOf(inTime).late()).isZero();
            assertThat(eventOf(inTime).lost()).isZero();
            assertThat(eventOf(inTime).outOfOrder()).isEqualTo(1);
            assertThat(inTime.verdict()).isEqualTo(Verdict.PASS);
        }

        @Test
        void asOutOfOrderInTheWindowTheyWereSentIn() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.delayed(21_000, 35))));
            assertThat(eventOf(result).outOfOrder()).isZero();
            assertThat(reversionOf(result).outOfOrder()).isEqualTo(1);
        }

        @Test
        void notAsLostWhileTheirThresholdHasNotPassed() {
            // The last probe, answered after the end.
            TrialResult result = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.delayed(29_990, 500))));
            assertThat(reversionOf(result).undecided()).isEqualTo(1);
            assertThat(reversionOf(result).lost()).isZero();
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
            // One that was overtaken may well be lost, so what came before it does not count as the end.
            TrialResult overtaken = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.delayed(29_900, 500))));
            assertThat(reversionOf(overtaken).undecided()).isEqualTo(1);
            assertThat(reversionOf(overtaken).lost()).isZero();
            assertThat(overtaken.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        }

        @Test
        void ofTheEventIfItCaughtThemOnTheirWay() {
            // 30 ms there and back: probes sent up to 24 ms before the cut are lost with it.
            TrialResult result = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.roundTrip(30))));
            assertThat(result.reasons()).isEmpty();
            assertThat(eventOf(result).lossPeriods().get(0).after()).isNegative();
            assertMeasured(eventOf(result).outage(), 350);
            assertMeasured(eventOf(result).fullConvergence(), 350);
        }
    }

    @Nested
    class AClientThatTheFaultMustNotReach {

        private final GoldenSpec spec = GoldenSpec.north()
                .client("gw-south", "frankfurt", GoldenSpec.udp(100))
                .expect("gw-south", GoldenSpec.unaffected());

        @Test
        void passesIfItNoticesNothing() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN).south(gw -> {}), spec);
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
            assertThat(result.client("gw-south")
                            .orElseThrow()
                            .event()
                            .orElseThrow()
                            .outage()
                            .orElseThrow()
                            .value())
                    .isZero();
        }

        @Test
        void failsIfItLosesOneProbe() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN).south(gw -> gw.outage(995, 1_005)), spec);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-south: lost 1 probe (out for 10 ms ± 11 ms), though the fault must not reach"
                            + " this client");
        }

        @Test
        void failsIfItsSiteChangesWithoutLoss() {
            TrialResult result = judge(
                    new GoldenTrial()
                            .north(CLEAN)
                            .south(gw -> gw.site(500, "berlin").site(900, "frankfurt")),
                    spec);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-south: moved twice (frankfurt → berlin after 500 ms, berlin → frankfurt after"
                            + " 900 ms), but no move is accepted");
        }

        @Test
        void failsIfItLosesOneProbeInTheReversion() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN).south(gw -> gw.outage(20_095, 20_105)), spec);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons().get(0)).startsWith("gw-south: after repair: lost 1 probe");
        }

        @Test
        void isNotExcusedNorBlamedForAPauseInWhichNothingWasLost() {
            TrialResult result = judge(
                    new GoldenTrial()
                            .north(CLEAN)
                            .south(gw -> gw.silent(5_000, 5_400))
                            .stalled(5_400, 390),
                    spec);
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
            assertThat(result.client("gw-south")
                            .orElseThrow()
                            .event()
                            .orElseThrow()
                            .probes()
                            .get(0)
                            .longestSilence())
                    .isEqualTo(Duration.ofMillis(410));
        }

        @Test
        void provesNothingIfThePauseExplainsTheLoss() {
            TrialResult result = judge(
                    new GoldenTrial()
                            .north(CLEAN)
                            .south(gw -> gw.outage(5_000, 5_030))
                            .stalled(4_990, 200),
                    spec);
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons().get(0))
                    .contains("lost 3 probes")
                    .endsWith("but the host did not run for 200 ms until then");
        }

        @Test
        void provesNothingIfAShortPauseExplainsAShortLoss() {
            GoldenTrial trial = new GoldenTrial().north(CLEAN).south(gw -> gw.outage(4_995, 5_005));
            assertThat(judge(trial, spec).verdict()).isEqualTo(Verdict.FAIL);
            assertThat(judge(trial.stalled(4_990, 12), spec).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        }

        @Test
        void provesNothingIfAPauseComesBeforeItsSiteChanges() {
            GoldenTrial trial = new GoldenTrial()
                    .north(CLEAN)
                    .south(gw -> gw.site(500, "berlin").site(900, "frankfurt"));
            assertThat(judge(trial.stalled(2_000, 300), spec).verdict()).isEqualTo(Verdict.FAIL);
            TrialResult result = judge(trial.stalled(450, 300), spec);
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons().get(0))
                    .endsWith("but no move is accepted; the host did not run for 300 ms until then");
        }

        @Test
        void mustNotMoveInTheReversionEither() {
            TrialResult result = judge(
                    new GoldenTrial()
                            .north(CLEAN)
                            .south(gw -> gw.site(20_500, "berlin").site(20_900, "frankfurt")),
                    spec);
            assertThat(result.reasons())
                    .containsExactly("gw-south: after repair: moved twice (frankfurt → berlin after 500 ms, berlin →"
                            + " frankfurt after 900 ms), but no move is accepted");
        }

        @Test
        void failsIfThePauseIsTooShortToExplainTheLossOrComesAfterIt() {
            for (double until : new double[] {4_990, 9_000}) {
                TrialResult result = judge(
                        new GoldenTrial()
                                .north(CLEAN)
                                .south(gw -> gw.outage(5_000, 5_030))
                                .stalled(until, until < 5_000 ? 15 : 500),
                        spec);
                assertThat(result.verdict()).as("stall until %s", until).isEqualTo(Verdict.FAIL);
            }
        }
    }

    @Nested
    class AnExpectation {

        @Test
        void toBeAffectedIsNotMetByAClientThatNoticedNothing() {
            TrialResult result = judge(new GoldenTrial().north(gw -> {}));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons())
                    .containsExactly("gw-north: the fault did not reach this client: nothing was lost and its site did"
                            + " not change");
        }

        @Test
        void thatLeavesItOpenAcceptsBoth() {
            GoldenSpec spec = GoldenSpec.north().expect("gw-north", GoldenSpec.either());
            assertThat(judge(new GoldenTrial().north(gw -> {}), spec).verdict()).isEqualTo(Verdict.PASS);
            assertThat(judge(new GoldenTrial().north(CLEAN), spec).verdict()).isEqualTo(Verdict.PASS);
        }

        @Test
        void thatIsMissingMeansTheBudgetAlone() {
            GoldenSpec spec = GoldenSpec.north().nothingExpected();
            Consumer<Stream> flapping =
                    gw -> gw.site(1_000, "frankfurt").site(1_100, "berlin").outage(0, 500);
            assertThat(judge(new GoldenTrial().north(flapping), spec).verdict()).isEqualTo(Verdict.PASS);
            assertThat(judge(new GoldenTrial().north(gw -> gw.outage(0, 2_000)), spec)
                            .verdict())
                    .isEqualTo(Verdict.FAIL);
        }
    }

    @Nested
    class ATrialProvesNothing {

        private void assertInconclusive(TrialResult result, String reason) {
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons()).contains(reason);
            assertThat(result.clients())
                    .allSatisfy(client -> assertThat(client.verdict()).isEqualTo(Verdict.INCONCLUSIVE));
        }

        @Test
        void ifTheClientWasNotSteadyBefore() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.outage(-505, -495))));
            assertInconclusive(
                    result, "gw-north: was not steady: it lost 1 probe before the event, the last 499 ms before");
            // The control: a loss before the quiet time does not matter.
            assertThat(judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.outage(-2_505, -2_495))))
                            .verdict())
                    .isEqualTo(Verdict.PASS);
        }

        @Test
        void ifTheClientWasNotSteadyEvenThoughItThenMissedItsBudget() {
            TrialResult result = judge(new GoldenTrial()
                    .north(gw -> gw.outage(-505, -495)
                            .outage(0, 5_000)
                            .site(5_000, "frankfurt")
                            .site(20_300, "berlin")));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        }

        @Test
        void ifTheCatchmentMovedBefore() {
            TrialResult result = judge(new GoldenTrial()
                    .north(CLEAN.andThen(gw -> gw.site(-1_000, "frankfurt").site(-900, "berlin"))));
            assertInconclusive(result, "gw-north: was not steady: its site changed twice before the event");
        }

        @Test
        void ifTheHomeSiteDidNotServeBefore() {
            TrialResult result = judge(new GoldenTrial().stream("gw-north/udp", "frankfurt", gw -> gw.outage(0, 350)));
            assertInconclusive(result, "gw-north: was served by frankfurt before the event, not by its home berlin");
        }

        @Test
        void ifRepliesCameFromAnotherAddressEvenBefore() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.source(-1_000, "198.51.100.7"))));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons())
                    .contains("gw-north: was answered from 198.51.100.7 instead of 203.0.113.10 even before the event");
        }

        @Test
        void ifTheFaultWasNotSeenToBite() {
            TrialResult result = judge(new GoldenTrial()
                    .north(CLEAN)
                    .withoutPhase(Phase.VERIFIED)
                    .withPhase(Phase.NOT_VERIFIED, "0 packets dropped"));
            assertInconclusive(result, "link-down on transit-a:eth2 was not seen to bite: 0 packets dropped");
        }

        @Test
        void ifNobodyLookedWhetherTheFaultBites() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN).withoutPhase(Phase.VERIFIED)),
                    "link-down on transit-a:eth2 was never verified, so it may have hit nothing");
        }

        @Test
        void ifTheFaultWasNeverApplied() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN).withoutPhase(Phase.APPLIED));
            assertInconclusive(result, "link-down on transit-a:eth2 was never applied");
            assertThat(result.event()).isEmpty();
            assertThat(result.clients().get(0).event()).isEmpty();
        }

        @Test
        void ifNothingWasInjected() {
            GoldenTrial trial = new GoldenTrial().north(CLEAN);
            for (Phase phase : Phase.values()) {
                trial.withoutPhase(phase);
            }
            assertInconclusive(judge(trial), "no fault was injected");
        }

        @Test
        void ifTheFaultWasNeverTakenBack() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN).withoutPhase(Phase.REVERTED)),
                    "link-down on transit-a:eth2 was never taken back");
        }

        @Test
        void ifSomethingOfTheFaultIsLeft() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN).withPhase(Phase.RESIDUE_FOUND, "w7a is down")),
                    "link-down on transit-a:eth2 left something behind when it was taken back: w7a is down");
        }

        @Test
        void ifNobodyLookedWhatIsLeft() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN).withoutPhase(Phase.RESIDUE_CHECKED)),
                    "link-down on transit-a:eth2 was taken back, but what it left behind was never checked");
        }

        @Test
        void ifTheHistoryHasNoEnd() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN).withoutEnd()), "the history is truncated: it has no end");
        }

        @Test
        void ifTheHistoryIsCut() {
            History whole = new GoldenTrial().north(CLEAN).history();
            History cut = new History(
                    whole.events().subList(0, whole.events().size() / 2),
                    Optional.of("line 812 is cut off after 7 characters"));
            assertInconclusive(
                    TrialCheck.judge(cut, GoldenSpec.north().spec(), "fibre-cut"),
                    "the history is truncated: line 812 is cut off after 7 characters");
        }

        @Test
        void ifTheTrialWasBrokenOff() {
            assertInconclusive(
                    judge(new GoldenTrial()
                            .north(CLEAN)
                            .withoutEnd()
                            .with(new TrialEnded(GoldenTrial.at(29_000), false, "interrupted"))),
                    "the trial did not run to its end: interrupted");
        }

        @Test
        void ifThereIsNoProbeAtAll() {
            assertInconclusive(judge(new GoldenTrial()), "gw-north: there is no probe udp in the history");
        }

        @Test
        void ifTheHistoryIsEmpty() {
            TrialResult result =
                    TrialCheck.judge(new History(List.of()), GoldenSpec.north().spec(), "fibre-cut");
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons())
                    .contains(
                            "the history has no beginning",
                            "no fault was injected",
                            "the history is truncated: it has no end");
        }

        @Test
        void ifTheProbeOnlyBeganAfterTheEvent() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.from(500)))),
                    "gw-north: sent no probe before the event, so its steady state is not known");
        }

        @Test
        void ifTheSenderStalledLongerThanAnOutageMayLast() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.silent(8_000, 9_500))));
            assertInconclusive(
                    result,
                    "gw-north: sent nothing for 1.51 s, so what happened then is not known (every 10 ms is planned, up"
                            + " to 1 s accepted)");
        }

        @Test
        void ifTheSenderDiedBeforeTheRepair() {
            TrialResult result = judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.until(10_000))));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons())
                    .anyMatch(reason -> reason.startsWith("gw-north: sent nothing for 10.01 s"))
                    .contains("gw-north: after repair: sent no probe, so nothing was watched");
        }

        @Test
        void ifAPauseOfTheHostExplainsTheMiss() {
            GoldenTrial trial = new GoldenTrial()
                    .north(gw -> gw.outage(0, 1_300).site(1_300, "frankfurt").site(20_300, "berlin"));
            assertThat(judge(trial).verdict()).isEqualTo(Verdict.FAIL);
            TrialResult result = judge(trial.stalled(900, 400));
            assertInconclusive(
                    result,
                    "gw-north: recovered after 1.30 s ± 0.02 s, budget 1 s, but the host did not run for 400 ms of it");
            // Two that noticed the same pause do not make it longer, and one that comes too late explains nothing.
            GoldenTrial longer = new GoldenTrial()
                    .north(gw -> gw.outage(0, 1_600).site(1_600, "frankfurt").site(20_300, "berlin"))
                    .stalled(900, 400)
                    .stalled(901, 400)
                    .stalled(4_000, 800);
            assertThat(judge(longer).verdict()).isEqualTo(Verdict.FAIL);
        }

        @Test
        void ifAPauseOfTheHostExplainsThatItNeverRecovered() {
            GoldenTrial trial =
                    new GoldenTrial().north(gw -> gw.outage(0, 20_100).site(20_100, "berlin"));
            assertThat(judge(trial.stalled(15_000, 10_000)).verdict()).isEqualTo(Verdict.FAIL);
            assertInconclusive(
                    judge(trial.stalled(19_900, 19_500)),
                    "gw-north: not recovered after 19.99 s, budget 1 s, but the host did not run for 19.5 s of it");
        }

        @Test
        void ifAnOutageOverTheBudgetCouldHideWhereNothingWasSent() {
            GoldenTrial trial = new GoldenTrial().north(CLEAN.andThen(gw -> gw.silent(8_000, 8_600)));
            assertThat(judge(trial).verdict()).isEqualTo(Verdict.PASS);
            TrialResult result = judge(trial, GoldenSpec.north().rto(Duration.ofMillis(500)));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons().get(0)).startsWith("gw-north: sent nothing for 610 ms");
        }

        @Test
        void ifItWasBrokenOffBeforeTheFaultAndThenOnlyThatIsSaid() {
            History broken = new History(List.of(
                    new TrialStarted(GoldenTrial.at(0), "run", "two-site", "fibre-cut", 1, 7),
                    new TrialEnded(GoldenTrial.at(1), false, "no steady state within 60 s")));
            TrialResult result = TrialCheck.judge(broken, GoldenSpec.north().spec(), "fibre-cut");
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons())
                    .containsExactly(
                            "the trial did not run to its end: no steady state within 60 s", "no fault was injected");
        }

        @Test
        void ifABatchOfTelemetryIsMissing() {
            History whole = new GoldenTrial().north(CLEAN).history();
            ProbesSent missing = whole.all(ProbesSent.class).get(1_000);
            History damaged = new History(
                    whole.events().stream().filter(event -> event != missing).toList());
            TrialResult result = TrialCheck.judge(damaged, GoldenSpec.north().spec(), "fibre-cut");
            assertInconclusive(
                    result,
                    "gw-north: the telemetry of udp is damaged: expected a batch that begins with probe 85000, but"
                            + " found 85001");
        }

        @Test
        void ifTheProbeDoesNotRunAsTheSpecSays() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.rate(50)))),
                    "gw-north: probe udp was not run as the spec says: sent every 20 ms instead of every 10 ms");
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.address("203.0.113.11")))),
                    "gw-north: probe udp was not run as the spec says: sent to 203.0.113.11 instead of 203.0.113.10");
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN.andThen(gw -> gw.protocol("tcp")))),
                    "gw-north: probe udp was not run as the spec says: sent by tcp instead of udp");
        }

        @Test
        void ifItIsOfAnotherScenario() {
            assertInconclusive(
                    judge(new GoldenTrial().north(CLEAN).scenario("site-loss")),
                    "the history is of scenario 'site-loss'");
            TrialResult unknown = TrialCheck.judge(
                    new GoldenTrial().north(CLEAN).history(), GoldenSpec.north().spec(), "no-such");
            assertInconclusive(unknown, "the spec has no scenario 'no-such'");
        }

        @Test
        void ifTheCheckerFails() {
            // An event that ends before it begins is refused by its own type, deep inside the checker.
            TrialResult result = judge(
                    new GoldenTrial().north(CLEAN).injectorBounds(-5, -4.5).injectorBounds(-4, 2));
            assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(result.reasons()).hasSize(1);
            assertThat(result.reasons().get(0))
                    .startsWith("the checker failed, so nothing is known: java.lang.IllegalArgumentException");
        }
    }

    @Nested
    class Otherwise {

        @Test
        void whatTheRoutersComplainOfIsNotedAndChangesNothing() {
            TrialResult result = judge(new GoldenTrial()
                    .north(CLEAN)
                    .with(new Note(GoldenTrial.at(100), "probes at 100/s", Map.of("rate", "100")))
                    .with(new Note(
                            GoldenTrial.at(100),
                            "after the repair, ber-edge1: BGP 100.64.1.4 Active",
                            Map.of(Note.KIND, Note.DIAGNOSIS))));
            assertThat(result.notes()).containsExactly("after the repair, ber-edge1: BGP 100.64.1.4 Active");
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        }

        @Test
        void aStepOfTheWallClockIsNotedAndChangesNothing() {
            GoldenTrial trial = new GoldenTrial().north(CLEAN);
            TrialResult without = judge(trial);
            // Three hours pass by the wall clock in one second.
            TrialResult with =
                    judge(trial.with(new ClockSync(GoldenTrial.at(100), Instant.parse("2026-11-22T16:15:03.1Z"))));
            assertThat(with.notes())
                    .containsExactly("the wall clock stepped by 10800 s; every time is of the monotonic clock, so no"
                            + " result depends on it");
            assertThat(without.notes()).isEmpty();
            assertThat(with.verdict()).isEqualTo(Verdict.PASS);
            assertThat(with.clients()).isEqualTo(without.clients());
            assertThat(with.started()).contains(Instant.parse("2026-11-22T13:14:59.999Z"));
        }

        @Test
        void theWorstProbeDecidesAndIsNamed() {
            GoldenSpec spec = GoldenSpec.north()
                    .client(
                            "gw-north",
                            "berlin",
                            GoldenSpec.probe("udp-ipv4", ProbeSpec.Type.UDP, "203.0.113.10", 100),
                            GoldenSpec.probe("udp-ipv6", ProbeSpec.Type.UDP, "2001:db8:a::10", 100));
            TrialResult result = judge(
                    new GoldenTrial()
                            .stream("gw-north/udp-ipv4", "berlin", CLEAN).stream(
                                    "gw-north/udp-ipv6",
                                    "berlin",
                                    gw -> gw.address("2001:db8:a::10")
                                            .outage(0, 2_000)
                                            .site(2_000, "frankfurt")
                                            .site(20_300, "berlin")),
                    spec);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(result.reasons())
                    .containsExactly("gw-north: udp-ipv6 recovered after 2.00 s ± 0.02 s (still watched), budget 1 s");
            PhaseResult event = result.clients().get(0).event().orElseThrow();
            assertMeasured(event.outage(), 2_000);
            assertMeasured(event.recovery(), 2_000);
        }

        @Test
        void aBrokenConnectionIsTold() {
            GoldenSpec spec = GoldenSpec.north()
                    .client("gw-north", "berlin", GoldenSpec.probe("tcp", ProbeSpec.Type.TCP, "203.0.113.10", 100));
            TrialResult result = judge(
                    new GoldenTrial()
                            .stream(
                                    "gw-north/tcp",
                                    "berlin",
                                    CLEAN.andThen(gw -> gw.protocol("tcp")
                                            .connection(-2_000, true, "")
                                            .connection(340, false, "reset by peer")
                                            .connection(355, true, "")
                                            .connection(20_100, false, "closed by peer"))),
                    spec);
            assertThat(result.verdict()).isEqualTo(Verdict.PASS);
            assertThat(eventOf(result).connectionLosses())
                    .containsExactly(new ConnectionLoss(
                            Duration.ofMillis(340), "reset by peer", Optional.of(Duration.ofMillis(15))));
            assertThat(reversionOf(result).connectionLosses())
                    .containsExactly(new ConnectionLoss(Duration.ofMillis(100), "closed by peer", Optional.empty()));
        }

        @Test
        void theWorstClientDecides() {
            GoldenSpec spec = GoldenSpec.north()
                    .client("gw-south", "frankfurt", GoldenSpec.udp(100))
                    .expect("gw-south", GoldenSpec.unaffected());
            FailoverSpec read = spec.spec();
            TrialResult result = TrialCheck.judge(
                    new GoldenTrial()
                            .north(CLEAN)
                            .south(gw -> gw.site(1, "berlin"))
                            .history(),
                    read,
                    "fibre-cut");
            assertThat(result.clients()).extracting(ClientResult::verdict).containsExactly(Verdict.PASS, Verdict.FAIL);
            assertThat(result.verdict()).isEqualTo(Verdict.FAIL);
        }
    }
}

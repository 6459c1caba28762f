package org.reconverge.model.check;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reconverge.model.spec.Expectation;
import org.reconverge.model.spec.Outcome;

/**
 * Judges a control: a client of which the scenario says that it must miss its budget ({@link Outcome#MISSES}). It passes by
 * failing, which shows that the measurement can tell the difference.
 */
final class ControlCheck {

    private ControlCheck() {}

    /** Turns the result of a client that was judged as any other into that of a control. */
    static PhaseResult of(PhaseResult seen, Expectation expectation, Duration budget) {
        if (seen.verdict() == Verdict.INCONCLUSIVE) {
            return seen;
        }
        String back =
                back(seen).map(time -> "recovered after " + time.describe()).orElse("did not");
        if (!missed(seen, budget)) {
            String lost = lostNothing(seen) ? "lost nothing" : back;
            return with(
                    seen,
                    Verdict.FAIL,
                    List.of("expected the control to miss " + Wording.plain(budget) + ", but it " + lost
                            + reason(expectation)));
        }
        return expectation
                .until()
                .filter(until ->
                        back(seen).filter(time -> time.surelyWithin(until)).isEmpty())
                .map(until -> with(
                        seen,
                        Verdict.FAIL,
                        List.of("expected the control to recover by " + Wording.plain(until) + " after all, but it "
                                + back + reason(expectation))))
                .orElseGet(() -> with(seen, Verdict.PASS, List.of()));
    }

    private static boolean missed(PhaseResult seen, Duration budget) {
        return seen.probes().stream().anyMatch(probe -> misses(probe, budget))
                || sessions(seen)
                        .anyMatch(session -> session.down() > 0
                                || session.recovery()
                                        .filter(time -> time.surelyOver(budget))
                                        .isPresent());
    }

    private static boolean lostNothing(PhaseResult seen) {
        return seen.recovery().isEmpty() && sessions(seen).allMatch(session -> session.kept() == session.sessions());
    }

    /** Returns when everything was back, the telecontrol sessions too; empty if something never was. */
    private static Optional<Measured> back(PhaseResult seen) {
        if (sessions(seen).anyMatch(session -> session.down() > 0)) {
            return Optional.empty();
        }
        return Stream.concat(seen.recovery().stream(), sessions(seen).flatMap(session -> session.recovery().stream()))
                .max(Comparator.comparing(Measured::value))
                .filter(time -> seen.probes().stream()
                        .noneMatch(probe -> probe.recovery() == ProbeResult.Recovered.NOT_RECOVERED));
    }

    private static Stream<SessionResult> sessions(PhaseResult seen) {
        return seen.layers().stream().flatMap(layers -> layers.sessions().stream());
    }

    private static String reason(Expectation expectation) {
        return expectation.because().isEmpty() ? "" : "; expected because " + expectation.because();
    }

    private static boolean misses(ProbeResult probe, Duration budget) {
        return probe.recovery() == ProbeResult.Recovered.NOT_RECOVERED
                ? probe.watched().compareTo(budget) > 0
                : probe.fullConvergence()
                        .filter(time -> time.surelyOver(budget))
                        .isPresent();
    }

    /** Adds to a failure why it should have been otherwise. */
    static PhaseResult explained(PhaseResult seen, Expectation expectation) {
        if (seen.verdict() != Verdict.FAIL || expectation.because().isEmpty()) {
            return seen;
        }
        return with(
                seen,
                seen.verdict(),
                Stream.concat(seen.reasons().stream(), Stream.of("expected because " + expectation.because()))
                        .toList());
    }

    private static PhaseResult with(PhaseResult seen, Verdict verdict, List<String> reasons) {
        return new PhaseResult(
                verdict,
                reasons,
                seen.servedBefore(),
                seen.servedAfter(),
                seen.moves(),
                seen.outage(),
                seen.recovery(),
                seen.sameAddress(),
                seen.probes(),
                seen.layers());
    }
}

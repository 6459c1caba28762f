package org.reconverge.model.check;

import java.time.Duration;
import java.util.List;
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
        if (seen.probes().stream().noneMatch(probe -> misses(probe, budget))) {
            return with(
                    seen,
                    Verdict.FAIL,
                    List.of("expected the control to miss " + Wording.plain(budget) + ", but it "
                            + seen.recovery()
                                    .map(time -> "recovered after " + time.describe())
                                    .orElse("lost nothing")
                            + reason(expectation)));
        }
        return expectation
                .until()
                .filter(until ->
                        seen.recovery().filter(time -> time.surelyWithin(until)).isEmpty())
                .map(until -> with(
                        seen,
                        Verdict.FAIL,
                        List.of("expected the control to recover by " + Wording.plain(until) + " after all, but it "
                                + seen.recovery()
                                        .map(time -> "recovered after " + time.describe())
                                        .orElse("did not")
                                + reason(expectation))))
                .orElseGet(() -> with(seen, Verdict.PASS, List.of()));
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

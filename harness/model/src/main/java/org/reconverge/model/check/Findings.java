package org.reconverge.model.check;

import java.util.ArrayList;
import java.util.List;

/** Gathers what speaks against a {@code PASS}, and the verdict that follows. Confined to one judgement. */
final class Findings {

    private final List<String> reasons = new ArrayList<>();
    private Verdict verdict = Verdict.PASS;

    void fail(String reason) {
        reasons.add(reason);
        verdict = verdict.and(Verdict.FAIL);
    }

    void inconclusive(String reason) {
        reasons.add(reason);
        verdict = verdict.and(Verdict.INCONCLUSIVE);
    }

    void take(PhaseResult phase, String prefix) {
        phase.reasons().forEach(reason -> reasons.add(prefix + reason));
        verdict = verdict.and(phase.verdict());
    }

    void take(Findings other) {
        take(other.verdict, other.reasons);
    }

    void take(Verdict other, List<String> because) {
        reasons.addAll(because);
        verdict = verdict.and(other);
    }

    Verdict verdict() {
        return verdict;
    }

    List<String> reasons() {
        return reasons;
    }
}

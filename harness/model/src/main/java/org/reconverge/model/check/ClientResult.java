package org.reconverge.model.check;

import java.util.List;
import java.util.Optional;

/**
 * What a trial shows for one client.
 *
 * @param client the client's name in the spec
 * @param control whether it is a control, which passes by missing its budget
 * @param verdict the worse of event and reversion; at most {@code INCONCLUSIVE} if the trial itself proves nothing
 * @param reasons why it is not {@code PASS}, for people; those of the reversion begin with {@code after repair:}
 * @param event what it saw of the fault; empty if there was no event to measure from
 * @param reversion what it saw of the repair, judged as strictly; empty if the fault was never taken back
 */
public record ClientResult(
        String client,
        boolean control,
        Verdict verdict,
        List<String> reasons,
        Optional<PhaseResult> event,
        Optional<PhaseResult> reversion) {

    /** Copies the list, so that a result never changes. */
    public ClientResult {
        reasons = List.copyOf(reasons);
    }
}

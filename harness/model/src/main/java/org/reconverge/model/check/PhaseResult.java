package org.reconverge.model.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one client saw of the event or of its reversion, over all its probes.
 *
 * @param verdict the verdict
 * @param reasons why it is not {@code PASS}, for people; empty if it is
 * @param servedBefore the sites that answered last before the event, one unless its addresses differ
 * @param servedAfter the sites that answered last in the window, one unless its addresses differ
 * @param moves the catchment moves of the stream that moved most
 * @param outage the longest outage of any stream, zero if nothing was lost; empty if there was no probe at all
 * @param recovery the longest Full Convergence Time of any stream; empty if nothing was lost, or if a stream that lost
 *     probes was not good again by the end of the window
 * @param sameAddress whether every reply came from the address that was asked
 * @param probes the streams, in the order of the spec
 * @param layers the same layer by layer, if the client has a tunnel or telecontrol sessions
 */
public record PhaseResult(
        Verdict verdict,
        List<String> reasons,
        List<String> servedBefore,
        List<String> servedAfter,
        int moves,
        Optional<Measured> outage,
        Optional<Measured> recovery,
        boolean sameAddress,
        List<ProbeResult> probes,
        Optional<Layers> layers) {

    /** Copies the lists, so that a result never changes. */
    public PhaseResult {
        reasons = List.copyOf(reasons);
        servedBefore = List.copyOf(servedBefore);
        servedAfter = List.copyOf(servedAfter);
        probes = List.copyOf(probes);
    }

    /** Returns the same numbers under another verdict, with these reasons before its own. */
    PhaseResult doubted(Verdict other, List<String> doubts) {
        List<String> all = new ArrayList<>(doubts);
        all.addAll(reasons);
        return new PhaseResult(
                other, all, servedBefore, servedAfter, moves, outage, recovery, sameAddress, probes, layers);
    }
}

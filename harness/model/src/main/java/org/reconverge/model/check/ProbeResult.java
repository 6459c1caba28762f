package org.reconverge.model.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one probe stream saw of one convergence event: the event itself or its reversion. Numbers only; what they are
 * worth is judged in {@link PhaseResult}.
 *
 * <p>A probe is <em>good</em> if a reply came within the threshold. Counts are of the probes sent in the window, which
 * starts with the first probe that the event could have caught on its way and ends where the next event begins.
 *
 * @param probe the stream, {@code client/name}
 * @param protocol {@code udp} or {@code tcp}
 * @param address the service address that it is sent to
 * @param interval the time between two probes: 1 / offered load
 * @param threshold the forwarding delay threshold (RFC 6412 §3.7.6)
 * @param offered probes sent in the window, {@code answered + lost + undecided}
 * @param answered good probes
 * @param lost probes without a good reply
 * @param late how many of {@code lost} were answered after the threshold
 * @param undecided probes without a reply whose threshold had not passed when the history ended
 * @param duplicated surplus replies
 * @param outOfOrder replies that arrived after the reply to a later probe
 * @param lossPeriods the runs of lost probes, in order
 * @param lossOfConnectivity the Loss of Connectivity Period (RFC 6412 §3.6.5), loss-derived: lost probes / offered load,
 *     ± 1 / offered load for every loss period (RFC 6413 §6)
 * @param outage the longest loss period, zero if nothing was lost: how long the client was without the service at a
 *     stretch
 * @param firstRouteConvergence First Route Convergence Time (RFC 6412 §3.6.1): from the event to the first probe that
 *     another site answered; empty if the site did not change
 * @param fullConvergence Full Convergence Time (RFC 6412 §3.6.2), rate-derived: from the event to the sending of the first
 *     good probe after the last lost one; empty if nothing was lost or no good probe followed. Whether it was sustained is
 *     in {@code recovery}
 * @param recovery how the window ended
 * @param watched from the event to the last probe of the window whose fate is known
 * @param sustained how long probes had succeeded without a loss at the end of the window
 * @param servedBefore the site that answered last before the event; empty if none did
 * @param servedAfter the site that answered last in the window; empty if none did
 * @param moves the catchment moves, in order
 * @param wrongSources the addresses that replies came from other than {@code address}; empty as it should be
 * @param connectionLosses the connection's breaks (TCP only)
 * @param longestSilence the longest time between two sends in the window, when nothing was watched; normally
 *     {@code interval}
 */
public record ProbeResult(
        String probe,
        String protocol,
        String address,
        Duration interval,
        Duration threshold,
        long offered,
        long answered,
        long lost,
        long late,
        long undecided,
        long duplicated,
        long outOfOrder,
        List<LossPeriod> lossPeriods,
        Measured lossOfConnectivity,
        Measured outage,
        Optional<Measured> firstRouteConvergence,
        Optional<Measured> fullConvergence,
        Recovered recovery,
        Duration watched,
        Duration sustained,
        Optional<String> servedBefore,
        Optional<String> servedAfter,
        List<CatchmentMove> moves,
        List<String> wrongSources,
        List<ConnectionLoss> connectionLosses,
        Duration longestSilence) {

    /** Copies the lists, so that a result never changes. */
    public ProbeResult {
        lossPeriods = List.copyOf(lossPeriods);
        moves = List.copyOf(moves);
        wrongSources = List.copyOf(wrongSources);
        connectionLosses = List.copyOf(connectionLosses);
    }

    /** Returns whether the event reached this stream: a probe was lost or another site answered. */
    public boolean noticed() {
        return lost > 0 || !moves.isEmpty();
    }

    /** How a window ended for a probe stream. */
    public enum Recovered {
        /** Nothing was lost, and the stream was watched for the validation time. */
        NOTHING_LOST,
        /** Every probe succeeded for the validation time (RFC 6412 §3.7.5) after the last loss. */
        RECOVERED,
        /** Probes succeed again, or always did, but were not watched for the validation time. */
        NOT_VALIDATED,
        /** The last probe of the window was lost, or there was none. */
        NOT_RECOVERED
    }
}

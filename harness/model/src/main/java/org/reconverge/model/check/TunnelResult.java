package org.reconverge.model.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reconverge.model.spec.Continuity;

/**
 * What an event did to a client's tunnel: as its observer at the client saw it, and as the probes inside it did.
 *
 * @param verdict the verdict on it alone
 * @param reasons why it is not {@code PASS}
 * @param continuity how much of it survived; empty if it was not observed
 * @param because what {@code continuity} follows from, for people
 * @param rekeys how often new keys came into use
 * @param rekeyed from the event until keys first changed; empty if they did not
 * @param roamed the outer addresses other than the service address that the client sent to; empty as it should be
 * @param outage the longest outage of the probes inside, zero if nothing was lost; empty if there are none
 * @param firstAnswer from the event to the first answer inside after the network had recovered; empty if nothing was lost
 *     inside, or nothing was answered
 * @param recovery the longest Full Convergence Time of the probes inside; empty if nothing was lost, or one of them had
 *     not recovered
 * @param share from the recovery of the network to {@code firstAnswer}: what the tunnel itself took
 */
public record TunnelResult(
        Verdict verdict,
        List<String> reasons,
        Optional<Continuity> continuity,
        String because,
        int rekeys,
        Optional<Duration> rekeyed,
        List<String> roamed,
        Optional<Measured> outage,
        Optional<Measured> firstAnswer,
        Optional<Measured> recovery,
        Optional<Measured> share) {

    /** Copies the lists, so that a result never changes. */
    public TunnelResult {
        reasons = List.copyOf(reasons);
        roamed = List.copyOf(roamed);
    }
}

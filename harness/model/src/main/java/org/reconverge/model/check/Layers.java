package org.reconverge.model.check;

import java.util.List;
import java.util.Optional;

/**
 * What one client saw of an event, layer by layer; of clients with a tunnel or with telecontrol sessions.
 *
 * @param network outside the tunnel
 * @param tunnel the tunnel; empty if the client has none
 * @param sessions the telecontrol sessions, in the order of the spec
 * @param phases how the time to recover was spent
 * @param demanded what was demanded of tunnel and sessions; empty if they were not judged
 */
public record Layers(
        NetworkResult network,
        Optional<TunnelResult> tunnel,
        List<SessionResult> sessions,
        Phases phases,
        Optional<LayerDemand> demanded) {

    /** Copies the list, so that layers never change. */
    public Layers {
        sessions = List.copyOf(sessions);
    }

    /**
     * The network, as the probes outside the tunnel saw it.
     *
     * @param verdict the verdict on it alone
     * @param reasons why it is not {@code PASS}
     * @param outage the longest outage, zero if nothing was lost; empty if nothing was watched
     * @param recovery the longest Full Convergence Time; empty if nothing was lost, or a probe had not recovered
     */
    public record NetworkResult(
            Verdict verdict, List<String> reasons, Optional<Measured> outage, Optional<Measured> recovery) {

        /** Copies the list, so that a result never changes. */
        public NetworkResult {
            reasons = List.copyOf(reasons);
        }
    }
}

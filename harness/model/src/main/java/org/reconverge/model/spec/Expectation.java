package org.reconverge.model.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What must hold for one client in one scenario.
 *
 * @param affected whether the fault is expected to reach this client: {@code true} (the default) means that a trial in
 *     which the client noticed nothing proves nothing and is INCONCLUSIVE, {@code false} that it must not lose a probe
 *     or change its site, empty that both are accepted (for example a redundant edge)
 * @param servedBy the site that must serve the client after the event; empty for any
 * @param within the time to recover in after the event, where it differs from the budget's {@code rto}; the reversion
 *     is held to the {@code rto}
 * @param maxMoves the most catchment moves accepted for the event; default 1 if affected, else 0
 * @param tunnel the least that must survive of its tunnel; empty for {@link Continuity#RESUMED}
 * @param outcome whether it must recover, or as a control must not, within that time
 * @param until when a control that missed that time must have recovered after all; empty if it need not
 * @param because why it takes that long, to be said when it does not; may be empty
 * @param lossless whether the network outside the tunnel must lose nothing, as in a planned move (RFC 8326)
 */
public record Expectation(
        Optional<Boolean> affected,
        Optional<String> servedBy,
        Optional<Duration> within,
        OptionalInt maxMoves,
        Optional<Continuity> tunnel,
        Outcome outcome,
        Optional<Duration> until,
        String because,
        boolean lossless) {

    /** Creates an expectation that gives no reason and accepts loss. */
    public Expectation(
            Optional<Boolean> affected,
            Optional<String> servedBy,
            Optional<Duration> within,
            OptionalInt maxMoves,
            Optional<Continuity> tunnel,
            Outcome outcome) {
        this(affected, servedBy, within, maxMoves, tunnel, outcome, Optional.empty(), "", false);
    }

    /** Creates an expectation of a client that recovers. */
    public Expectation(
            Optional<Boolean> affected,
            Optional<String> servedBy,
            Optional<Duration> within,
            OptionalInt maxMoves,
            Optional<Continuity> tunnel) {
        this(affected, servedBy, within, maxMoves, tunnel, Outcome.RECOVERS);
    }

    /** Creates an expectation that says nothing special about a tunnel. */
    public Expectation(
            Optional<Boolean> affected, Optional<String> servedBy, Optional<Duration> within, OptionalInt maxMoves) {
        this(affected, servedBy, within, maxMoves, Optional.empty());
    }
}

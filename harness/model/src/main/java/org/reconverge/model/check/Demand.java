package org.reconverge.model.check;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is demanded of a client after an event.
 *
 * @param budget the time to recover in
 * @param unaffected whether it must lose nothing
 * @param mustNotice whether a trial in which it noticed nothing proves nothing
 * @param maxMoves the most catchment moves accepted; empty for any number
 * @param site the site that must serve it at the end; empty for any
 * @param siteReason why it must be that site, to end a sentence with; may be empty
 * @param lossless whether the network outside the tunnel must lose nothing
 * @param layers what is demanded of its tunnel and its telecontrol sessions; if empty, what its probes saw is judged alone
 */
public record Demand(
        Duration budget,
        boolean unaffected,
        boolean mustNotice,
        OptionalInt maxMoves,
        Optional<String> site,
        String siteReason,
        boolean lossless,
        Optional<LayerDemand> layers) {

    /** Creates a demand that is made of a client's probes alone. */
    public Demand(
            Duration budget,
            boolean unaffected,
            boolean mustNotice,
            OptionalInt maxMoves,
            Optional<String> site,
            String siteReason) {
        this(budget, unaffected, mustNotice, maxMoves, site, siteReason, false, Optional.empty());
    }
}

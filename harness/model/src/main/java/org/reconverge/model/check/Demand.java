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
 */
public record Demand(
        Duration budget,
        boolean unaffected,
        boolean mustNotice,
        OptionalInt maxMoves,
        Optional<String> site,
        String siteReason) {}

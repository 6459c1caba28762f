package org.reconverge.lab;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A session of a router as its daemon negotiated it, which may differ from what is configured (RFC 7747 §6).
 *
 * @param node the router
 * @param protocol {@code BGP} or {@code BFD}
 * @param peer the neighbour's address or interface
 * @param state the daemon's word for its state
 * @param values the negotiated values: for BGP {@code remoteAs}, {@code holdTimeMillis}, {@code keepaliveMillis}, {@code tcpMss} and per
 *     address family {@code received/<family>} and {@code sent/<family>} routes; for BFD {@code detectMultiplier} and
 *     {@code detectTimeMillis} (RFC 5880 §6.8.4), {@code transmitMillis}; a value that the daemon does not tell is missing
 */
public record Peering(String node, String protocol, String peer, String state, Map<String, Long> values) {

    /** Copies the values, so that a peering never changes. */
    public Peering {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }
}

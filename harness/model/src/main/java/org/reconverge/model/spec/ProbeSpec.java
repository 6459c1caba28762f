package org.reconverge.model.spec;

import java.time.Duration;

/**
 * A continuous, numbered stream of requests from one client to one service address.
 *
 * @param name the name, unique within the client, such as {@code udp-ipv4}
 * @param type how requests travel
 * @param address the service address it is sent to, as text without brackets
 * @param port the port of the probe server at every site
 * @param rate how often a request is sent
 * @param threshold the forwarding delay threshold (RFC 6412 §3.7.6): a later reply counts as lost
 */
public record ProbeSpec(String name, Type type, String address, int port, Rate rate, Duration threshold) {

    /** How requests travel. */
    public enum Type {
        /** One datagram a request. */
        UDP,
        /** Requests and replies on one connection, which is re-established when it breaks. */
        TCP
    }
}

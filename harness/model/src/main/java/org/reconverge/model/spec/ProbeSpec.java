package org.reconverge.model.spec;

import java.time.Duration;

/**
 * A continuous, numbered stream of requests from one client to one address of the platform.
 *
 * @param name the name, unique within the client, such as {@code udp-ipv4}
 * @param via the way to the platform
 * @param type how requests travel
 * @param address where it is sent, as text without brackets: a service address, or the inner address
 * @param port the port of the probe server at every site
 * @param rate how often a request is sent
 * @param threshold the forwarding delay threshold (RFC 6412 §3.7.6): a later reply counts as lost
 */
public record ProbeSpec(String name, Via via, Type type, String address, int port, Rate rate, Duration threshold) {

    /** Creates a probe of a service address, outside any tunnel. */
    public ProbeSpec(String name, Type type, String address, int port, Rate rate, Duration threshold) {
        this(name, Via.NETWORK, type, address, port, rate, threshold);
    }

    /** How requests travel. */
    public enum Type {
        /** One datagram a request. */
        UDP,
        /** Requests and replies on one connection, which is re-established when it breaks. */
        TCP
    }
}

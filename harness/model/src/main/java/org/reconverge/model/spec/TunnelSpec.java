package org.reconverge.model.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A client's tunnel to the platform. It runs to the first IPv4 service address, unless its peer is configured by the address
 * of one site; both sites terminate it under one identity.
 *
 * @param type the protocol
 * @param profile how it is configured
 * @param keepalive how often a packet is sent when there is nothing to say (WireGuard's PersistentKeepalive, whole
 *     seconds); empty for what the profile says
 * @param innerAddress the client's IPv4 address inside the tunnel, as text
 * @param from the address of the node that the tunnel leaves from, where the node has several access lines; empty for what
 *     the kernel chooses
 * @param networks the networks behind the client that may be reached through the tunnel, as text
 * @param number counts the tunnels of a node, from 0: each has an interface, an inner link and a concentrator of its own
 * @param peer the IPv4 address that the peer is configured by, as text; empty for the service address
 */
public record TunnelSpec(
        Type type,
        Profile profile,
        Optional<Duration> keepalive,
        String innerAddress,
        Optional<String> from,
        List<String> networks,
        int number,
        Optional<String> peer) {

    /** Copies the list, so that a tunnel never changes. */
    public TunnelSpec {
        networks = List.copyOf(networks);
    }

    /** Creates the only tunnel of a node. */
    public TunnelSpec(Type type, Profile profile, Optional<Duration> keepalive, String innerAddress) {
        this(type, profile, keepalive, innerAddress, Optional.empty(), List.of(), 0, Optional.empty());
    }

    /** Returns the platform's IPv4 address in tunnels of this number, the same at every site, as text: 198.18.0.1 and up. */
    public String platformAddress() {
        return platformAddress(number);
    }

    /** Returns the platform's address in tunnels of a number. */
    public static String platformAddress(int number) {
        return "198.18.0." + (1 + number);
    }

    /** A protocol. */
    public enum Type {
        /** WireGuard. */
        WIREGUARD,
        /** OpenVPN with TLS over UDP. */
        OPENVPN,
        /** IPsec with IKEv2. */
        IPSEC
    }

    /** How a tunnel is configured. */
    public enum Profile {
        /** As the vendor ships it. */
        STOCK,
        /** The best that configuration alone can do. */
        TUNED,
        /** Tuned, and the surviving site takes the tunnel over; where a protocol forbids that, a watchdog at the client. */
        ASSISTED
    }
}

package org.reconverge.model.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * A client's tunnel to the platform. It runs to the first IPv4 service address, and both sites terminate it under one
 * identity.
 *
 * @param type the protocol
 * @param profile how it is configured
 * @param keepalive how often a packet is sent when there is nothing to say (WireGuard's PersistentKeepalive, whole
 *     seconds); empty for what the profile says
 * @param innerAddress the client's IPv4 address inside the tunnel, as text
 */
public record TunnelSpec(Type type, Profile profile, Optional<Duration> keepalive, String innerAddress) {

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

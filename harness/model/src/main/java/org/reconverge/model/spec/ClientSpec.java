package org.reconverge.model.spec;

import java.util.List;

/**
 * A customer gateway whose service is watched.
 *
 * @param name the client's name in the spec
 * @param node the topology node it runs in
 * @param home the site that serves it in the steady state
 * @param firewall what its firewall lets through
 * @param probes its probes; never empty
 */
public record ClientSpec(String name, String node, String home, Firewall firewall, List<ProbeSpec> probes) {

    /** Copies the list, so that a client never changes. */
    public ClientSpec {
        probes = List.copyOf(probes);
    }

    /** What a customer's firewall lets through. */
    public enum Firewall {
        /** Everything. */
        OPEN,
        /** Only packets to and from the service addresses (and what links need: ARP, IPv6 neighbour discovery). */
        STRICT_IP
    }
}

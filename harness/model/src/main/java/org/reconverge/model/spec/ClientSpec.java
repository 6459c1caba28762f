package org.reconverge.model.spec;

import java.util.List;
import java.util.Optional;

/**
 * A customer gateway whose service is watched.
 *
 * @param name the client's name in the spec
 * @param node the topology node it runs in
 * @param home the site that serves it in the steady state
 * @param firewall what its firewall lets through
 * @param tunnel its tunnel to the platform; empty for none
 * @param lookup how it finds the service if it knows it by name; empty if it knows the address
 * @param probes its numbered probes; never empty
 * @param sessions its telecontrol sessions; may be empty
 */
public record ClientSpec(
        String name,
        String node,
        String home,
        Firewall firewall,
        Optional<TunnelSpec> tunnel,
        Optional<NameLookup> lookup,
        List<ProbeSpec> probes,
        List<SessionSpec> sessions) {

    /** Copies the lists, so that a client never changes. */
    public ClientSpec {
        probes = List.copyOf(probes);
        sessions = List.copyOf(sessions);
    }

    /** Creates a client that knows the service's address. */
    public ClientSpec(
            String name,
            String node,
            String home,
            Firewall firewall,
            Optional<TunnelSpec> tunnel,
            List<ProbeSpec> probes,
            List<SessionSpec> sessions) {
        this(name, node, home, firewall, tunnel, Optional.empty(), probes, sessions);
    }

    /** Creates a client without a tunnel and without telecontrol sessions. */
    public ClientSpec(String name, String node, String home, Firewall firewall, List<ProbeSpec> probes) {
        this(name, node, home, firewall, Optional.empty(), probes, List.of());
    }

    /** Returns its probes by one way to the platform. */
    public List<ProbeSpec> probes(Via via) {
        return probes.stream().filter(probe -> probe.via() == via).toList();
    }

    /** What a customer's firewall lets through. */
    public enum Firewall {
        /** Everything. */
        OPEN,
        /** Only packets to and from the service addresses (and what links need: ARP, IPv6 neighbour discovery). */
        STRICT_IP
    }
}

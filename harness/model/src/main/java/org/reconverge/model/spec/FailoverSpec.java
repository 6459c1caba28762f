package org.reconverge.model.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.topology.Topology;

/**
 * The failover spec: what must hold on a topology.
 *
 * @param file the file it was read from
 * @param topology the topology file it refers to, resolved
 * @param addresses the anycast service addresses, IPv4 or IPv6, as text without brackets
 * @param sites the sites by name, in the order of the file
 * @param budget the default budget
 * @param clients the clients by name, in the order of the file
 * @param scenarios the scenarios by name, in the order of the file
 * @param steadyState when the lab counts as healthy
 * @param validation the sustained convergence validation time (RFC 6412 §3.7.5): how long probes must succeed before a
 *     client counts as recovered
 * @param images image names that are replaced before a node starts; keys may hold {@code *}
 */
public record FailoverSpec(
        Path file,
        Path topology,
        List<String> addresses,
        Map<String, Site> sites,
        Budget budget,
        Map<String, ClientSpec> clients,
        Map<String, Scenario> scenarios,
        SteadyState steadyState,
        Duration validation,
        Map<String, String> images) {

    // RFC 2544 benchmarking range: never routed, and in no address plan of a customer.
    static final String INNER_ADDRESS = "198.18.0.1";

    /** Copies the collections, so that a spec never changes. */
    public FailoverSpec {
        addresses = List.copyOf(addresses);
        sites = Collections.unmodifiableMap(new LinkedHashMap<>(sites));
        clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
        scenarios = Collections.unmodifiableMap(new LinkedHashMap<>(scenarios));
        images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    }

    /**
     * Returns the spec of a topology that nothing is said of: no service, no client, no scenario. Its lab is in steady state
     * when every session of its routers is up and no route has changed for a second.
     */
    public static FailoverSpec withoutService(Topology topology) {
        return new FailoverSpec(
                topology.file(),
                topology.file(),
                List.of(),
                Map.of(),
                new Budget(
                        Duration.ofSeconds(30), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Map.of(),
                Map.of(),
                new SteadyState(Duration.ofSeconds(1), Duration.ofSeconds(90)),
                Duration.ofSeconds(5),
                Map.of());
    }

    /**
     * Returns the platform's IPv4 addresses inside tunnels, the same at every site, as text: one for the first tunnel of each
     * node, one for the second, and so on; empty if there are no tunnels.
     */
    public List<String> innerAddresses() {
        return clients.values().stream()
                .flatMap(client -> client.tunnel().stream())
                .map(TunnelSpec::platformAddress)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns whether an address, as text, is of the network that only tunnels lead to (198.18.0.0/15, RFC 2544). */
    public static boolean isInner(String address) {
        return address.startsWith("198.18.") || address.startsWith("198.19.");
    }

    /**
     * Returns the address that tunnels run to, the first IPv4 service address; empty if there is none, and then no client
     * has a tunnel.
     */
    public Optional<String> tunnelAddress() {
        return addresses.stream().filter(address -> !address.contains(":")).findFirst();
    }

    /** Returns the address that the tunnel of a client runs to; empty if it has none. */
    public Optional<String> tunnelAddress(ClientSpec client) {
        return client.tunnel().flatMap(tunnel -> tunnel.peer().or(this::tunnelAddress));
    }

    /**
     * Returns a site.
     *
     * @throws IllegalArgumentException if there is none of that name; the message says which there are
     */
    public Site site(String name) {
        return find(sites, name, "site");
    }

    /**
     * Returns a client.
     *
     * @throws IllegalArgumentException if there is none of that name; the message says which there are
     */
    public ClientSpec client(String name) {
        return find(clients, name, "client");
    }

    /**
     * Returns a scenario.
     *
     * @throws IllegalArgumentException if there is none of that name; the message says which there are
     */
    public Scenario scenario(String name) {
        return find(scenarios, name, "scenario");
    }

    private <T> T find(Map<String, T> named, String name, String what) {
        T found = named.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "unknown " + what + " '" + name + "' in " + file + Suggestion.or(name, named.keySet(), "it has"));
        }
        return found;
    }
}

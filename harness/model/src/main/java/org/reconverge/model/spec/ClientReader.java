package org.reconverge.model.spec;

import static org.reconverge.model.spec.SpecForm.checkKeys;
import static org.reconverge.model.spec.SpecForm.checkName;
import static org.reconverge.model.spec.SpecForm.choice;
import static org.reconverge.model.spec.SpecForm.duration;
import static org.reconverge.model.spec.SpecForm.namedEntries;
import static org.reconverge.model.spec.SpecForm.nonEmpty;
import static org.reconverge.model.spec.SpecForm.required;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;
import org.reconverge.model.topology.IpAddress;

/** Reads the clients of a spec and their probes. */
final class ClientReader {

    private static final Rate DEFAULT_RATE = new Rate(100);
    private static final Duration DEFAULT_THRESHOLD = Duration.ofSeconds(2);

    private static final Set<String> CLIENT_KEYS = Set.of("node", "home", "firewall", "tunnel", "dns", "probes");
    private static final Set<String> DNS_KEYS = Set.of("name", "resolver", "lookup");
    private static final Set<String> PROBE_KEYS = Set.of("name", "type", "via", "to", "rate", "threshold");
    private static final Map<String, Via> VIAS = Map.of("network", Via.NETWORK, "tunnel", Via.TUNNEL);

    private final SpecNames names;
    private final SpecReader.Service service;
    private final Map<String, Site> sites;
    private final TunnelReader tunnels;
    private final SessionReader sessionReader = new SessionReader();

    ClientReader(SpecNames names, SpecReader.Service service, Map<String, Site> sites) {
        this.names = names;
        this.service = service;
        this.sites = sites;
        this.tunnels = new TunnelReader(service, sites.values());
    }

    Map<String, ClientSpec> read(YamlMapping document) {
        Map<String, ClientSpec> clients = new LinkedHashMap<>();
        namedEntries(document, "clients", "a mapping of client names to clients")
                .forEach((name, value) -> required(value, "a client, such as '{home: berlin}'")
                        .flatMap(client -> client(name, client))
                        .ifPresent(client -> {
                            checkNeighbours(client, clients.values(), value);
                            clients.put(name, client);
                            checkStations(client, clients.values(), value);
                        }));
        return clients;
    }

    /** The platform has one telecontrol station at a port, whoever connects to it. */
    private static void checkStations(ClientSpec client, Collection<ClientSpec> all, YamlValue value) {
        for (SessionSpec session : client.sessions()) {
            for (ClientSpec other : all) {
                other.sessions().stream()
                        .filter(theirs -> theirs != session && meetAnotherStation(session, theirs))
                        .findFirst()
                        .ifPresent(theirs -> value.error("expected another 'port' for the session '" + session.name()
                                + "', since '" + theirs.name() + "' of client '" + other.name()
                                + "' connects to the platform's station at port " + session.port()
                                + " with another role, other commands or other parameters (k, w, t0 to t3)"));
            }
        }
    }

    private static boolean meetAnotherStation(SessionSpec one, SessionSpec other) {
        boolean meet = one.port() == other.port()
                && one.connect() == SessionSpec.Connect.CLIENT
                && other.connect() == SessionSpec.Connect.CLIENT
                && one.parameters() instanceof SessionSpec.Iec104Parameters
                && other.parameters() instanceof SessionSpec.Iec104Parameters;
        boolean isShared = one.role() == SessionSpec.Role.CONTROLLED
                && other.role() == SessionSpec.Role.CONTROLLED
                && one.parameters().equals(other.parameters())
                && one.commands().equals(other.commands());
        return meet && !isShared;
    }

    private static void checkNeighbours(ClientSpec client, Collection<ClientSpec> others, YamlValue value) {
        List<ClientSpec> neighbours = others.stream()
                .filter(other -> other.node().equals(client.node()))
                .toList();
        neighbours.stream()
                .filter(other -> other.firewall() != client.firewall())
                .findFirst()
                .ifPresent(other -> value.error("expected the firewall of client '" + other.name()
                        + "', which runs in the same node '" + client.node() + "'; a node has one firewall"));
        neighbours.stream()
                .filter(other -> collide(client.tunnel(), other.tunnel()))
                .findFirst()
                .ifPresent(other -> value.error("expected another 'from' of the tunnel, since client '" + other.name()
                        + "' runs in the same node '" + client.node()
                        + "' and has one; tunnels of one node leave each from an address of its own"));
    }

    private static boolean collide(Optional<TunnelSpec> one, Optional<TunnelSpec> other) {
        return one.isPresent()
                && other.isPresent()
                && (one.get().from().isEmpty()
                        || one.get().from().equals(other.get().from())
                        || other.get().from().isEmpty());
    }

    private Optional<ClientSpec> client(String name, YamlMapping client) {
        checkKeys(client, CLIENT_KEYS);
        Optional<YamlValue> writtenNode = client.get("node");
        Optional<String> node = writtenNode.isPresent()
                ? writtenNode.get().text("the name of a node").filter(text -> names.checkNode(text, writtenNode.get()))
                : Optional.of(name).filter(text -> checkDefaultNode(text, client));
        YamlValue nodePlace = writtenNode.orElse(client.asValue());
        Optional<String> usable = node.filter(text -> names.checkContainer(text, nodePlace, "runs no client"));
        usable.flatMap(text -> sites.values().stream()
                        .filter(site -> site.nodes().contains(text))
                        .findFirst())
                .ifPresent(site -> nodePlace.error("the node '" + node.orElse(name) + "' stands at site '" + site.name()
                        + "'; a client is outside"));
        Optional<String> home = client.require("home", "the site that serves the client in the steady state")
                .flatMap(names::site);
        ClientSpec.Firewall firewall = client.get("firewall")
                .flatMap(value -> choice(
                        value, Map.of("strict-ip", ClientSpec.Firewall.STRICT_IP, "open", ClientSpec.Firewall.OPEN)))
                .orElse(ClientSpec.Firewall.OPEN);
        Optional<TunnelSpec> tunnel = tunnels.read(client, usable.orElse(name));
        Optional<NameLookup> lookup = lookup(client);
        List<SessionSpec> sessions = new ArrayList<>();
        // The tunnel itself may be wrong, which has been noted then.
        Optional<String> inner = client.get("tunnel")
                .map(written -> tunnel.map(TunnelSpec::platformAddress).orElse(FailoverSpec.INNER_ADDRESS));
        List<ProbeSpec> addressed = probes(client, inner, sessions);
        List<ProbeSpec> probes = lookup.map(dns -> byName(dns, addressed)).orElse(addressed);
        return usable.isPresent() && home.isPresent()
                ? Optional.of(
                        new ClientSpec(name, usable.get(), home.get(), firewall, tunnel, lookup, probes, sessions))
                : Optional.empty();
    }

    private static Optional<NameLookup> lookup(YamlMapping client) {
        Optional<YamlMapping> written = client.get("dns")
                .flatMap(value -> value.mapping("a mapping, such as '{name: control.example, resolver: 192.0.2.53}'"));
        if (written.isEmpty()) {
            return Optional.empty();
        }
        YamlMapping dns = written.get();
        checkKeys(dns, DNS_KEYS);
        client.get("tunnel")
                .ifPresent(value -> value.error("expected no 'tunnel' beside 'dns'; a tunnel runs to an address"));
        Optional<String> name = dns.require("name", "the name of the service").flatMap(value -> value.text("a name"));
        Optional<IpAddress> resolver = dns.require("resolver", "the address of the client's resolver")
                .flatMap(value -> value.parsed("an address", IpAddress::parse));
        NameLookup.Policy policy = dns.get("lookup")
                .flatMap(value -> choice(value, Map.of("ttl", NameLookup.Policy.TTL, "once", NameLookup.Policy.ONCE)))
                .orElse(NameLookup.Policy.TTL);
        return name.flatMap(text -> resolver.map(address -> new NameLookup(text, address.text(), policy)));
    }

    /** One probe of each kind to the name, in place of one to each service address. */
    private static List<ProbeSpec> byName(NameLookup lookup, List<ProbeSpec> probes) {
        Map<ProbeSpec.Type, ProbeSpec> named = new LinkedHashMap<>();
        for (ProbeSpec probe : probes) {
            named.putIfAbsent(
                    probe.type(),
                    new ProbeSpec(
                            probe.type() == ProbeSpec.Type.UDP ? "udp-dns" : "tcp-dns",
                            probe.type(),
                            lookup.name(),
                            probe.port(),
                            probe.rate(),
                            probe.threshold()));
        }
        return List.copyOf(named.values());
    }

    private boolean checkDefaultNode(String name, YamlMapping client) {
        boolean known = names.mayBeNode(name);
        if (!known) {
            client.error("expected 'node': the node that the client runs in, but it is missing, and no node is named '"
                    + name + "'" + names.nodeSuggestion(name));
        }
        return known;
    }

    private List<ProbeSpec> probes(YamlMapping client, Optional<String> inner, List<SessionSpec> sessions) {
        List<ProbeSpec> probes = new ArrayList<>();
        Optional<YamlValue> written = client.get("probes");
        if (written.isEmpty()) {
            addProbes(probes, "udp", ProbeSpec.Type.UDP, service.addresses(), DEFAULT_RATE, DEFAULT_THRESHOLD);
            inner.ifPresent(address ->
                    probes.add(inside("tunnel-udp", ProbeSpec.Type.UDP, address, DEFAULT_RATE, DEFAULT_THRESHOLD)));
            return probes;
        }
        for (YamlValue item : nonEmpty(written, "a list of probes")) {
            required(item, "a probe, such as '{type: udp, rate: 100/s}'")
                    .ifPresent(probe -> readProbe(probe, inner, probes, sessions));
        }
        if (probes.stream().noneMatch(probe -> probe.via() == Via.NETWORK)) {
            // What the tunnel and the sessions do can be told from what the network does only if that is watched, too.
            List<ProbeSpec> outside = new ArrayList<>();
            addProbes(outside, "udp", ProbeSpec.Type.UDP, service.addresses(), DEFAULT_RATE, DEFAULT_THRESHOLD);
            outside.stream()
                    .filter(probe -> isTaken(probe.name(), probes, sessions))
                    .forEach(probe -> written.get()
                            .error("expected no probe '" + probe.name()
                                    + "' inside the tunnel, since the one outside, which "
                                    + "is added where none is written, has this name"));
            probes.addAll(0, outside);
        }
        int total = probes.stream().mapToInt(probe -> probe.rate().perSecond()).sum();
        if (total > 1000) {
            written.get()
                    .warning("the probes of this client send " + total
                            + " requests a second together; more than 1000 may disturb the measurement");
        }
        return probes;
    }

    private void readProbe(
            YamlMapping probe, Optional<String> inner, List<ProbeSpec> probes, List<SessionSpec> sessions) {
        Optional<String> session = SessionReader.type(probe);
        checkKeys(probe, session.map(SessionReader::keys).orElse(PROBE_KEYS));
        Optional<String> name =
                probe.get("name").flatMap(value -> value.text("a name").filter(text -> checkName(text, value)));
        Via via = via(probe, inner.isPresent());
        List<IpAddress> addresses = addresses(probe, via);
        if (session.isPresent()) {
            String address = via == Via.TUNNEL
                    ? inner.orElse(FailoverSpec.INNER_ADDRESS)
                    : addresses.stream().findFirst().map(IpAddress::text).orElse("");
            SessionSpec read = sessionReader.read(probe, session.get(), name.orElse(session.get()), via, address);
            if (checkNotTaken(read.name(), probe, probes, sessions)) {
                sessions.add(read);
            }
            return;
        }
        Optional<ProbeSpec.Type> type =
                probe.require("type", "udp, tcp, iec104, modbus or tls").flatMap(ClientReader::type);
        Rate rate = probe.get("rate")
                .flatMap(value -> value.parsed("a rate, such as 100/s", ClientReader::rate))
                .orElse(DEFAULT_RATE);
        Duration threshold = duration(probe, "threshold").orElse(DEFAULT_THRESHOLD);
        if (type.isEmpty()) {
            return;
        }
        String stem = name.orElse(type.get() == ProbeSpec.Type.UDP ? "udp" : "tcp");
        List<ProbeSpec> added = new ArrayList<>();
        if (via == Via.TUNNEL) {
            added.add(inside(
                    name.orElse("tunnel-" + stem),
                    type.get(),
                    inner.orElse(FailoverSpec.INNER_ADDRESS),
                    rate,
                    threshold));
        } else if (name.isPresent() && addresses.size() == 1) {
            added.add(new ProbeSpec(stem, type.get(), addresses.get(0).text(), service.port(), rate, threshold));
        } else {
            addProbes(added, stem, type.get(), addresses, rate, threshold);
        }
        for (ProbeSpec candidate : added) {
            if (checkNotTaken(candidate.name(), probe, probes, sessions)) {
                probes.add(candidate);
            }
        }
    }

    private static Optional<ProbeSpec.Type> type(YamlValue value) {
        // Sessions are read elsewhere, and stand here to be named where none of the types is found.
        return choice(
                        value,
                        Map.of(
                                "udp", Optional.of(ProbeSpec.Type.UDP),
                                "tcp", Optional.of(ProbeSpec.Type.TCP),
                                "iec104", Optional.<ProbeSpec.Type>empty(),
                                "modbus", Optional.<ProbeSpec.Type>empty(),
                                "tls", Optional.<ProbeSpec.Type>empty()))
                .flatMap(type -> type);
    }

    private static Via via(YamlMapping probe, boolean hasTunnel) {
        Via via = probe.get("via").flatMap(value -> choice(value, VIAS)).orElse(Via.NETWORK);
        if (via == Via.TUNNEL && !hasTunnel) {
            probe.get("via")
                    .ifPresent(
                            value -> value.error("expected a client with a tunnel, but this one has none; give it one, "
                                    + "such as 'tunnel: {type: wireguard}', or leave 'via' out"));
        }
        return via;
    }

    private List<IpAddress> addresses(YamlMapping probe, Via via) {
        Optional<YamlValue> to = probe.get("to");
        if (to.isPresent() && via == Via.TUNNEL) {
            to.get()
                    .error("expected no 'to' beside 'via: tunnel'; inside, the platform has one address, "
                            + FailoverSpec.INNER_ADDRESS);
            return List.of();
        }
        return to.map(value -> value.parsed("a service address", IpAddress::parse)
                        .filter(address -> checkServiceAddress(address, value))
                        .map(List::of)
                        .orElse(List.of()))
                .orElse(service.addresses());
    }

    private ProbeSpec inside(String name, ProbeSpec.Type type, String address, Rate rate, Duration threshold) {
        return new ProbeSpec(name, Via.TUNNEL, type, address, service.port(), rate, threshold);
    }

    private static boolean isTaken(String name, List<ProbeSpec> probes, List<SessionSpec> sessions) {
        return probes.stream().anyMatch(other -> other.name().equals(name))
                || sessions.stream().anyMatch(other -> other.name().equals(name));
    }

    private static boolean checkNotTaken(
            String name, YamlMapping probe, List<ProbeSpec> probes, List<SessionSpec> sessions) {
        boolean taken = isTaken(name, probes, sessions);
        if (taken) {
            YamlValue place = probe.get("name").orElse(probe.asValue());
            place.error("the client has a probe '" + name + "' already; give this one another 'name'");
        }
        return !taken;
    }

    /** Adds one probe for each address, named after its family. */
    private void addProbes(
            List<ProbeSpec> probes,
            String stem,
            ProbeSpec.Type type,
            List<IpAddress> addresses,
            Rate rate,
            Duration threshold) {
        Map<String, Integer> count = new HashMap<>();
        for (IpAddress address : addresses) {
            int number = count.merge(address.family(), 1, Integer::sum);
            String name = stem + "-" + address.family() + (number == 1 ? "" : "-" + number);
            probes.add(new ProbeSpec(name, type, address.text(), service.port(), rate, threshold));
        }
    }

    private boolean checkServiceAddress(IpAddress address, YamlValue value) {
        if (service.addresses().isEmpty() || service.addresses().contains(address)) {
            return true;
        }
        value.error("expected one of the service's addresses, but found '" + address + "'"
                + Suggestion.or(
                        address.text(),
                        service.addresses().stream().map(IpAddress::text).toList(),
                        "they are"));
        return false;
    }

    static Rate rate(String text) {
        if (!text.matches("[0-9]{1,6}/s")) {
            throw new IllegalArgumentException("expected a rate, such as 100/s, but found '" + text + "'");
        }
        return new Rate(Integer.parseInt(text.substring(0, text.length() - 2)));
    }
}

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

    private static final Set<String> CLIENT_KEYS = Set.of("node", "home", "firewall", "probes");
    private static final Set<String> PROBE_KEYS = Set.of("name", "type", "to", "rate", "threshold");

    private final SpecNames names;
    private final SpecReader.Service service;
    private final Map<String, Site> sites;

    ClientReader(SpecNames names, SpecReader.Service service, Map<String, Site> sites) {
        this.names = names;
        this.service = service;
        this.sites = sites;
    }

    Map<String, ClientSpec> read(YamlMapping document) {
        Map<String, ClientSpec> clients = new LinkedHashMap<>();
        namedEntries(document, "clients", "a mapping of client names to clients")
                .forEach((name, value) -> required(value, "a client, such as '{home: berlin}'")
                        .flatMap(client -> client(name, client))
                        .ifPresent(client -> {
                            clients.values().stream()
                                    .filter(other ->
                                            other.node().equals(client.node()) && other.firewall() != client.firewall())
                                    .findFirst()
                                    .ifPresent(other -> value.error("expected the firewall of client '" + other.name()
                                            + "', which runs in the same node '" + client.node()
                                            + "'; a node has one firewall"));
                            clients.put(name, client);
                        }));
        return clients;
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
        List<ProbeSpec> probes = probes(client);
        return usable.isPresent() && home.isPresent()
                ? Optional.of(new ClientSpec(name, usable.get(), home.get(), firewall, probes))
                : Optional.empty();
    }

    private boolean checkDefaultNode(String name, YamlMapping client) {
        boolean known = names.mayBeNode(name);
        if (!known) {
            client.error("expected 'node': the node that the client runs in, but it is missing, and no node is named '"
                    + name + "'" + names.nodeSuggestion(name));
        }
        return known;
    }

    private List<ProbeSpec> probes(YamlMapping client) {
        List<ProbeSpec> probes = new ArrayList<>();
        Optional<YamlValue> written = client.get("probes");
        if (written.isEmpty()) {
            addProbes(probes, "udp", ProbeSpec.Type.UDP, service.addresses(), DEFAULT_RATE, DEFAULT_THRESHOLD);
            return probes;
        }
        for (YamlValue item : nonEmpty(written, "a list of probes")) {
            required(item, "a probe, such as '{type: udp, rate: 100/s}'").ifPresent(probe -> readProbe(probe, probes));
        }
        int total = probes.stream().mapToInt(probe -> probe.rate().perSecond()).sum();
        if (total > 1000) {
            written.get()
                    .warning("the probes of this client send " + total
                            + " requests a second together; more than 1000 may disturb the measurement");
        }
        return probes;
    }

    private void readProbe(YamlMapping probe, List<ProbeSpec> probes) {
        checkKeys(probe, PROBE_KEYS);
        Optional<ProbeSpec.Type> type = probe.require("type", "udp or tcp")
                .flatMap(value -> choice(value, Map.of("udp", ProbeSpec.Type.UDP, "tcp", ProbeSpec.Type.TCP)));
        Optional<String> name =
                probe.get("name").flatMap(value -> value.text("a name").filter(text -> checkName(text, value)));
        Rate rate = probe.get("rate")
                .flatMap(value -> value.parsed("a rate, such as 100/s", ClientReader::rate))
                .orElse(DEFAULT_RATE);
        Duration threshold = duration(probe, "threshold").orElse(DEFAULT_THRESHOLD);
        List<IpAddress> addresses = probe.get("to")
                .map(value -> value.parsed("a service address", IpAddress::parse)
                        .filter(address -> checkServiceAddress(address, value))
                        .map(List::of)
                        .orElse(List.of()))
                .orElse(service.addresses());
        if (type.isEmpty()) {
            return;
        }
        List<ProbeSpec> added = new ArrayList<>();
        if (name.isPresent() && addresses.size() == 1) {
            added.add(new ProbeSpec(name.get(), type.get(), addresses.get(0).text(), service.port(), rate, threshold));
        } else {
            String stem = name.orElse(type.get() == ProbeSpec.Type.UDP ? "udp" : "tcp");
            addProbes(added, stem, type.get(), addresses, rate, threshold);
        }
        for (ProbeSpec candidate : added) {
            boolean taken = probes.stream().anyMatch(other -> other.name().equals(candidate.name()));
            if (taken) {
                YamlValue place = probe.get("name").orElse(probe.asValue());
                place.error("the client has a probe '" + candidate.name() + "' already; give this one another 'name'");
            } else {
                probes.add(candidate);
            }
        }
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

    private static Rate rate(String text) {
        if (!text.matches("[0-9]{1,6}/s")) {
            throw new IllegalArgumentException("expected a rate, such as 100/s, but found '" + text + "'");
        }
        return new Rate(Integer.parseInt(text.substring(0, text.length() - 2)));
    }
}

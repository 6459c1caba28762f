package org.reconverge.model.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.source.DurationText;
import org.reconverge.model.source.Problems;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;
import org.reconverge.model.topology.IpAddress;
import org.reconverge.model.topology.Node;
import org.reconverge.model.topology.NodeKind;
import org.reconverge.model.topology.Topology;

/** Turns the document of one failover spec into a {@link FailoverSpec}. */
final class SpecReader {

    static final int DEFAULT_PORT = 7000;
    static final Rate DEFAULT_RATE = new Rate(100);
    static final Duration DEFAULT_THRESHOLD = Duration.ofSeconds(2);
    static final Duration DEFAULT_VALIDATION = Duration.ofSeconds(5);
    static final Duration DEFAULT_WATCH = Duration.ofSeconds(5);
    static final SteadyState DEFAULT_STEADY_STATE = new SteadyState(Duration.ofSeconds(2), Duration.ofSeconds(60));

    /** Names become parts of file names (evidence) and of probe ids. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private static final Pattern IMAGE = Pattern.compile("[^\\s*]+");

    private static final Set<String> KEYS = Set.of(
            "topology", "service", "sites", "budget", "clients", "scenarios", "steady-state", "validation", "images");
    private static final Set<String> SERVICE_KEYS = Set.of("addresses", "port");
    private static final Set<String> SITE_KEYS = Set.of("nodes", "service");
    private static final Set<String> BUDGET_KEYS = Set.of("rto", "detect", "converge", "tunnel", "session");
    private static final Set<String> STEADY_STATE_KEYS = Set.of("quiet", "timeout");
    private static final Set<String> CLIENT_KEYS = Set.of("node", "home", "firewall", "probes");
    private static final Set<String> PROBE_KEYS = Set.of("name", "type", "to", "rate", "threshold");
    private static final Set<String> SCENARIO_KEYS = Set.of("description", "fault", "watch", "expect");
    private static final Set<String> EXPECTATION_KEYS = Set.of("affected", "served-by", "within", "moves");

    private final Path file;
    private final Optional<Topology> topology;
    private final Problems problems;

    /** The names that the file declares, those of entries with errors included, so that one error is reported once. */
    private final Set<String> siteNames = new LinkedHashSet<>();

    private final Set<String> clientNames = new LinkedHashSet<>();

    /**
     * Creates a reader.
     *
     * @param topology what names are checked against; empty if it could not be read, and then they are not
     */
    SpecReader(Path file, Optional<Topology> topology, Problems problems) {
        this.file = file;
        this.topology = topology;
        this.problems = problems;
    }

    static Path topologyPath(Path spec, String written) {
        return spec.resolveSibling(written).normalize();
    }

    FailoverSpec read(YamlMapping document) {
        Set<String> known = new TreeSet<>(KEYS);
        document.entries().keySet().stream().filter(key -> key.startsWith("x-")).forEach(known::add);
        document.rejectUnknownKeys(known);
        KEYS.forEach(key -> Optional.ofNullable(document.entries().get(key))
                .filter(YamlValue::isNothing)
                .ifPresent(value -> value.error("expected a value, but found nothing")));

        Path topologyFile = document.require("topology", "the path of the topology file, such as two-site.clab.yml")
                .flatMap(value -> value.text("the path of the topology file"))
                .map(text -> topologyPath(file, text))
                .orElse(file);
        Service service = service(document);
        Map<String, Site> sites = sites(document);
        Budget budget = budget(document);
        Map<String, ClientSpec> clients = clients(document, service, sites);
        Map<String, Scenario> scenarios = scenarios(document, sites, clients);
        return new FailoverSpec(
                file,
                topologyFile,
                service.addresses().stream().map(IpAddress::text).toList(),
                sites,
                budget,
                clients,
                scenarios,
                steadyState(document),
                duration(document, "validation").orElse(DEFAULT_VALIDATION),
                images(document));
    }

    // The service

    private record Service(List<IpAddress> addresses, int port) {}

    private Service service(YamlMapping document) {
        Optional<YamlMapping> service = document.require("service", "a mapping with the anycast 'addresses'")
                .flatMap(value -> value.mapping("a mapping with the anycast 'addresses'"));
        if (service.isEmpty()) {
            return new Service(List.of(), DEFAULT_PORT);
        }
        checkKeys(service.get(), SERVICE_KEYS);
        List<IpAddress> addresses = new ArrayList<>();
        Optional<YamlValue> list =
                service.get().require("addresses", "the anycast addresses, such as [203.0.113.10, \"2001:db8:a::10\"]");
        for (YamlValue item : nonEmpty(list, "a list of addresses")) {
            item.parsed("an address", IpAddress::parse)
                    .filter(address -> checkAnycast(address, item))
                    .ifPresent(address -> {
                        if (addresses.contains(address)) {
                            item.error("the address " + address + " stands here twice");
                        } else {
                            addresses.add(address);
                        }
                    });
        }
        int port = service.get()
                .get("port")
                .map(value -> value.integer(1, 65535))
                .orElse(OptionalInt.empty())
                .orElse(DEFAULT_PORT);
        return new Service(addresses, port);
    }

    private static boolean checkAnycast(IpAddress address, YamlValue value) {
        var inet = address.toInetAddress();
        boolean unicast = !inet.isAnyLocalAddress()
                && !inet.isLoopbackAddress()
                && !inet.isLinkLocalAddress()
                && !inet.isMulticastAddress();
        if (!unicast) {
            value.error("expected an address that can be announced, but found '" + address + "'");
        }
        return unicast;
    }

    // Sites

    private Map<String, Site> sites(YamlMapping document) {
        Map<String, Site> sites = new LinkedHashMap<>();
        Map<String, String> siteOfNode = new HashMap<>();
        Map<String, YamlValue> written = namedEntries(document, "sites", "a mapping of site names to sites");
        siteNames.addAll(written.keySet());
        written.forEach((name, value) -> required(value, "a site, such as '{nodes: [ber-edge1, ber-svc]}'")
                .flatMap(site -> site(name, site, siteOfNode))
                .ifPresent(site -> sites.put(name, site)));
        if (sites.size() == 1 && !problems.hasErrors()) {
            document.get("sites")
                    .ifPresent(value -> problems.warning(
                            value.keyPosition(), value.path(), "there is one site only, so no client can fail over"));
        }
        return sites;
    }

    private Optional<Site> site(String name, YamlMapping site, Map<String, String> siteOfNode) {
        checkKeys(site, SITE_KEYS);
        List<String> nodes = new ArrayList<>();
        Optional<YamlValue> list = site.require("nodes", "every node that stands at the site");
        for (YamlValue item : nonEmpty(list, "a list of node names")) {
            item.text("the name of a node")
                    .filter(node -> checkNode(node, item))
                    .ifPresent(node -> {
                        String other = siteOfNode.putIfAbsent(node, name);
                        if (other == null) {
                            nodes.add(node);
                        } else if (other.equals(name)) {
                            item.error("the node '" + node + "' stands here twice");
                        } else {
                            item.error("the node '" + node + "' stands at site '" + other
                                    + "' already; a node has one site");
                        }
                    });
        }
        Optional<YamlValue> written = site.get("service");
        Optional<String> service = written.isPresent()
                ? written.get()
                        .text("the node that runs the service")
                        .filter(node -> checkServiceNode(node, nodes, written.get()))
                : defaultService(nodes, site, list.isPresent());
        return service.map(node -> new Site(name, nodes, node));
    }

    private boolean checkServiceNode(String node, List<String> nodes, YamlValue value) {
        if (!nodes.contains(node)) {
            value.error("expected one of the site's nodes, but found '" + node + "'"
                    + Suggestion.or(node, nodes, "the site's nodes are"));
            return false;
        }
        return checkContainer(node, value, "runs no service");
    }

    private Optional<String> defaultService(List<String> nodes, YamlMapping site, boolean nodesWritten) {
        List<String> candidates = nodes.stream()
                .filter(node -> node.endsWith("-svc"))
                .filter(node ->
                        node(node).map(found -> found.kind() == NodeKind.LINUX).orElse(true))
                .toList();
        if (candidates.size() == 1) {
            return Optional.of(candidates.get(0));
        }
        if (nodesWritten) {
            problems.error(
                    site.position(),
                    site.asValue().path(),
                    "expected 'service': the node that runs the service, but it is missing, and "
                            + (candidates.isEmpty() ? "no node of the site" : "more than one node of the site")
                            + " has a name that ends in -svc");
        }
        return Optional.empty();
    }

    // Budget, steady state, images

    private Budget budget(YamlMapping document) {
        Optional<YamlMapping> budget = document.require("budget", "a mapping with 'rto', such as '{rto: 30s}'")
                .flatMap(value -> value.mapping("a mapping with 'rto', such as '{rto: 30s}'"));
        if (budget.isEmpty()) {
            return new Budget(Duration.ZERO, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        checkKeys(budget.get(), BUDGET_KEYS);
        Duration rto = budget.get()
                .require("rto", "the time to recover in, such as 30s")
                .flatMap(value -> value.parsed("a duration, such as 30s", DurationText::parse))
                .orElse(Duration.ofSeconds(Long.MAX_VALUE));
        return new Budget(
                rto,
                share(budget.get(), "detect", rto),
                share(budget.get(), "converge", rto),
                share(budget.get(), "tunnel", rto),
                share(budget.get(), "session", rto));
    }

    private static Optional<Duration> share(YamlMapping budget, String key, Duration rto) {
        Optional<Duration> share = duration(budget, key);
        if (share.isPresent() && share.get().compareTo(rto) > 0) {
            budget.get(key)
                    .ifPresent(value -> value.error("expected at most the rto of " + DurationText.format(rto)
                            + ", of which this is a share, but found " + DurationText.format(share.get())));
        }
        return share;
    }

    private SteadyState steadyState(YamlMapping document) {
        Optional<YamlMapping> written = document.get("steady-state")
                .flatMap(value -> value.mapping("a mapping, such as '{quiet: 2s, timeout: 60s}'"));
        if (written.isEmpty()) {
            return DEFAULT_STEADY_STATE;
        }
        checkKeys(written.get(), STEADY_STATE_KEYS);
        SteadyState steadyState = new SteadyState(
                duration(written.get(), "quiet").orElse(DEFAULT_STEADY_STATE.quiet()),
                duration(written.get(), "timeout").orElse(DEFAULT_STEADY_STATE.timeout()));
        if (steadyState.quiet().compareTo(steadyState.timeout()) >= 0) {
            written.get()
                    .asValue()
                    .error("expected quiet to be shorter than timeout, but found "
                            + DurationText.format(steadyState.quiet()) + " and "
                            + DurationText.format(steadyState.timeout()));
        }
        return steadyState;
    }

    private static Map<String, String> images(YamlMapping document) {
        Map<String, String> images = new LinkedHashMap<>();
        document.get("images")
                .flatMap(value -> value.mapping("a mapping of image names to images"))
                .ifPresent(mapping -> mapping.entries().forEach((pattern, value) -> {
                    if (value.isNothing()) {
                        value.expected("an image, such as reconverge/frr");
                    }
                    value.text("an image, such as reconverge/frr")
                            .filter(text -> checkImage(text, value))
                            .ifPresent(image -> images.put(pattern, image));
                }));
        return images;
    }

    private static boolean checkImage(String text, YamlValue value) {
        boolean ok = IMAGE.matcher(text).matches();
        if (!ok) {
            value.expected("an image, such as reconverge/frr");
        }
        return ok;
    }

    // Clients

    private Map<String, ClientSpec> clients(YamlMapping document, Service service, Map<String, Site> sites) {
        Map<String, ClientSpec> clients = new LinkedHashMap<>();
        Map<String, YamlValue> written = namedEntries(document, "clients", "a mapping of client names to clients");
        clientNames.addAll(written.keySet());
        written.forEach((name, value) -> required(value, "a client, such as '{home: berlin}'")
                .flatMap(client -> client(name, client, service, sites))
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

    private Optional<ClientSpec> client(String name, YamlMapping client, Service service, Map<String, Site> sites) {
        checkKeys(client, CLIENT_KEYS);
        Optional<YamlValue> writtenNode = client.get("node");
        Optional<String> node = writtenNode.isPresent()
                ? writtenNode.get().text("the name of a node").filter(text -> checkNode(text, writtenNode.get()))
                : Optional.of(name).filter(text -> checkDefaultNode(text, client));
        YamlValue nodePlace = writtenNode.orElse(client.asValue());
        Optional<String> usable = node.filter(text -> checkContainer(text, nodePlace, "runs no client"));
        usable.flatMap(text -> sites.values().stream()
                        .filter(site -> site.nodes().contains(text))
                        .findFirst())
                .ifPresent(site -> nodePlace.error("the node '" + node.orElse(name) + "' stands at site '" + site.name()
                        + "'; a client is outside"));
        Optional<String> home = client.require("home", "the site that serves the client in the steady state")
                .flatMap(value -> siteName(value));
        ClientSpec.Firewall firewall = client.get("firewall")
                .flatMap(value -> choice(
                        value, Map.of("strict-ip", ClientSpec.Firewall.STRICT_IP, "open", ClientSpec.Firewall.OPEN)))
                .orElse(ClientSpec.Firewall.OPEN);
        List<ProbeSpec> probes = probes(client, service);
        return usable.isPresent() && home.isPresent()
                ? Optional.of(new ClientSpec(name, usable.get(), home.get(), firewall, probes))
                : Optional.empty();
    }

    private boolean checkDefaultNode(String name, YamlMapping client) {
        if (topology.isEmpty() || topology.get().nodes().containsKey(name)) {
            return true;
        }
        problems.error(
                client.position(),
                client.asValue().path(),
                "expected 'node': the node that the client runs in, but it is missing, and no node is named '" + name
                        + "'" + Suggestion.or(name, topology.get().nodes().keySet(), "nodes are"));
        return false;
    }

    private List<ProbeSpec> probes(YamlMapping client, Service service) {
        List<ProbeSpec> probes = new ArrayList<>();
        Optional<YamlValue> written = client.get("probes");
        if (written.isEmpty()) {
            addProbes(
                    probes,
                    "udp",
                    ProbeSpec.Type.UDP,
                    service.addresses(),
                    service.port(),
                    DEFAULT_RATE,
                    DEFAULT_THRESHOLD);
            return probes;
        }
        for (YamlValue item : nonEmpty(written, "a list of probes")) {
            required(item, "a probe, such as '{type: udp, rate: 100/s}'")
                    .ifPresent(probe -> readProbe(probe, service, probes));
        }
        int total = probes.stream().mapToInt(probe -> probe.rate().perSecond()).sum();
        if (total > 1000) {
            written.get()
                    .warning("the probes of this client send " + total
                            + " requests a second together; more than 1000 may disturb the measurement");
        }
        return probes;
    }

    private void readProbe(YamlMapping probe, Service service, List<ProbeSpec> probes) {
        checkKeys(probe, PROBE_KEYS);
        Optional<ProbeSpec.Type> type = probe.require("type", "udp or tcp")
                .flatMap(value -> choice(value, Map.of("udp", ProbeSpec.Type.UDP, "tcp", ProbeSpec.Type.TCP)));
        Optional<String> name =
                probe.get("name").flatMap(value -> value.text("a name").filter(text -> checkName(text, value)));
        Rate rate = probe.get("rate")
                .flatMap(value -> value.parsed("a rate, such as 100/s", SpecReader::rate))
                .orElse(DEFAULT_RATE);
        Duration threshold = duration(probe, "threshold").orElse(DEFAULT_THRESHOLD);
        List<IpAddress> addresses = probe.get("to")
                .map(value -> value.parsed("a service address", IpAddress::parse)
                        .filter(address -> checkServiceAddress(address, service, value))
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
            addProbes(added, stem, type.get(), addresses, service.port(), rate, threshold);
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
    private static void addProbes(
            List<ProbeSpec> probes,
            String stem,
            ProbeSpec.Type type,
            List<IpAddress> addresses,
            int port,
            Rate rate,
            Duration threshold) {
        Map<String, Integer> count = new HashMap<>();
        for (IpAddress address : addresses) {
            int number = count.merge(address.family(), 1, Integer::sum);
            String name = stem + "-" + address.family() + (number == 1 ? "" : "-" + number);
            probes.add(new ProbeSpec(name, type, address.text(), port, rate, threshold));
        }
    }

    private static boolean checkServiceAddress(IpAddress address, Service service, YamlValue value) {
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

    // Scenarios

    private Map<String, Scenario> scenarios(
            YamlMapping document, Map<String, Site> sites, Map<String, ClientSpec> clients) {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        FaultReader faults = new FaultReader(topology, sites, siteNames);
        String form = "a scenario, such as '{fault: {link-down: \"transit-a:eth2\"}}'";
        namedEntries(document, "scenarios", "a mapping of scenario names to scenarios")
                .forEach((name, value) -> required(value, form).ifPresent(scenario -> {
                    checkKeys(scenario, SCENARIO_KEYS);
                    String description = scenario.get("description")
                            .flatMap(text -> text.text("one sentence"))
                            .orElse("");
                    Optional<Fault> fault = scenario.require(
                                    "fault", "what goes wrong, such as '{link-down: \"transit-a:eth2\"}'")
                            .flatMap(faults::read);
                    Duration watch = duration(scenario, "watch").orElse(DEFAULT_WATCH);
                    Map<String, Expectation> expect = expectations(scenario, fault, sites, clients);
                    fault.ifPresent(read -> scenarios.put(name, new Scenario(name, description, read, watch, expect)));
                }));
        return scenarios;
    }

    private Map<String, Expectation> expectations(
            YamlMapping scenario, Optional<Fault> fault, Map<String, Site> sites, Map<String, ClientSpec> clients) {
        Map<String, Expectation> expect = new LinkedHashMap<>();
        Set<String> deadSites = new HashSet<>();
        fault.ifPresent(read -> collectDeadSites(read, deadSites));
        scenario.get("expect")
                .flatMap(value -> value.mapping("a mapping of client names to what must hold"))
                .ifPresent(mapping -> mapping.entries().forEach((name, value) -> {
                    if (!clientNames.contains(name) && !clientNames.isEmpty()) {
                        problems.error(
                                value.keyPosition(),
                                value.path(),
                                "unknown client '" + name + "'" + Suggestion.or(name, clientNames, "clients are"));
                    }
                    required(value, "what must hold, such as '{served-by: frankfurt}'")
                            .ifPresent(written -> expect.put(
                                    name,
                                    expectation(written, Optional.ofNullable(clients.get(name)), sites, deadSites)));
                }));
        return expect;
    }

    private static void collectDeadSites(Fault fault, Set<String> deadSites) {
        if (fault instanceof Fault.SiteDown down) {
            deadSites.add(down.site());
        } else if (fault instanceof Fault.ServiceDown down) {
            deadSites.add(down.site());
        } else if (fault instanceof Fault.AllOf all) {
            all.faults().forEach(each -> collectDeadSites(each, deadSites));
        }
    }

    private Expectation expectation(
            YamlMapping written, Optional<ClientSpec> client, Map<String, Site> sites, Set<String> deadSites) {
        checkKeys(written, EXPECTATION_KEYS);
        Optional<Boolean> affected = affected(written);
        Optional<String> servedBy = written.get("served-by").flatMap(value -> siteName(value));
        if (servedBy.filter(deadSites::contains).isPresent()) {
            written.get("served-by")
                    .ifPresent(value -> value.error(
                            "expected a site that still serves, but the fault takes '" + servedBy.get() + "' down"));
        }
        Optional<Duration> within = duration(written, "within");
        OptionalInt moves =
                written.get("moves").map(value -> value.integer(0, 1000)).orElse(OptionalInt.empty());
        boolean unaffected = affected.isPresent() && !affected.get();
        if (unaffected
                && servedBy.isPresent()
                && client.isPresent()
                && !servedBy.get().equals(client.get().home())) {
            written.asValue()
                    .error("expected 'affected: false' or another site than the home, but found both; a client that "
                            + "stays unaffected stays served by '"
                            + client.get().home() + "'");
        }
        if (unaffected && within.isPresent()) {
            written.get("within")
                    .ifPresent(
                            value -> value.error(
                                    "expected no 'within' beside 'affected: false'; a client that loses nothing recovers from nothing"));
        }
        return new Expectation(affected, servedBy, within, moves);
    }

    /** Returns the record's form of {@code affected}: true by default, empty for {@code maybe}. */
    private static Optional<Boolean> affected(YamlMapping written) {
        Optional<YamlValue> value = written.get("affected");
        if (value.isEmpty()) {
            return Optional.of(true);
        }
        Optional<Boolean> decided = value.get().booleanIfAny();
        if (decided.isEmpty() && !value.get().found().equals("'maybe'")) {
            value.get().expected("true, false or maybe");
        }
        return decided;
    }

    // Shared

    private static void checkKeys(YamlMapping mapping, Set<String> known) {
        mapping.rejectUnknownKeys(known);
        mapping.rejectEmptyKeys();
    }

    private Map<String, YamlValue> namedEntries(YamlMapping document, String key, String expected) {
        Optional<YamlValue> value = document.require(key, expected);
        Map<String, YamlValue> entries = value.flatMap(found -> found.mapping(expected))
                .map(YamlMapping::entries)
                .orElse(Map.of());
        if (entries.isEmpty() && value.isPresent() && value.get().isMapping()) {
            value.get().error("expected at least one entry, but found none");
        }
        entries.forEach((name, entry) -> {
            if (!NAME.matcher(name).matches()) {
                problems.error(
                        entry.keyPosition(),
                        entry.path(),
                        "expected a name of letters, digits, '.', '_' and '-', at most 64 long, but found '" + name
                                + "'");
            }
        });
        return entries;
    }

    private static boolean checkName(String text, YamlValue value) {
        boolean ok = NAME.matcher(text).matches();
        if (!ok) {
            value.error(
                    "expected a name of letters, digits, '.', '_' and '-', at most 64 long, but found '" + text + "'");
        }
        return ok;
    }

    /** Returns the mapping that must stand here; nothing is an error, too. */
    private static Optional<YamlMapping> required(YamlValue value, String expected) {
        if (value.isNothing()) {
            value.expected(expected);
        }
        return value.mapping(expected);
    }

    private static List<YamlValue> nonEmpty(Optional<YamlValue> list, String expected) {
        if (list.isEmpty()) {
            return List.of();
        }
        List<YamlValue> items = list.get().items(expected);
        if (list.get().isSequence() && items.isEmpty()) {
            list.get().error("expected at least one item, but found none");
        }
        for (YamlValue item : items) {
            if (item.isNothing()) {
                item.error("expected an item, but found nothing");
            }
        }
        return items;
    }

    private static Optional<Duration> duration(YamlMapping mapping, String key) {
        return mapping.get(key).flatMap(value -> value.parsed("a duration, such as 5s", DurationText::parse));
    }

    private static <T> Optional<T> choice(YamlValue value, Map<String, T> choices) {
        return value.text("one of " + String.join(", ", new TreeSet<>(choices.keySet())))
                .flatMap(text -> {
                    Optional<T> chosen = Optional.ofNullable(choices.get(text));
                    if (chosen.isEmpty()) {
                        value.error("expected one of " + String.join(", ", new TreeSet<>(choices.keySet()))
                                + ", but found '" + text + "'");
                    }
                    return chosen;
                });
    }

    private Optional<String> siteName(YamlValue value) {
        return value.text("the name of a site").filter(site -> {
            boolean known = siteNames.contains(site) || siteNames.isEmpty();
            if (!known) {
                value.error("unknown site '" + site + "'" + Suggestion.or(site, siteNames, "sites are"));
            }
            return known;
        });
    }

    private Optional<Node> node(String name) {
        return topology.flatMap(found -> Optional.ofNullable(found.nodes().get(name)));
    }

    private boolean checkNode(String name, YamlValue value) {
        if (topology.isEmpty() || topology.get().nodes().containsKey(name)) {
            return true;
        }
        value.error("unknown node '" + name + "'"
                + Suggestion.or(name, topology.get().nodes().keySet(), "nodes are"));
        return false;
    }

    private boolean checkContainer(String name, YamlValue value, String consequence) {
        boolean container =
                node(name).map(found -> found.kind() == NodeKind.LINUX).orElse(true);
        if (!container) {
            value.error("the node '" + name + "' is a bridge and " + consequence);
        }
        return container;
    }
}

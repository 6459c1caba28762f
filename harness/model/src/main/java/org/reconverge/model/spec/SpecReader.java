package org.reconverge.model.spec;

import static org.reconverge.model.spec.SpecForm.checkKeys;
import static org.reconverge.model.spec.SpecForm.duration;
import static org.reconverge.model.spec.SpecForm.namedEntries;
import static org.reconverge.model.spec.SpecForm.nonEmpty;
import static org.reconverge.model.spec.SpecForm.required;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.reconverge.model.source.DurationText;
import org.reconverge.model.source.Problems;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;
import org.reconverge.model.topology.IpAddress;
import org.reconverge.model.topology.Prefix;

/** Turns the document of one failover spec into a {@link FailoverSpec}. */
final class SpecReader {

    private static final int DEFAULT_PORT = 7000;
    private static final Duration DEFAULT_VALIDATION = Duration.ofSeconds(5);
    private static final SteadyState DEFAULT_STEADY_STATE =
            new SteadyState(Duration.ofSeconds(2), Duration.ofSeconds(60));

    private static final Pattern IMAGE = Pattern.compile("[^\\s*]+");

    private static final Set<String> KEYS = Set.of(
            "topology", "service", "sites", "budget", "clients", "scenarios", "steady-state", "validation", "images");
    private static final Set<String> SERVICE_KEYS = Set.of("addresses", "port");
    private static final Set<String> SITE_KEYS = Set.of("nodes", "service", "addresses");
    private static final Set<String> BUDGET_KEYS = Set.of("rto", "detect", "converge", "tunnel", "session");
    private static final Set<String> STEADY_STATE_KEYS = Set.of("quiet", "timeout", "ignore-routes");

    private final Path file;
    private final SpecNames names;
    private final Problems problems;

    SpecReader(Path file, SpecNames names, Problems problems) {
        this.file = file;
        this.names = names;
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
        Map<String, ClientSpec> clients = new ClientReader(names, service, sites).read(document);
        Map<String, Scenario> scenarios = new ScenarioReader(names, sites, clients).read(document);
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

    /** The anycast service, as the readers of clients need it. */
    record Service(List<IpAddress> addresses, int port) {}

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
        namedEntries(document, "sites", "a mapping of site names to sites")
                .forEach((name, value) -> required(value, "a site, such as '{nodes: [ber-edge1, ber-svc]}'")
                        .flatMap(site -> site(name, site, siteOfNode))
                        .ifPresent(site -> sites.put(name, site)));
        if (sites.size() == 1 && !problems.hasErrors()) {
            document.get("sites")
                    .ifPresent(value -> value.keyWarning("there is one site only, so no client can fail over"));
        }
        return sites;
    }

    private Optional<Site> site(String name, YamlMapping site, Map<String, String> siteOfNode) {
        checkKeys(site, SITE_KEYS);
        List<String> nodes = new ArrayList<>();
        Optional<YamlValue> list = site.require("nodes", "every node that stands at the site");
        for (YamlValue item : nonEmpty(list, "a list of node names")) {
            item.text("the name of a node")
                    .filter(node -> names.checkNode(node, item))
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
        List<String> hosts = site.get("service")
                .map(written -> hosts(nodes, written))
                .orElseGet(() -> defaultHost(nodes, site, list.isPresent()));
        List<String> addresses = site.get("addresses").isEmpty()
                ? List.of()
                : nonEmpty(site.get("addresses"), "a list of addresses").stream()
                        .flatMap(item -> item.parsed("an address", IpAddress::parse).stream())
                        .map(IpAddress::text)
                        .toList();
        return hosts.isEmpty() ? Optional.empty() : Optional.of(new Site(name, nodes, hosts, addresses));
    }

    private List<String> hosts(List<String> nodes, YamlValue written) {
        List<YamlValue> items = written.isSequence()
                ? nonEmpty(Optional.of(written), "the nodes that run the service")
                : List.of(written);
        List<String> hosts = new ArrayList<>();
        for (YamlValue item : items) {
            item.text("the node that runs the service, or a list of them")
                    .filter(node -> checkServiceNode(node, nodes, item))
                    .ifPresent(node -> {
                        if (hosts.contains(node)) {
                            item.error("the node '" + node + "' stands here twice");
                        } else {
                            hosts.add(node);
                        }
                    });
        }
        return hosts;
    }

    private boolean checkServiceNode(String node, List<String> nodes, YamlValue value) {
        if (!nodes.contains(node)) {
            value.error("expected one of the site's nodes, but found '" + node + "'"
                    + Suggestion.or(node, nodes, "the site's nodes are"));
            return false;
        }
        return names.checkContainer(node, value, "runs no service");
    }

    private List<String> defaultHost(List<String> nodes, YamlMapping site, boolean nodesWritten) {
        List<String> candidates = nodes.stream()
                .filter(node -> node.endsWith("-svc"))
                .filter(names::mayBeContainer)
                .toList();
        if (candidates.size() == 1) {
            return candidates;
        }
        if (nodesWritten) {
            site.error("expected 'service': the node that runs the service, but it is missing, and "
                    + (candidates.isEmpty() ? "no node of the site" : "more than one node of the site")
                    + " has a name that ends in -svc");
        }
        return List.of();
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
                duration(written.get(), "timeout").orElse(DEFAULT_STEADY_STATE.timeout()),
                written.get().get("ignore-routes").isEmpty()
                        ? List.of()
                        : nonEmpty(written.get().get("ignore-routes"), "a list of prefixes").stream()
                                .flatMap(item -> item.parsed("a prefix, such as 198.18.0.0/15", Prefix::parse).stream())
                                .toList());
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
}

package org.reconverge.model.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.source.DurationText;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;
import org.reconverge.model.topology.Endpoint;
import org.reconverge.model.topology.Link;
import org.reconverge.model.topology.Topology;

/** Reads faults: a mapping with one key, the kind, such as {@code {link-down: "transit-a:eth2"}}. */
final class FaultReader {

    static final Set<String> KINDS = new TreeSet<>(Set.of(
            "link-down",
            "carrier-loss",
            "silent-drop",
            "one-way-drop",
            "link-flap",
            "process-kill",
            "process-hang",
            "node-pause",
            "node-down",
            "site-down",
            "service-down",
            "concentrator-kill",
            "concentrator-down",
            "drain",
            "all"));

    private static final Set<String> FLAP_KEYS = Set.of("endpoint", "down", "up", "times");
    private static final Pattern PROCESS = Pattern.compile("[A-Za-z0-9_.+-]{1,64}");
    private static final String FORM = "a fault, such as '{link-down: \"transit-a:eth2\"}'";

    private final SpecNames names;
    private final Map<String, Site> sites;

    /**
     * Creates a reader.
     *
     * @param names what endpoints, nodes and sites are checked against
     * @param sites the sites that could be read
     */
    FaultReader(SpecNames names, Map<String, Site> sites) {
        this.names = names;
        this.sites = sites;
    }

    /** Returns the fault, or empty if it is wrong, which has then been noted. */
    Optional<Fault> read(YamlValue value) {
        return read(value, true);
    }

    private Optional<Fault> read(YamlValue value, boolean mayBeSeveral) {
        Optional<YamlMapping> mapping = value.mapping(FORM);
        if (mapping.isEmpty()) {
            if (value.isNothing()) {
                value.expected(FORM);
            }
            return Optional.empty();
        }
        if (mapping.get().entries().size() != 1) {
            value.error("expected one fault, but found "
                    + mapping.get().entries().size() + "; write '{all: [ {…}, {…} ]}' for several at once");
            return Optional.empty();
        }
        Map.Entry<String, YamlValue> only =
                mapping.get().entries().entrySet().iterator().next();
        YamlValue target = only.getValue();
        if (target.isNothing() && KINDS.contains(only.getKey())) {
            target.error("expected what the fault hits, but found nothing");
            return Optional.empty();
        }
        return switch (only.getKey()) {
            case "link-down" -> endpoint(target).map(Fault.LinkDown::new);
            case "carrier-loss" -> endpoint(target).map(Fault.CarrierLoss::new);
            case "silent-drop" -> endpoint(target).map(Fault.SilentDrop::new);
            case "one-way-drop" -> endpoint(target).map(Fault.OneWayDrop::new);
            case "link-flap" -> linkFlap(target);
            case "process-kill" -> process(target, Fault.ProcessKill::new);
            case "process-hang" -> process(target, Fault.ProcessHang::new);
            case "node-pause" -> container(target).map(Fault.NodePause::new);
            case "node-down" -> container(target).map(Fault.NodeDown::new);
            case "site-down" -> site(target, site -> new Fault.SiteDown(site.name(), site.nodes()));
            case "service-down" -> site(target, site -> new Fault.ServiceDown(site.name()));
            case "concentrator-kill" ->
                site(target, site -> new Fault.ConcentratorKill(site.name(), site.concentrator()));
            case "concentrator-down" ->
                site(target, site -> new Fault.ConcentratorDown(site.name(), site.concentrator()));
            case "drain" -> drain(target);
            case "all" -> all(target, mayBeSeveral);
            default -> {
                value.error(
                        "unknown fault '" + only.getKey() + "'" + Suggestion.or(only.getKey(), KINDS, "faults are"));
                yield Optional.empty();
            }
        };
    }

    private Optional<Endpoint> endpoint(YamlValue value) {
        return value.parsed("an endpoint 'node:interface'", Endpoint::parse)
                .filter(endpoint -> names.topology().isEmpty()
                        || checkEndpoint(endpoint, names.topology().get(), value));
    }

    private boolean checkEndpoint(Endpoint endpoint, Topology topology, YamlValue value) {
        if (!names.checkNode(endpoint.node(), value)) {
            return false;
        }
        if (topology.linkAt(endpoint).isPresent()) {
            return true;
        }
        List<String> endpoints = topology.linksOf(endpoint.node()).stream()
                .flatMap(link -> endsAt(link, endpoint.node()))
                .map(Endpoint::toString)
                .toList();
        value.error("no link ends at '" + endpoint + "'; "
                + (endpoints.isEmpty()
                        ? "the node has no links"
                        : "the node's links end at " + String.join(", ", endpoints)));
        return false;
    }

    private static java.util.stream.Stream<Endpoint> endsAt(Link link, String node) {
        return java.util.stream.Stream.of(link.a(), link.b())
                .filter(end -> end.node().equals(node));
    }

    private boolean checkContainer(String node, YamlValue value) {
        if (!names.checkNode(node, value)) {
            return false;
        }
        boolean container = names.mayBeContainer(node);
        if (!container) {
            value.error("expected a node with processes, but '" + node + "' is a bridge");
        }
        return container;
    }

    private Optional<String> container(YamlValue value) {
        return value.text("the name of a node").filter(node -> checkContainer(node, value));
    }

    private Optional<Fault> process(YamlValue value, BiFunction<String, String, Fault> fault) {
        return value.text("a process 'node:process', such as 'ber-edge1:bgpd'").flatMap(text -> {
            int colon = text.indexOf(':');
            if (colon < 1 || !PROCESS.matcher(text.substring(colon + 1)).matches()) {
                value.error("expected a process 'node:process', such as 'ber-edge1:bgpd', but found '" + text + "'");
                return Optional.empty();
            }
            String node = text.substring(0, colon);
            return checkContainer(node, value)
                    ? Optional.of(fault.apply(node, text.substring(colon + 1)))
                    : Optional.empty();
        });
    }

    private Optional<Fault> site(YamlValue value, Function<Site, Fault> fault) {
        return names.site(value)
                .flatMap(name -> Optional.ofNullable(sites.get(name)).map(fault));
    }

    private Optional<Fault> drain(YamlValue value) {
        return value.text("the name of a site, or of a router").flatMap(name -> {
            Optional<Site> site = Optional.ofNullable(sites.get(name));
            return site.isPresent() || checkContainer(name, value)
                    ? Optional.of(new Fault.Drain(name, site.map(Site::nodes).orElse(List.of(name))))
                    : Optional.empty();
        });
    }

    private Optional<Fault> linkFlap(YamlValue value) {
        String form = "a flapping link, such as '{endpoint: \"a:eth1\", down: 200ms, up: 300ms, times: 5}'";
        return value.mapping(form).flatMap(flap -> {
            flap.rejectUnknownKeys(FLAP_KEYS);
            flap.rejectEmptyKeys();
            Optional<Endpoint> endpoint =
                    flap.require("endpoint", "an end of the link").flatMap(this::endpoint);
            Optional<Duration> down = flap.require("down", "how long carrier is away each time")
                    .flatMap(found -> found.parsed("a duration, such as 200ms", DurationText::parse));
            Optional<Duration> up = flap.require("up", "how long carrier is back in between")
                    .flatMap(found -> found.parsed("a duration, such as 300ms", DurationText::parse));
            OptionalInt times = flap.require("times", "how often carrier goes")
                    .map(found -> found.integer(1, 1000))
                    .orElse(OptionalInt.empty());
            return endpoint.isPresent() && down.isPresent() && up.isPresent() && times.isPresent()
                    ? Optional.of(new Fault.LinkFlap(endpoint.get(), down.get(), up.get(), times.getAsInt()))
                    : Optional.empty();
        });
    }

    private Optional<Fault> all(YamlValue value, boolean mayBeSeveral) {
        if (!mayBeSeveral) {
            value.error("expected a single fault, but found another 'all'; write the faults in one list");
            return Optional.empty();
        }
        List<YamlValue> items = value.items("a list of faults");
        if (value.isSequence() && items.size() < 2) {
            value.error("expected at least two faults, but found " + items.size());
        }
        List<Fault> faults = new ArrayList<>();
        for (YamlValue item : items) {
            read(item, false).ifPresent(fault -> {
                if (faults.contains(fault)) {
                    item.error("the fault " + fault.describe() + " stands here twice");
                }
                faults.add(fault);
            });
        }
        return faults.size() == items.size() && faults.size() > 1
                ? Optional.of(new Fault.AllOf(faults))
                : Optional.empty();
    }
}

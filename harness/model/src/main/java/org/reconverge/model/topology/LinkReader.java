package org.reconverge.model.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;

/** Reads the links of a topology: the short form and {@code type: veth}. */
final class LinkReader {

    /** IFNAMSIZ less the terminating zero. */
    private static final int LONGEST_INTERFACE_NAME = 15;

    private static final Pattern INTERFACE_NAME = Pattern.compile("[^\\s/:]+");

    private static final Set<String> LINK_KEYS = Set.of("endpoints", "type", "mtu", "labels", "vars");
    private static final Set<String> ENDPOINT_KEYS = Set.of("node", "interface", "mac", "ipv4", "ipv6", "vars");
    private static final String ENDPOINT_FORM = "an endpoint 'node:interface', such as 'ber-edge1:eth1'";

    /** Link types, and nodes of the short form, that lead out of the lab or to nowhere. */
    private static final Map<String, String> LEFT_OUT = Map.of(
            "host", "to the host",
            "mgmt-net", "to the management network",
            "macvlan", "to an interface of the host",
            "vxlan", "to another machine",
            "vxlan-stitch", "to another machine",
            "dummy", "to nowhere");

    private final Set<String> nodeNames;
    private final Map<String, Node> nodes;
    private final Set<String> withoutManagement;
    private final Map<Endpoint, YamlValue> taken = new HashMap<>();

    /**
     * Creates a reader.
     *
     * @param nodeNames every name that the file declares
     * @param nodes the nodes that could be read
     * @param withoutManagement the nodes with network mode none, whose eth0 is theirs
     */
    LinkReader(Set<String> nodeNames, Map<String, Node> nodes, Set<String> withoutManagement) {
        this.nodeNames = nodeNames;
        this.nodes = nodes;
        this.withoutManagement = withoutManagement;
    }

    void read(YamlMapping topology, List<Link> links) {
        List<YamlValue> items = topology.get("links")
                .map(value -> value.items("a list of links, such as '- endpoints: [\"a:eth1\", \"b:eth1\"]'"))
                .orElse(List.of());
        for (YamlValue item : items) {
            item.mapping("a link, such as 'endpoints: [\"a:eth1\", \"b:eth1\"]'")
                    .flatMap(this::link)
                    .ifPresent(links::add);
        }
    }

    private Optional<Link> link(YamlMapping link) {
        String type = link.get("type")
                .flatMap(value -> value.scalar("a link type"))
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .orElse("veth");
        if (LEFT_OUT.containsKey(type)) {
            leaveOut(link, type);
            return Optional.empty();
        }
        if (!type.equals("veth") && !type.equals("brief")) {
            link.get("type")
                    .ifPresent(value -> value.error("expected link type 'veth', but found '" + type + "'"
                            + Suggestion.or(
                                    type, List.of("veth", "host", "mgmt-net", "macvlan", "dummy"), "types are")));
            return Optional.empty();
        }
        link.warnOfUnknownKeys(LINK_KEYS);
        Optional<YamlValue> endpoints = link.require("endpoints", "two endpoints, such as [\"a:eth1\", \"b:eth1\"]");
        OptionalInt mtu = link.get("mtu").map(value -> value.integer(68, 65535)).orElse(OptionalInt.empty());
        if (endpoints.isEmpty()) {
            return Optional.empty();
        }
        List<YamlValue> ends = endpoints.get().items("a list of two endpoints");
        if (endpoints.get().isSequence() && ends.size() != 2) {
            endpoints.get().error("expected two endpoints, but found " + ends.size());
        }
        if (ends.size() != 2) {
            return Optional.empty();
        }
        for (YamlValue end : ends) {
            Optional<String> outside = nodeOfShortForm(end).filter(LEFT_OUT::containsKey);
            if (outside.isPresent() && !nodeNames.contains(outside.get())) {
                leaveOut(link, outside.get());
                return Optional.empty();
            }
        }
        List<Endpoint> read = new ArrayList<>();
        for (YamlValue end : ends) {
            endpoint(end).ifPresent(read::add);
        }
        return read.size() == 2
                ? Optional.of(
                        new Link(read.get(0), read.get(1), mtu, link.asValue().position()))
                : Optional.empty();
    }

    private void leaveOut(YamlMapping link, String type) {
        link.asValue()
                .warning("the " + type + " link is left out: it leads " + LEFT_OUT.get(type)
                        + ", and a lab has no way out");
    }

    private static Optional<String> nodeOfShortForm(YamlValue end) {
        if (end.isMapping() || end.isSequence()) {
            return Optional.empty();
        }
        return end.scalar(ENDPOINT_FORM).map(text -> text.split(":", 2)[0].toLowerCase(Locale.ROOT));
    }

    private Optional<Endpoint> endpoint(YamlValue end) {
        Optional<Endpoint> written = end.isMapping() ? longForm(end) : shortForm(end);
        return written.filter(endpoint -> {
            boolean known = checkNode(endpoint, end);
            boolean named = checkInterface(endpoint, end);
            return known && named && checkFree(endpoint, end);
        });
    }

    private static Optional<Endpoint> shortForm(YamlValue end) {
        return end.scalar(ENDPOINT_FORM).flatMap(text -> {
            try {
                return Optional.of(Endpoint.parse(text));
            } catch (IllegalArgumentException e) {
                end.error(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    private Optional<Endpoint> longForm(YamlValue end) {
        return end.mapping("an endpoint with 'node' and 'interface'").flatMap(mapping -> {
            mapping.warnOfUnknownKeys(ENDPOINT_KEYS);
            for (String key : List.of("mac", "ipv4", "ipv6")) {
                mapping.get(key)
                        .ifPresent(value -> value.keyWarning(
                                "ignored: addresses come from the node's own configuration or its exec"));
            }
            Optional<String> node =
                    mapping.require("node", "the name of a node").flatMap(value -> value.scalar("text"));
            Optional<String> interfaceName = mapping.require("interface", "the name of an interface, such as eth1")
                    .flatMap(value -> value.scalar("text"));
            return node.flatMap(name -> interfaceName.map(ifName -> new Endpoint(name, ifName)));
        });
    }

    private boolean checkNode(Endpoint endpoint, YamlValue end) {
        if (nodeNames.contains(endpoint.node())) {
            return true;
        }
        end.error("unknown node '" + endpoint.node() + "'" + Suggestion.or(endpoint.node(), nodeNames, "nodes are"));
        return false;
    }

    private boolean checkInterface(Endpoint endpoint, YamlValue end) {
        String name = endpoint.interfaceName();
        if (!INTERFACE_NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            end.error("expected an interface name, such as eth1, but found '" + name + "'");
            return false;
        }
        if (name.length() > LONGEST_INTERFACE_NAME) {
            end.error("expected an interface name of at most " + LONGEST_INTERFACE_NAME
                    + " characters, as Linux does, but found '" + name + "' with " + name.length());
            return false;
        }
        Node node = nodes.get(endpoint.node());
        boolean container = node != null && node.kind() == NodeKind.LINUX;
        if (container && name.equals("lo")) {
            end.error("expected an interface name, such as eth1, but found 'lo', which every node has already");
            return false;
        }
        if (container && name.equals("eth0") && !withoutManagement.contains(endpoint.node())) {
            end.error("expected a wire's interface, such as eth1, but found 'eth0', which containerlab keeps for its "
                    + "management network; count links from eth1, or set network-mode none on the node");
            return false;
        }
        return true;
    }

    private boolean checkFree(Endpoint endpoint, YamlValue end) {
        YamlValue first = taken.putIfAbsent(endpoint, end);
        if (first == null) {
            return true;
        }
        end.error("endpoint '" + endpoint + "' has a link already, in line "
                + first.position().line() + "; an endpoint has one link, a bridge node joins several");
        return false;
    }
}

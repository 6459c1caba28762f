package org.reconverge.model.spec;

import java.util.Optional;
import java.util.Set;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;
import org.reconverge.model.topology.Node;
import org.reconverge.model.topology.NodeKind;
import org.reconverge.model.topology.Topology;

/**
 * What a spec may refer to by name. Sites and clients with errors of their own count as known, so that one error is
 * reported once.
 *
 * @param topology the topology; empty if it could not be read, and then no name of a node is checked
 * @param sites the names of the sites that the spec declares
 * @param clients the names of the clients that the spec declares
 */
record SpecNames(Optional<Topology> topology, Set<String> sites, Set<String> clients) {

    /** Finds the names that a spec declares. */
    static SpecNames of(YamlMapping document, Optional<Topology> topology) {
        return new SpecNames(topology, keys(document, "sites"), keys(document, "clients"));
    }

    private static Set<String> keys(YamlMapping document, String key) {
        return document.get(key)
                .filter(YamlValue::isMapping)
                .flatMap(value -> value.mapping("a mapping"))
                .map(mapping -> mapping.entries().keySet())
                .orElse(Set.of());
    }

    Optional<Node> node(String name) {
        return topology.flatMap(found -> Optional.ofNullable(found.nodes().get(name)));
    }

    /** Returns whether the topology may have a node of that name. */
    boolean mayBeNode(String name) {
        return topology.isEmpty() || node(name).isPresent();
    }

    /** Returns whether a node may be a container. */
    boolean mayBeContainer(String name) {
        return node(name).map(node -> node.kind() == NodeKind.LINUX).orElse(true);
    }

    /** Returns {@code ; did you mean 'x'?} or the names of all nodes, to be appended to a message. */
    String nodeSuggestion(String name) {
        return topology.map(found -> Suggestion.or(name, found.nodes().keySet(), "nodes are"))
                .orElse("");
    }

    /** Notes an error if the topology has no node of that name. */
    boolean checkNode(String name, YamlValue value) {
        boolean known = mayBeNode(name);
        if (!known) {
            value.error("unknown node '" + name + "'" + nodeSuggestion(name));
        }
        return known;
    }

    /** Notes an error if a node is no container; the consequence completes {@code the node 'x' is a bridge and …}. */
    boolean checkContainer(String name, YamlValue value, String consequence) {
        boolean container = mayBeContainer(name);
        if (!container) {
            value.error("the node '" + name + "' is a bridge and " + consequence);
        }
        return container;
    }

    /** Returns the name of a declared site, or notes an error. */
    Optional<String> site(YamlValue value) {
        return value.text("the name of a site").filter(name -> {
            boolean known = sites.contains(name) || sites.isEmpty();
            if (!known) {
                value.error("unknown site '" + name + "'" + Suggestion.or(name, sites, "sites are"));
            }
            return known;
        });
    }
}

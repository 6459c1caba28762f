package org.reconverge.model.topology;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.model.source.Suggestion;

/**
 * A containerlab topology.
 *
 * @param name the lab's name
 * @param prefix the prefix of container names as written
 * @param file the file it was read from; binds are relative to its directory
 * @param nodes the nodes by name, in the order of the file
 * @param links the links in the order of the file
 */
public record Topology(String name, Optional<String> prefix, Path file, Map<String, Node> nodes, List<Link> links) {

    /** Copies the collections, so that a topology never changes. */
    public Topology {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        links = List.copyOf(links);
    }

    /**
     * Returns a node.
     *
     * @throws IllegalArgumentException if there is none of that name; the message says which there are
     */
    public Node node(String nodeName) {
        Node node = nodes.get(nodeName);
        if (node == null) {
            throw new IllegalArgumentException(
                    "unknown node '" + nodeName + "' in " + file + Suggestion.or(nodeName, nodes.keySet(), "it has"));
        }
        return node;
    }

    /** Returns the link that ends in {@code endpoint}. */
    public Optional<Link> linkAt(Endpoint endpoint) {
        return links.stream()
                .filter(link -> link.a().equals(endpoint) || link.b().equals(endpoint))
                .findFirst();
    }

    /** Returns the links that end in {@code node}, in the order of the file. */
    public List<Link> linksOf(String node) {
        return links.stream()
                .filter(link -> link.a().node().equals(node) || link.b().node().equals(node))
                .toList();
    }
}

package org.reconverge.reports.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.reports.graph.TopologyGraph.Edge;
import org.reconverge.reports.graph.TopologyGraph.Group;
import org.reconverge.reports.graph.TopologyGraph.Role;
import org.reconverge.reports.graph.TopologyGraph.Vertex;

/** A topology as a Mermaid flowchart. */
final class MermaidText {

    private MermaidText() {}

    static String of(TopologyGraph graph) {
        Map<String, String> ids = new HashMap<>();
        for (Vertex node : graph.nodes()) {
            // Names may hold anything that Mermaid would read as syntax, so they are only ever labels.
            ids.put(node.name(), "n" + (ids.size() + 1));
        }
        StringBuilder out = new StringBuilder("flowchart TB\n");
        nodes(graph, Optional.empty(), "  ", ids, out);
        for (int i = 0; i < graph.sites().size(); i++) {
            Group site = graph.sites().get(i);
            out.append("  subgraph s")
                    .append(i + 1)
                    .append("[\"site ")
                    .append(escaped(site.name()))
                    .append("\"]\n");
            nodes(graph, Optional.of(i), "    ", ids, out);
            out.append("  end\n");
        }
        for (Edge link : graph.links()) {
            out.append("  ")
                    .append(ids.get(link.a()))
                    .append(" ---|\"")
                    .append(escaped(link.interfaceA()))
                    .append(" - ")
                    .append(escaped(link.interfaceB()))
                    .append("\"| ")
                    .append(ids.get(link.b()))
                    .append('\n');
        }
        return out.toString();
    }

    private static void nodes(
            TopologyGraph graph, Optional<Integer> site, String indent, Map<String, String> ids, StringBuilder out) {
        for (Vertex node : graph.nodes()) {
            if (node.site().equals(site)) {
                List<String> shape = shape(node.role());
                out.append(indent)
                        .append(ids.get(node.name()))
                        .append(shape.get(0))
                        .append('"')
                        .append(escaped(node.name()));
                node.captions().forEach(caption -> out.append("<br/>").append(escaped(caption)));
                out.append('"').append(shape.get(1)).append('\n');
            }
        }
    }

    private static List<String> shape(Role role) {
        return switch (role) {
            case CLIENT -> List.of("([", "])");
            case SERVICE -> List.of("[[", "]]");
            case SEGMENT -> List.of("{{", "}}");
            case ROUTER, HOST -> List.of("[", "]");
        };
    }

    /** Writes everything that Mermaid, Markdown or HTML could read as syntax by its number. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(character -> {
            boolean plain = character == ' '
                    || character == '-'
                    || character == '.'
                    || character == ','
                    || character == ':'
                    || character == '/'
                    || Character.isLetterOrDigit(character);
            if (plain) {
                out.appendCodePoint(character);
            } else {
                out.append('#').append(character).append(';');
            }
        });
        return out.toString();
    }
}

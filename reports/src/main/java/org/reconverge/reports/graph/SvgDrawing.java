package org.reconverge.reports.graph;

import static org.reconverge.reports.markup.Element.number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.reconverge.reports.graph.LayeredLayout.Cell;
import org.reconverge.reports.graph.LayeredLayout.Chain;
import org.reconverge.reports.graph.LayeredLayout.SiteBlock;
import org.reconverge.reports.graph.TopologyGraph.Role;
import org.reconverge.reports.graph.TopologyGraph.Vertex;
import org.reconverge.reports.markup.Element;
import org.reconverge.reports.markup.Theme;

/** A topology as SVG. */
final class SvgDrawing {

    private static final String RULES = """
            .rc-topology { font-family: system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; }
            .rc-topology .back { fill: $page; }
            .rc-topology .site { fill: $panel; stroke-width: 1.5; stroke-dasharray: 6 4; }
            .rc-topology .site-name { font-size: 13px; font-weight: 600; fill: $ink; text-anchor: middle; }
            .rc-topology .wire { fill: none; stroke: $wire; stroke-width: 1.5; }
            .rc-topology .node { fill: $node; stroke: $wire; stroke-width: 1.5; }
            .rc-topology .inner { fill: none; }
            .rc-topology .name { font-size: 13px; font-weight: 600; fill: $ink; text-anchor: middle; }
            .rc-topology .caption { font-size: 11px; fill: $muted; text-anchor: middle; }
            .rc-topology .interface { font-size: 10px; fill: $muted; text-anchor: middle; stroke: $page;
              stroke-width: 4; stroke-linejoin: round; paint-order: stroke; }
            .rc-topology .within { stroke: $panel; }
            .rc-topology .c0 { stroke: $site0; }
            .rc-topology .c1 { stroke: $site1; }
            .rc-topology .c2 { stroke: $site2; }
            .rc-topology .c3 { stroke: $site3; }
            .rc-topology .c4 { stroke: $site4; }
            .rc-topology .c5 { stroke: $site5; }
            """;

    private final TopologyGraph graph;
    private final LayeredLayout layout;
    private final String id;
    private final Map<Chain, Ports> ports = new HashMap<>();

    /**
     * @param id begins every id in the drawing, so that several fit on one page
     */
    SvgDrawing(TopologyGraph graph, String id) {
        this.graph = graph;
        this.layout = LayeredLayout.of(graph);
        this.id = id;
    }

    /** Where a link leaves its two nodes. */
    private static final class Ports {
        double firstX;
        double firstY;
        double lastX;
        double lastY;
    }

    static String css() {
        return Theme.apply(RULES);
    }

    /** Draws with a style sheet inside. */
    Element drawAlone() {
        return draw(true);
    }

    /** Draws for a page that has the style sheet. */
    Element drawInline() {
        return draw(false);
    }

    private Element draw(boolean alone) {
        Element svg = Element.of("svg", "rc-topology")
                .attribute("viewBox", "0 0 " + number(layout.width()) + " " + number(layout.height()))
                .attribute("width", layout.width())
                .attribute("height", layout.height())
                .attribute("role", "img")
                .attribute("aria-labelledby", id + "-title " + id + "-desc")
                .add(Element.of("title").attribute("id", id + "-title").text("Topology " + graph.name()))
                .add(Element.of("desc").attribute("id", id + "-desc").text(graph.describe()));
        if (alone) {
            svg.attribute("xmlns", "http://www.w3.org/2000/svg")
                    .add(Element.style(css()))
                    .add(box("back", 0, 0, layout.width(), layout.height(), 0));
        }
        for (int site = 0; site < graph.sites().size(); site++) {
            String name = graph.sites().get(site).name();
            int index = site;
            layout.site(site).ifPresent(block -> svg.add(site(block, name, index)));
        }
        assignPorts();
        List<Element> labels = new ArrayList<>();
        for (Chain chain : layout.chains()) {
            svg.add(wire(chain, labels));
        }
        svg.add(labels);
        graph.nodes().forEach(node -> svg.add(node(node)));
        return svg;
    }

    private static Element site(SiteBlock block, String name, int index) {
        return Element.of("g")
                .add(box("site " + colour(index), block.left, block.top, block.width, block.bottom - block.top, 12))
                // Below the nodes, where no link passes.
                .add(text("site-name", block.left + block.width / 2, block.bottom - 13, "site " + name));
    }

    // ---- links ----

    private void assignPorts() {
        Map<Cell, List<End>> upper = new HashMap<>();
        Map<Cell, List<End>> lower = new HashMap<>();
        Map<Cell, List<End>> left = new HashMap<>();
        Map<Cell, List<End>> right = new HashMap<>();
        for (Chain chain : layout.chains()) {
            ports.put(chain, new Ports());
            Cell first = chain.first();
            Cell last = chain.last();
            List<Cell> way = chain.cells();
            if (!chain.flat()) {
                side(lower, first).add(new End(chain, true, way.get(1).x));
                side(upper, last).add(new End(chain, false, way.get(way.size() - 2).x));
            } else if (layout.straight(chain)) {
                boolean rightwards = first.x <= last.x;
                side(rightwards ? right : left, first).add(new End(chain, true, 0));
                side(rightwards ? left : right, last).add(new End(chain, false, 0));
            } else {
                side(upper, first).add(new End(chain, true, last.x));
                side(upper, last).add(new End(chain, false, first.x));
            }
        }
        upper.forEach((cell, ends) -> spreadAlong(cell, ends, cell.top));
        lower.forEach((cell, ends) -> spreadAlong(cell, ends, cell.bottom()));
        left.forEach((cell, ends) -> stack(cell, ends, cell.left()));
        right.forEach((cell, ends) -> stack(cell, ends, cell.right()));
    }

    private record End(Chain chain, boolean first, double towards) {}

    private static List<End> side(Map<Cell, List<End>> side, Cell cell) {
        return side.computeIfAbsent(cell, key -> new ArrayList<>());
    }

    private void spreadAlong(Cell cell, List<End> ends, double y) {
        ends.sort(Comparator.comparingDouble(End::towards));
        double needed = ends.stream()
                .mapToDouble(end -> LayeredLayout.label(end.chain, cell) + 12)
                .sum();
        double spare = Math.max(0, cell.width - needed) / ends.size();
        double x = cell.x - (needed + spare * ends.size()) / 2;
        for (End end : ends) {
            double share = LayeredLayout.label(end.chain, cell) + 12 + spare;
            set(end, x + share / 2, y);
            x += share;
        }
    }

    private void stack(Cell cell, List<End> ends, double x) {
        for (int i = 0; i < ends.size(); i++) {
            set(ends.get(i), x, cell.top + cell.height * (i + 1) / (ends.size() + 1));
        }
    }

    private void set(End end, double x, double y) {
        Ports of = portsOf(end.chain);
        if (end.first) {
            of.firstX = x;
            of.firstY = y;
        } else {
            of.lastX = x;
            of.lastY = y;
        }
    }

    private Ports portsOf(Chain chain) {
        return ports.computeIfAbsent(chain, key -> new Ports());
    }

    private Element wire(Chain chain, List<Element> labels) {
        Ports at = portsOf(chain);
        Path path = new Path(at.firstX, at.firstY);
        if (!chain.flat()) {
            for (Cell cell : chain.cells()) {
                if (cell.node.isEmpty()) {
                    path.curveDownTo(cell.x, cell.top);
                    path.lineTo(cell.x, cell.bottom());
                }
            }
            path.curveDownTo(at.lastX, at.lastY);
            label(chain, true, at.firstX, at.firstY + 14, labels);
            label(chain, false, at.lastX, at.lastY - 8, labels);
        } else if (layout.straight(chain)) {
            path.lineTo(at.lastX, at.lastY);
            double sign = at.firstX <= at.lastX ? 1 : -1;
            label(
                    chain,
                    true,
                    at.firstX + sign * (LayeredLayout.label(chain, chain.first()) / 2 + 6),
                    at.firstY,
                    labels);
            label(chain, false, at.lastX - sign * (LayeredLayout.label(chain, chain.last()) / 2 + 6), at.lastY, labels);
        } else {
            path.arcOverTo(at.lastX, at.lastY);
            label(chain, true, at.firstX, at.firstY - 8, labels);
            label(chain, false, at.lastX, at.lastY - 8, labels);
        }
        return Element.of("g")
                .add(Element.of("title").text(chain.link().toString()))
                .add(Element.of("path", "wire").attribute("d", path.toString()));
    }

    private static void label(Chain chain, boolean first, double x, double y, List<Element> labels) {
        Cell end = first ? chain.first() : chain.last();
        String node = end.node.map(Vertex::name).orElse("");
        boolean isA = chain.link().a().equals(node);
        // A link from a node to itself has both ends there.
        if (chain.first() == chain.last()) {
            isA = first;
        }
        String name = isA ? chain.link().interfaceA() : chain.link().interfaceB();
        labels.add(text("interface" + (end.site.isPresent() ? " within" : ""), x, y + 3, name));
    }

    /** The shape of a link. */
    private static final class Path {
        private final StringBuilder data = new StringBuilder();
        private double x;
        private double y;

        Path(double x, double y) {
            data.append('M').append(number(x)).append(' ').append(number(y));
            this.x = x;
            this.y = y;
        }

        void lineTo(double toX, double toY) {
            data.append('L').append(number(toX)).append(' ').append(number(toY));
            x = toX;
            y = toY;
        }

        /** Leaves and arrives vertically. */
        void curveDownTo(double toX, double toY) {
            double bend = (toY - y) / 2;
            curve(x, y + bend, toX, toY - bend, toX, toY);
        }

        void arcOverTo(double toX, double toY) {
            double above = Math.min(y, toY) - 44;
            curve(x, above, toX, above, toX, toY);
        }

        private void curve(double x1, double y1, double x2, double y2, double toX, double toY) {
            data.append('C')
                    .append(number(x1))
                    .append(' ')
                    .append(number(y1))
                    .append(' ')
                    .append(number(x2))
                    .append(' ')
                    .append(number(y2))
                    .append(' ')
                    .append(number(toX))
                    .append(' ')
                    .append(number(toY));
            x = toX;
            y = toY;
        }

        @Override
        public String toString() {
            return data.toString();
        }
    }

    // ---- nodes ----

    private Element node(Vertex node) {
        Cell cell = layout.cell(node.name());
        String colour = node.colour().map(site -> " " + colour(site)).orElse("");
        double round = switch (node.role()) {
            case CLIENT -> cell.height / 2;
            case SEGMENT -> 0;
            case ROUTER, SERVICE, HOST -> 7;
        };
        Element group =
                Element.of("g").add(box("node" + colour, cell.left(), cell.top, cell.width, cell.height, round));
        if (node.role() == Role.SERVICE) {
            group.add(box("node inner" + colour, cell.left() + 4, cell.top + 4, cell.width - 8, cell.height - 8, 4));
        }
        List<String> captions = node.captions();
        double y = cell.top + cell.height / 2 + 5 - captions.size() * 7.5;
        group.add(text("name", cell.x, y, node.name()));
        for (String caption : captions) {
            y += 15;
            group.add(text("caption", cell.x, y, caption));
        }
        return group;
    }

    private static String colour(int site) {
        return "c" + site % Theme.SITE_COLOURS;
    }

    private static Element box(String cssClass, double x, double y, double width, double height, double round) {
        return Element.of("rect", cssClass)
                .attribute("x", x)
                .attribute("y", y)
                .attribute("width", width)
                .attribute("height", height)
                .attribute("rx", round);
    }

    private static Element text(String cssClass, double x, double y, String text) {
        return Element.of("text", cssClass).attribute("x", x).attribute("y", y).text(text);
    }
}

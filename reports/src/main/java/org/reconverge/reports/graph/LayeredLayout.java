package org.reconverge.reports.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.reconverge.reports.graph.TopologyGraph.Edge;
import org.reconverge.reports.graph.TopologyGraph.Role;
import org.reconverge.reports.graph.TopologyGraph.Vertex;

/**
 * Finds a place for every node: clients in the first row, each further row one hop away from them, and the sites side by
 * side below, each with its own rows from its border to its service.
 *
 * <p>The method is Sugiyama's: rows, then an order within each row that crosses few links, then positions. A link that
 * skips a row passes it through a gap of its own. The result depends on the graph alone.
 */
final class LayeredLayout {

    static final double LABEL_CHARACTER = 6.1;
    private static final double NAME_CHARACTER = 7.7;
    private static final double CAPTION_CHARACTER = 6.2;
    private static final double GAP = 40;
    private static final double ROW_GAP = 84;
    private static final double ARC_SPACE = 34;
    private static final double MOST_EXTRA_GAP = 160;
    private static final double STAGGER = 44;
    private static final double SITE_GAP = 36;
    private static final double SITE_PADDING = 26;
    private static final double SITE_TOP = 40;
    private static final double SITE_BOTTOM = 38;
    private static final double MARGIN = 16;
    private static final double WIDEST_ROW = 1500;
    private static final double WIDEST_SITE_ROW = 700;

    /** Bounds the search for a better order: pairs of links looked at. A hundred nodes take a tenth of a second. */
    private static final long EFFORT = 60_000_000;

    private final TopologyGraph graph;
    private final Map<String, Cell> cells = new LinkedHashMap<>();
    private final List<List<Cell>> rows = new ArrayList<>();
    private final List<SiteBlock> blocks = new ArrayList<>();
    private final List<Chain> chains = new ArrayList<>();
    private double width;
    private double height;

    private LayeredLayout(TopologyGraph graph) {
        this.graph = graph;
    }

    static LayeredLayout of(TopologyGraph graph) {
        LayeredLayout layout = new LayeredLayout(graph);
        layout.makeCells();
        layout.makeChains();
        layout.sizeCells();
        layout.order();
        layout.finish();
        return layout;
    }

    double width() {
        return width;
    }

    double height() {
        return height;
    }

    Cell cell(String node) {
        Cell cell = cells.get(node);
        if (cell == null) {
            throw new IllegalArgumentException("no place for " + node);
        }
        return cell;
    }

    List<Chain> chains() {
        return chains;
    }

    /** Returns the box of a site; empty if no node stands there. */
    Optional<SiteBlock> site(int index) {
        return blocks.stream().filter(block -> block.site == index).findFirst();
    }

    /** A node, or the gap in a row that a link passes through. */
    static final class Cell {
        final Optional<Vertex> node;
        /** Counted from the top over the whole picture; sites begin below the last row outside of them. */
        final int row;

        final Optional<Integer> site;
        final List<Cell> neighbours = new ArrayList<>();
        double width;
        double height;
        double x;
        double top;

        Cell(Optional<Vertex> node, int row, Optional<Integer> site) {
            this.node = node;
            this.row = row;
            this.site = site;
        }

        double bottom() {
            return top + height;
        }

        double left() {
            return x - width / 2;
        }

        double right() {
            return x + width / 2;
        }
    }

    /** The way of a link, from its upper to its lower end; two cells of one row if it is {@link #flat}. */
    record Chain(Edge link, List<Cell> cells) {
        Cell first() {
            return cells.get(0);
        }

        Cell last() {
            return cells.get(cells.size() - 1);
        }

        boolean flat() {
            return first().row == last().row;
        }
    }

    /** A site's box. */
    static final class SiteBlock {
        final int site;
        final List<List<Cell>> rows = new ArrayList<>();
        double left;
        double top;
        double width;
        double bottom;

        SiteBlock(int site) {
            this.site = site;
        }
    }

    // ---- rows ----

    private void makeCells() {
        Set<String> outside = new HashSet<>();
        graph.nodes().stream().filter(node -> node.site().isEmpty()).forEach(node -> outside.add(node.name()));
        Map<String, Integer> ranks = ranksOutside(outside);
        int count = ranks.values().stream().mapToInt(rank -> rank + 1).max().orElse(0);
        for (int i = 0; i < count; i++) {
            rows.add(new ArrayList<>());
        }
        for (int site = 0; site < graph.sites().size(); site++) {
            ranksInside(site).forEach((node, rank) -> ranks.put(node, count + rank));
        }
        for (Vertex node : graph.nodes()) {
            Cell cell = new Cell(Optional.of(node), ranks.getOrDefault(node.name(), 0), node.site());
            cells.put(node.name(), cell);
            place(cell);
        }
    }

    private void place(Cell cell) {
        if (cell.site.isEmpty()) {
            rows.get(cell.row).add(cell);
            return;
        }
        SiteBlock block = site(cell.site.get()).orElseGet(() -> {
            SiteBlock made = new SiteBlock(cell.site.get());
            blocks.add(made);
            return made;
        });
        int inner = cell.row - rows.size();
        while (block.rows.size() <= inner) {
            block.rows.add(new ArrayList<>());
        }
        block.rows.get(inner).add(cell);
    }

    private Map<String, Integer> ranksOutside(Set<String> outside) {
        Map<String, Integer> ranks = new HashMap<>();
        List<String> clients = graph.nodes().stream()
                .filter(node -> node.role() == Role.CLIENT && outside.contains(node.name()))
                .map(Vertex::name)
                .toList();
        spread(clients, outside, ranks);
        // Without a spec there are no clients, and a lab may consist of several parts.
        for (Vertex node : graph.nodes()) {
            if (outside.contains(node.name()) && !ranks.containsKey(node.name())) {
                Set<String> part = reachable(node.name(), outside);
                boolean betweenSites = !graph.sites().isEmpty()
                        && part.stream()
                                .anyMatch(member -> neighbours(member).stream()
                                        .anyMatch(neighbour -> !outside.contains(neighbour)));
                if (betweenSites) {
                    // What joins sites belongs right above them.
                    int last =
                            ranks.values().stream().mapToInt(rank -> rank).max().orElse(0);
                    part.forEach(member -> ranks.put(member, last));
                } else {
                    spread(edgeOf(part), part, ranks);
                }
            }
        }
        return ranks;
    }

    /** Chooses the first row of a part of the lab without clients: its hosts, or else its least connected nodes. */
    private List<String> edgeOf(Set<String> part) {
        List<String> hosts = part.stream()
                .filter(name ->
                        graph.node(name).role() == Role.HOST && neighbours(name).size() <= 1)
                .toList();
        if (!hosts.isEmpty() && hosts.size() < part.size()) {
            return inFileOrder(hosts);
        }
        int fewest =
                part.stream().mapToInt(name -> neighbours(name).size()).min().orElse(0);
        Set<String> least = new HashSet<>(
                part.stream().filter(name -> neighbours(name).size() == fewest).toList());
        boolean apart =
                least.stream().noneMatch(name -> neighbours(name).stream().anyMatch(least::contains));
        if (apart) {
            return inFileOrder(least);
        }
        // As in a ring: begin at a node that is as far away from another as any.
        String far = inFileOrder(part).get(0);
        for (int i = 0; i < 2; i++) {
            Map<String, Integer> distance = new HashMap<>();
            spread(List.of(far), part, distance);
            far = inFileOrder(part).stream()
                    .max(Comparator.comparingInt(name -> distance.getOrDefault(name, 0)))
                    .orElse(far);
        }
        return List.of(far);
    }

    private Map<String, Integer> ranksInside(int site) {
        Set<String> inside = new HashSet<>(graph.sites().get(site).nodes());
        List<String> nodes = inFileOrder(inside);
        List<String> border = nodes.stream()
                .filter(name -> neighbours(name).stream()
                        .anyMatch(neighbour -> graph.node(neighbour).site().isEmpty()))
                .toList();
        if (border.isEmpty()) {
            border = nodes.stream()
                    .filter(name -> neighbours(name).stream().anyMatch(neighbour -> !inside.contains(neighbour)))
                    .toList();
        }
        Map<String, Integer> ranks = new HashMap<>();
        spread(border, inside, ranks);
        int last = ranks.values().stream().mapToInt(rank -> rank + 1).max().orElse(0);
        nodes.forEach(name -> ranks.putIfAbsent(name, last));
        return ranks;
    }

    private List<String> inFileOrder(Collection<String> names) {
        return graph.nodes().stream().map(Vertex::name).filter(names::contains).toList();
    }

    private Set<String> reachable(String from, Set<String> among) {
        Map<String, Integer> ranks = new HashMap<>();
        spread(List.of(from), among, ranks);
        return ranks.keySet();
    }

    /** Gives every node its distance from the nearest of some roots. */
    private void spread(List<String> roots, Set<String> among, Map<String, Integer> ranks) {
        Deque<String> queue = new ArrayDeque<>();
        for (String root : roots) {
            if (ranks.putIfAbsent(root, 0) == null) {
                queue.add(root);
            }
        }
        while (!queue.isEmpty()) {
            String node = queue.remove();
            int next = ranks.getOrDefault(node, 0) + 1;
            for (String neighbour : neighbours(node)) {
                if (among.contains(neighbour) && ranks.putIfAbsent(neighbour, next) == null) {
                    queue.add(neighbour);
                }
            }
        }
    }

    private List<String> neighbours(String node) {
        return graph.links().stream()
                .filter(link -> link.touches(node) && !link.other(node).equals(node))
                .map(link -> link.other(node))
                .distinct()
                .toList();
    }

    // ---- links ----

    private void makeChains() {
        for (Edge link : graph.links()) {
            Cell a = cell(link.a());
            Cell b = cell(link.b());
            Cell upper = a.row <= b.row ? a : b;
            Cell lower = upper == a ? b : a;
            List<Cell> way = new ArrayList<>(List.of(upper));
            for (int row = upper.row + 1; row < lower.row; row++) {
                Cell gap = new Cell(Optional.empty(), row, row < rows.size() ? Optional.empty() : lower.site);
                place(gap);
                way.add(gap);
            }
            way.add(lower);
            for (int i = 0; upper.row != lower.row && i + 1 < way.size(); i++) {
                way.get(i).neighbours.add(way.get(i + 1));
                way.get(i + 1).neighbours.add(way.get(i));
            }
            chains.add(new Chain(link, way));
        }
    }

    private void sizeCells() {
        for (Cell cell : cells.values()) {
            Vertex node = cell.node.orElseThrow();
            double text = node.captions().stream()
                    .mapToDouble(caption -> caption.length() * CAPTION_CHARACTER)
                    .max()
                    .orElse(0);
            cell.width = Math.max(86, Math.max(text, node.name().length() * NAME_CHARACTER) + 26);
            cell.width = Math.max(cell.width, Math.max(ports(cell, true), ports(cell, false)));
            cell.height = 30 + 15 * node.captions().size();
        }
        chains.stream()
                .flatMap(chain -> chain.cells().stream())
                .filter(cell -> cell.node.isEmpty())
                .forEach(gap -> gap.width = 8);
    }

    /** Returns the width that the interface names at the upper or lower side of a node need. */
    private double ports(Cell cell, boolean upperSide) {
        return chains.stream()
                .filter(chain -> !chain.flat() && (upperSide ? chain.last() : chain.first()) == cell)
                .mapToDouble(chain -> label(chain, cell) + 12)
                .sum();
    }

    static double label(Chain chain, Cell end) {
        String node = end.node.map(Vertex::name).orElse("");
        Edge link = chain.link();
        return (link.a().equals(node) ? link.interfaceA() : link.interfaceB()).length() * LABEL_CHARACTER;
    }

    // ---- order ----

    private void order() {
        position();
        for (int sweep = 0; sweep < 4; sweep++) {
            for (List<Cell> row : allRows()) {
                sort(row);
            }
            blocks.sort(Comparator.comparingDouble(LayeredLayout::pull));
            position();
        }
        double best = cost();
        long links = allSegments().size();
        long tries = EFFORT / Math.max(1, links * links);
        boolean better = true;
        while (better && tries > 0) {
            better = false;
            for (List<?> movable : movables()) {
                for (int i = 0; i + 1 < movable.size() && tries > 0; i++, tries--) {
                    swap(movable, i);
                    position();
                    double cost = cost();
                    if (cost < best - 1e-6) {
                        best = cost;
                        better = true;
                    } else {
                        swap(movable, i);
                    }
                }
            }
        }
        position();
    }

    private List<List<?>> movables() {
        List<List<?>> movables = new ArrayList<>(allRows());
        movables.add(blocks);
        return movables;
    }

    private static <T> void swap(List<T> list, int i) {
        T first = list.get(i);
        list.set(i, list.get(i + 1));
        list.set(i + 1, first);
    }

    private List<List<Cell>> allRows() {
        List<List<Cell>> all = new ArrayList<>(rows);
        blocks.forEach(block -> all.addAll(block.rows));
        return all;
    }

    private static void sort(List<Cell> row) {
        Map<Cell, Double> pulls = new HashMap<>();
        row.forEach(cell -> pulls.put(cell, pull(cell)));
        row.sort(Comparator.comparingDouble(cell -> pulls.getOrDefault(cell, 0.0)));
    }

    private static double pull(Cell cell) {
        return cell.neighbours.stream()
                .mapToDouble(neighbour -> neighbour.x)
                .average()
                .orElse(cell.x);
    }

    private static double pull(SiteBlock block) {
        return block.rows.stream()
                .flatMap(List::stream)
                .flatMap(cell -> cell.neighbours.stream())
                .filter(neighbour -> neighbour.site.isEmpty())
                .mapToDouble(neighbour -> neighbour.x)
                .average()
                .orElse(block.left + block.width / 2);
    }

    private record Segment(Cell upper, Cell lower) {}

    private List<Segment> allSegments() {
        List<Segment> segments = new ArrayList<>();
        for (Chain chain : chains) {
            for (int i = 0; !chain.flat() && i + 1 < chain.cells().size(); i++) {
                segments.add(new Segment(chain.cells().get(i), chain.cells().get(i + 1)));
            }
        }
        return segments;
    }

    /** Crossings above all, then links past a node of their own row, then length. */
    private double cost() {
        List<Segment> segments = allSegments();
        double cost = 0;
        for (int i = 0; i < segments.size(); i++) {
            Segment a = segments.get(i);
            cost += Math.abs(a.upper.x - a.lower.x) / 1000;
            for (int j = i + 1; j < segments.size(); j++) {
                Segment b = segments.get(j);
                if (a.upper.row == b.upper.row && (a.upper.x - b.upper.x) * (a.lower.x - b.lower.x) < 0) {
                    cost += 1;
                }
            }
        }
        for (Chain chain : chains) {
            if (chain.flat()) {
                cost += between(chain) * 1.5 + Math.abs(chain.first().x - chain.last().x) / 1000;
            }
        }
        return cost;
    }

    /** Returns how many cells of the row stand between the ends of a flat link. */
    private long between(Chain chain) {
        double from = Math.min(chain.first().x, chain.last().x);
        double to = Math.max(chain.first().x, chain.last().x);
        return allRows().stream()
                .flatMap(List::stream)
                .filter(cell -> cell.row == chain.first().row && cell.x > from && cell.x < to)
                .count();
    }

    /** Returns whether a flat link can be drawn straight from side to side. */
    boolean straight(Chain chain) {
        return chain.flat() && between(chain) == 0 && chain.first().top == chain.last().top;
    }

    // ---- positions ----

    private void position() {
        double from = 0;
        for (SiteBlock block : blocks) {
            for (List<Cell> row : block.rows) {
                boolean first = row == block.rows.get(0);
                double[] wish = first ? even(row) : wishes(row, cell -> cell.row < row.get(0).row);
                settle(row, wish, WIDEST_SITE_ROW);
            }
            double left = edge(block, true);
            block.width = Math.max(
                    edge(block, false) - left + 2 * SITE_PADDING,
                    graph.sites().get(block.site).name().length() * NAME_CHARACTER + 80);
            double shift = from + block.width / 2 - (left + edge(block, false)) / 2;
            block.rows.forEach(row -> row.forEach(cell -> cell.x += shift));
            block.left = from;
            from += block.width + SITE_GAP;
        }
        double centre = blocks.isEmpty() ? 0 : (from - SITE_GAP) / 2;
        for (List<Cell> row : rows) {
            double[] wish = even(row);
            for (int i = 0; i < wish.length; i++) {
                wish[i] += centre;
            }
            settle(row, wish, WIDEST_ROW);
        }
        for (int round = 0; round < 6; round++) {
            for (int i = rows.size() - 1; i >= 0; i--) {
                settle(rows.get(i), wishes(rows.get(i), cell -> true), WIDEST_ROW);
            }
            for (List<Cell> row : rows) {
                settle(row, wishes(row, cell -> true), WIDEST_ROW);
            }
        }
    }

    private static double edge(SiteBlock block, boolean left) {
        return left
                ? block.rows.stream()
                        .flatMap(List::stream)
                        .mapToDouble(Cell::left)
                        .min()
                        .orElse(0)
                : block.rows.stream()
                        .flatMap(List::stream)
                        .mapToDouble(Cell::right)
                        .max()
                        .orElse(0);
    }

    private static double[] even(List<Cell> row) {
        double[] wish = new double[row.size()];
        double total = row.stream().mapToDouble(cell -> cell.width + GAP).sum() - GAP;
        double x = -total / 2;
        for (int i = 0; i < wish.length; i++) {
            wish[i] = x + row.get(i).width / 2;
            x += row.get(i).width + GAP;
        }
        return wish;
    }

    private static double[] wishes(List<Cell> row, Predicate<Cell> which) {
        return row.stream()
                .mapToDouble(cell -> cell.neighbours.stream()
                        .filter(which)
                        .mapToDouble(neighbour -> neighbour.x)
                        .average()
                        .orElse(cell.x))
                .toArray();
    }

    /**
     * Puts the cells of a row as near to where they wish to be as their order and the space between them allow: a least
     * squares fit, by pooling neighbours that want to pass each other.
     */
    private void settle(List<Cell> row, double[] wish, double widest) {
        int stagger = stagger(row, widest);
        double[] offset = new double[row.size()];
        for (int i = 1; i < row.size(); i++) {
            offset[i] = offset[i - 1] + space(row.get(i - 1), row.get(i), stagger, row);
        }
        double[] sums = new double[row.size()];
        int[] counts = new int[row.size()];
        int pools = 0;
        for (int i = 0; i < row.size(); i++) {
            sums[pools] = wish[i] - offset[i];
            counts[pools] = 1;
            pools++;
            while (pools > 1 && sums[pools - 2] / counts[pools - 2] > sums[pools - 1] / counts[pools - 1]) {
                sums[pools - 2] += sums[pools - 1];
                counts[pools - 2] += counts[pools - 1];
                pools--;
            }
        }
        int cell = 0;
        for (int pool = 0; pool < pools; pool++) {
            for (int i = 0; i < counts[pool]; i++, cell++) {
                row.get(cell).x = sums[pool] / counts[pool] + offset[cell];
            }
        }
    }

    private double space(Cell left, Cell right, int stagger, List<Cell> row) {
        if (stagger > 1) {
            double widestCell =
                    row.stream().mapToDouble(cell -> cell.width).max().orElse(0);
            return (widestCell + GAP) / stagger;
        }
        double labels = chains.stream()
                .filter(chain -> chain.flat()
                        && (chain.first() == left && chain.last() == right
                                || chain.first() == right && chain.last() == left))
                .mapToDouble(chain -> label(chain, left) + label(chain, right) + 34)
                .max()
                .orElse(0);
        double gap = left.node.isEmpty() || right.node.isEmpty() ? GAP / 2 : GAP;
        return (left.width + right.width) / 2 + Math.max(gap, labels);
    }

    /** Returns in how many steps a row is staggered so that it does not become too wide. */
    private static int stagger(List<Cell> row, double widest) {
        if (row.stream().anyMatch(cell -> cell.neighbours.size() > 2)) {
            // So many links would run behind the nodes of the next step.
            return 1;
        }
        double total = row.stream().mapToDouble(cell -> cell.width + GAP).sum();
        return Math.max(1, (int) Math.ceil(total / widest));
    }

    private void finish() {
        double y = MARGIN;
        for (List<Cell> row : rows) {
            y = stack(row, y + arcSpace(row), WIDEST_ROW) + ROW_GAP;
            // Many links need room to part.
            long downwards = row.stream()
                    .flatMap(cell -> cell.neighbours.stream().filter(below -> below.row > cell.row))
                    .count();
            y += Math.min(MOST_EXTRA_GAP, 4.0 * Math.max(0, downwards - 10));
        }
        if (rows.isEmpty()) {
            y += ROW_GAP / 2;
        }
        double top = y - (rows.isEmpty() ? ROW_GAP / 2 : ROW_GAP - 50);
        int deepest = blocks.stream().mapToInt(block -> block.rows.size()).max().orElse(0);
        double inner = top + SITE_TOP;
        for (int i = 0; i < deepest; i++) {
            int index = i;
            inner += blocks.stream()
                    .filter(block -> index < block.rows.size())
                    .mapToDouble(block -> arcSpace(block.rows.get(index)))
                    .max()
                    .orElse(0);
            double lowest = inner;
            for (SiteBlock block : blocks) {
                if (i < block.rows.size()) {
                    lowest = Math.max(lowest, stack(block.rows.get(i), inner, WIDEST_SITE_ROW));
                }
            }
            inner = lowest + ROW_GAP;
        }
        double bottom = y - ROW_GAP;
        for (SiteBlock block : blocks) {
            block.top = top;
            block.bottom = inner - ROW_GAP + SITE_BOTTOM;
            bottom = Math.max(bottom, block.bottom);
        }
        height = bottom + MARGIN;
        double left = Math.min(
                allRows().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Cell::left)
                        .min()
                        .orElse(0),
                blocks.stream().mapToDouble(block -> block.left).min().orElse(Double.MAX_VALUE));
        double right = Math.max(
                allRows().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Cell::right)
                        .max()
                        .orElse(0),
                blocks.stream()
                        .mapToDouble(block -> block.left + block.width)
                        .max()
                        .orElse(-Double.MAX_VALUE));
        double shift = MARGIN - left;
        allRows().forEach(row -> row.forEach(cell -> cell.x += shift));
        blocks.forEach(block -> block.left += shift);
        width = right - left + 2 * MARGIN;
    }

    /** Returns the height that links over the nodes of a row need. */
    private double arcSpace(List<Cell> row) {
        boolean arcs = chains.stream()
                .anyMatch(chain -> chain.flat()
                        && (row.contains(chain.first()) || row.contains(chain.last()))
                        && (between(chain) > 0 || stagger(row, WIDEST_ROW) > 1));
        return arcs ? ARC_SPACE : 0;
    }

    /** Gives the cells of a row their heights and returns where it ends. */
    private double stack(List<Cell> row, double top, double widest) {
        int stagger = stagger(row, widest);
        double tallest = row.stream().mapToDouble(cell -> cell.height).max().orElse(0);
        double bottom = top + tallest + (stagger - 1) * (tallest + STAGGER);
        for (int i = 0; i < row.size(); i++) {
            Cell cell = row.get(i);
            if (cell.node.isEmpty()) {
                cell.top = top;
                cell.height = bottom - top;
            } else {
                cell.top = top + (i % stagger) * (tallest + STAGGER);
                cell.height = tallest;
            }
        }
        return bottom;
    }
}

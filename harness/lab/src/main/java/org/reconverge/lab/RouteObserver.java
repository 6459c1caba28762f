package org.reconverge.lab;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.lab.stream.ContainerProcess;
import org.reconverge.lab.stream.LineSink;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.topology.Prefix;

/**
 * Hears every route change in every node's kernel through one process in the panel: a netlink socket that listens to all
 * network namespaces the panel knows an id of.
 */
final class RouteObserver implements AutoCloseable {

    private static final Pattern LINE = Pattern.compile("\\[([0-9T:.-]+)\\] ?\\[nsid (\\d+)\\] ?(Deleted )?(.*)");

    /** The interface names are looked up in the panel's namespace, where the same index is another interface. */
    private static final Pattern DEVICE = Pattern.compile(" dev \\S+");

    /** What a route begins with, perhaps behind a word such as {@code blackhole}. */
    private static final Pattern PREFIX = Pattern.compile("[0-9a-f]*[.:][0-9a-f.:]*(/[0-9]+)?");

    private final LabClock clock;
    private final List<Prefix> ignored;
    private final Consumer<RouteChanged> consumer;
    private volatile Map<Integer, String> nodes;
    private final ContainerProcess process;

    RouteObserver(PatchPanel panel, LabClock clock, List<Prefix> ignored, Consumer<RouteChanged> consumer) {
        this.clock = clock;
        this.ignored = ignored;
        this.consumer = consumer;
        this.nodes = panel.namespaceIds();
        this.process = panel.exec(
                new LineSink(this::line),
                new LineSink(line -> {}),
                "/bin/sh",
                "-c",
                "TZ=UTC ip -ts monitor all-nsid route & monitor=$!; read _; kill $monitor");
    }

    /** Reads the namespace ids again; a node that was started again has a new one. */
    void refresh(PatchPanel panel) {
        nodes = panel.namespaceIds();
    }

    private void line(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return; // a further next hop of the route above
        }
        String route = clean(matcher.group(4));
        String node = nodes.get(Integer.parseInt(matcher.group(2)));
        if (node == null || isNotForwarding(route) || isIgnored(route)) {
            return;
        }
        var wall = LocalDateTime.parse(matcher.group(1)).toInstant(ZoneOffset.UTC);
        consumer.accept(new RouteChanged(clock.fromWall(wall), node, matcher.group(3) != null, route));
    }

    private static String clean(String text) {
        return DEVICE.matcher(text).replaceAll("").strip();
    }

    private boolean isIgnored(String route) {
        if (ignored.isEmpty()) {
            return false;
        }
        for (String word : route.split(" ", 3)) {
            if (PREFIX.matcher(word).matches()) {
                Prefix prefix = Prefix.parse(word);
                return ignored.stream().anyMatch(one -> one.contains(prefix));
            }
        }
        return false;
    }

    private static boolean isNotForwarding(String route) {
        return route.contains("table local")
                || route.startsWith("local ")
                || route.startsWith("broadcast ")
                || route.startsWith("multicast ")
                || route.startsWith("anycast ")
                || route.startsWith("ff00::/8")
                || route.startsWith("fe80::");
    }

    @Override
    public void close() {
        process.send("\n");
        process.close();
    }
}

package org.reconverge.model.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ProcessChanged;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.HistoryEvent.SessionChanged;
import org.reconverge.model.history.MonotonicTime;

/**
 * What the routers did after a convergence event, for the report; no verdict depends on it.
 *
 * @param nodes the nodes that did something, the first to act first
 */
public record Milestones(List<NodeMilestones> nodes) {

    /** Copies the list, so that milestones never change. */
    public Milestones {
        nodes = List.copyOf(nodes);
    }

    /** Returns what the routers did in a window, as their events tell; empty if there are none of them. */
    public static Milestones of(History history, Window window) {
        Map<String, Gathered> nodes = new LinkedHashMap<>();
        MonotonicTime from = window.event().before();
        history.events().stream()
                .filter(event -> event instanceof RouteChanged
                        || event instanceof SessionChanged
                        || event instanceof ProcessChanged)
                .filter(event -> event.at().compareTo(from) >= 0)
                .filter(event -> window.next()
                        .map(next -> event.at().compareTo(next.before()) < 0)
                        .orElse(true))
                // Lines of different nodes reach the history by different ways.
                .sorted(Comparator.comparing(HistoryEvent::at))
                .forEach(event -> {
                    Duration after = event.at().since(window.event().middle());
                    if (event instanceof RouteChanged route) {
                        gathered(nodes, route.node()).routeChanges.add(after);
                    } else if (event instanceof SessionChanged session) {
                        gathered(nodes, session.node())
                                .sessions
                                .add(new SessionMilestone(
                                        after, session.protocol(), session.peer(), session.state(), session.reason()));
                    } else if (event instanceof ProcessChanged process) {
                        gathered(nodes, process.node())
                                .processes
                                .add(new ProcessMilestone(after, process.process(), process.running()));
                    }
                });
        return new Milestones(nodes.entrySet().stream()
                .map(node -> node.getValue().asMilestones(node.getKey()))
                .toList());
    }

    private static Gathered gathered(Map<String, Gathered> nodes, String node) {
        return nodes.computeIfAbsent(node, key -> new Gathered());
    }

    private static final class Gathered {
        private final List<Duration> routeChanges = new ArrayList<>();
        private final List<SessionMilestone> sessions = new ArrayList<>();
        private final List<ProcessMilestone> processes = new ArrayList<>();

        NodeMilestones asMilestones(String node) {
            return new NodeMilestones(
                    node,
                    routeChanges.stream().findFirst(),
                    routeChanges.stream().reduce((a, b) -> b),
                    routeChanges.size(),
                    sessions,
                    processes);
        }
    }

    /**
     * What one node did. Times are from the middle of the convergence event.
     *
     * @param node the node
     * @param firstRouteChange its kernel's first route change
     * @param lastRouteChange its kernel's last route change
     * @param routeChanges how many there were
     * @param sessions the changes of its routing sessions, in order
     * @param processes the processes that started or ended, in order
     */
    public record NodeMilestones(
            String node,
            Optional<Duration> firstRouteChange,
            Optional<Duration> lastRouteChange,
            int routeChanges,
            List<SessionMilestone> sessions,
            List<ProcessMilestone> processes) {

        /** Copies the lists, so that milestones never change. */
        public NodeMilestones {
            sessions = List.copyOf(sessions);
            processes = List.copyOf(processes);
        }
    }

    /** A routing session changed, as the router itself reported it; {@code after} is from the convergence event. */
    public record SessionMilestone(Duration after, String protocol, String peer, String state, String reason) {}

    /** A process started or ended; {@code after} is from the convergence event. */
    public record ProcessMilestone(Duration after, String process, boolean running) {}
}

package org.reconverge.model.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

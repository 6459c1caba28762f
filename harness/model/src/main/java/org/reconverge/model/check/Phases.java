package org.reconverge.model.check;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.reconverge.model.check.Milestones.NodeMilestones;

/**
 * How the time to recover was spent: one phase after the other, from the convergence event to the restored service. What
 * did not happen, or was not seen, is empty.
 *
 * @param detect until a router first noticed: a routing session, a process or a route changed
 * @param withdraw from there until a kernel's first route change
 * @param converge from there until the network carried every probe again
 * @param tunnel from there until the first answer through the tunnel
 * @param session from there, or from the recovery of the network for sessions outside the tunnel, until the last session
 *     was restored
 */
public record Phases(
        Optional<Duration> detect,
        Optional<Duration> withdraw,
        Optional<Duration> converge,
        Optional<Measured> tunnel,
        Optional<Measured> session) {

    static Phases of(
            Milestones milestones, Optional<Measured> network, Optional<Measured> tunnel, Optional<Measured> session) {
        Optional<Duration> recovered = network.map(Measured::value);
        // What a router does after the network has recovered is no part of its recovery.
        Optional<Duration> noticed = milestones.nodes().stream()
                .map(Phases::firstAct)
                .flatMap(Optional::stream)
                .min(Duration::compareTo)
                .filter(act -> recovered.filter(end -> act.compareTo(end) <= 0).isPresent())
                .map(Phases::notNegative);
        Optional<Duration> changed = milestones.nodes().stream()
                .map(NodeMilestones::firstRouteChange)
                .flatMap(Optional::stream)
                .min(Duration::compareTo)
                .filter(act -> recovered.filter(end -> act.compareTo(end) <= 0).isPresent())
                .map(Phases::notNegative);
        return new Phases(
                noticed,
                noticed.flatMap(from -> changed.map(until -> until.minus(from))),
                recovered.map(until -> until.minus(changed.or(() -> noticed).orElse(Duration.ZERO))),
                tunnel,
                session);
    }

    private static Optional<Duration> firstAct(NodeMilestones node) {
        List<Duration> sessions =
                node.sessions().stream().map(Milestones.SessionMilestone::after).toList();
        List<Duration> processes = node.processes().stream()
                .map(Milestones.ProcessMilestone::after)
                .toList();
        return java.util.stream.Stream.of(
                        sessions, processes, node.firstRouteChange().stream().toList())
                .flatMap(List::stream)
                .min(Duration::compareTo);
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}

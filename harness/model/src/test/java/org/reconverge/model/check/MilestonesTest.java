package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.reconverge.model.check.Milestones.NodeMilestones;
import org.reconverge.model.check.Milestones.ProcessMilestone;
import org.reconverge.model.check.Milestones.SessionMilestone;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.ProcessChanged;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.HistoryEvent.SessionChanged;

class MilestonesTest {

    private static final Window WINDOW = new Window(
            new ConvergenceEvent(GoldenTrial.at(-1), GoldenTrial.at(1)),
            Optional.of(new ConvergenceEvent(GoldenTrial.at(1_000), GoldenTrial.at(1_001))));

    @Test
    void tellWhatEachNodeDidInTheWindowAndNothingElse() {
        Milestones milestones = Milestones.of(
                new History(List.of(
                        route(-100, "edge"),
                        route(300, "edge"),
                        route(120, "edge"),
                        new SessionChanged(GoldenTrial.at(110), "edge", "bgp", "192.0.2.1", "Idle", "BFD down"),
                        new ProcessChanged(GoldenTrial.at(50), "core", "bgpd", 17, false),
                        route(1_000, "edge"))),
                WINDOW);
        assertThat(milestones.nodes())
                .containsExactly(
                        new NodeMilestones(
                                "core",
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                List.of(),
                                List.of(new ProcessMilestone(Duration.ofMillis(50), "bgpd", false))),
                        new NodeMilestones(
                                "edge",
                                Optional.of(Duration.ofMillis(120)),
                                Optional.of(Duration.ofMillis(300)),
                                2,
                                List.of(new SessionMilestone(
                                        Duration.ofMillis(110), "bgp", "192.0.2.1", "Idle", "BFD down")),
                                List.of()));
    }

    private static RouteChanged route(double millis, String node) {
        return new RouteChanged(GoldenTrial.at(millis), node, false, "203.0.113.10 via 192.0.2.1");
    }
}

package org.reconverge.lab;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.NodeLog;
import org.reconverge.model.history.HistoryEvent.SessionChanged;
import org.reconverge.model.history.MonotonicTime;

/** Adds what the routers wrote since an instant, as lines and, where they tell of sessions, as session changes. */
record RouterLogs(Lab lab) {

    private static final Pattern ADJACENCY =
            Pattern.compile(".*%ADJCHANGE: neighbor (\\S+?)(?:\\(.*?\\))? in vrf \\S+ (Up|Down) ?(.*)");

    void append(MonotonicTime since) {
        ClockSync now = lab.panel().clock();
        Instant wall = now.wall().minus(now.at().since(since));
        for (LabNode node : lab.nodes()) {
            for (ContainerLog.Line line : ContainerLog.since(lab.engine().client(), node.container(), wall)) {
                MonotonicTime at = lab.clock().fromWall(line.at());
                lab.record(new NodeLog(at, node.name(), line.text()));
                Matcher matcher = ADJACENCY.matcher(line.text());
                if (matcher.matches()) {
                    lab.record(new SessionChanged(
                            at,
                            node.name(),
                            "bgp",
                            matcher.group(1),
                            matcher.group(2).toLowerCase(Locale.ROOT),
                            matcher.group(3)));
                }
            }
        }
    }
}

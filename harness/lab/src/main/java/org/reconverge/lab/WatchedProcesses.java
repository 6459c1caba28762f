package org.reconverge.lab;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.reconverge.model.fault.Fault;

/** Watches the processes that a fault kills or stops, so that the history shows when supervision brings them back. */
record WatchedProcesses(Lab lab, List<Map.Entry<String, String>> processes) implements AutoCloseable {

    static WatchedProcesses of(Lab lab, Fault fault) {
        WatchedProcesses watched = new WatchedProcesses(lab, find(fault));
        watched.processes.forEach(one -> lab.panel()
                .run("watch " + one.getKey() + " " + one.getValue() + " "
                        + lab.node(one.getKey()).mainProcesses().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(" "))
                        + "\n"));
        return watched;
    }

    private static List<Map.Entry<String, String>> find(Fault fault) {
        if (fault instanceof Fault.ProcessKill kill) {
            return List.of(Map.entry(kill.node(), kill.process()));
        } else if (fault instanceof Fault.ProcessHang hang) {
            return List.of(Map.entry(hang.node(), hang.process()));
        } else if (fault instanceof Fault.ConcentratorKill kill) {
            return FaultPlanner.TUNNEL_DAEMONS.stream()
                    .map(daemon -> Map.entry(kill.node(), daemon))
                    .toList();
        } else if (fault instanceof Fault.AllOf all) {
            return all.faults().stream().flatMap(part -> find(part).stream()).toList();
        }
        return List.of();
    }

    @Override
    public void close() {
        processes.forEach(one -> lab.panel().run("unwatch " + one.getKey() + " " + one.getValue() + "\n"));
    }
}

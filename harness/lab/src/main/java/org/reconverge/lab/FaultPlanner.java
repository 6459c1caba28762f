package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.lab.panel.Wire;
import org.reconverge.lab.stream.Shell;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.topology.Endpoint;

/**
 * Turns a fault into what the panel's agent and the engine have to do.
 *
 * <p>Nothing here touches a router: not its configuration, not its rules, not its namespace. Carriers and frames are
 * taken away on the wire; processes get signals from outside, as from the kernel's out-of-memory killer.
 */
final class FaultPlanner {

    /** How much longer the kernel keeps a drop than the agent's lease: the backstop behind the backstop. */
    private static final Duration KERNEL_MARGIN = Duration.ofSeconds(5);

    /** What may run at a concentrator, as the kernel calls it. */
    static final List<String> TUNNEL_DAEMONS = List.of("wireguard-go", "openvpn", "charon");

    private final Lab lab;
    private final PatchPanel panel;
    private final DockerClient client;

    FaultPlanner(Lab lab, PatchPanel panel, DockerClient client) {
        this.lab = lab;
        this.client = client;
        this.panel = panel;
    }

    /**
     * Plans a fault on the lab as it is now.
     *
     * @param lease how long the fault may stay at most
     * @throws LabException if it hits nothing: no such link, or no such process now
     */
    FaultPlan plan(Fault fault, Duration lease) {
        if (fault instanceof Fault.LinkDown linkDown) {
            Wire wire = wireAt(linkDown.endpoint());
            return FaultPlan.of(
                    carrier("down", wire.innerA(), wire.innerB()),
                    carrier("up", wire.innerA(), wire.innerB()),
                    () -> withoutCarrier(List.of(wire.link().a(), wire.link().b())));
        } else if (fault instanceof Fault.CarrierLoss loss) {
            Wire wire = wireAt(loss.endpoint());
            String inner = wire.innerEnd(loss.endpoint());
            return FaultPlan.of(
                    carrier("down", inner), carrier("up", inner), () -> withoutCarrier(List.of(loss.endpoint())));
        } else if (fault instanceof Fault.SilentDrop drop) {
            Wire wire = wireAt(drop.endpoint());
            return drop(List.of(wire.innerA(), wire.innerB()), lease);
        } else if (fault instanceof Fault.OneWayDrop drop) {
            Wire wire = wireAt(drop.from());
            return drop(List.of(wire.innerEnd(drop.from())), lease);
        } else if (fault instanceof Fault.LinkFlap flap) {
            return flap(flap);
        } else if (fault instanceof Fault.ProcessKill kill) {
            List<String> pids = processes(kill.node(), kill.process());
            return FaultPlan.of(
                    List.of("signal KILL " + String.join(" ", pids)), List.of(), () -> ended(kill.process(), pids));
        } else if (fault instanceof Fault.ProcessHang hang) {
            List<String> pids = processes(hang.node(), hang.process());
            String all = String.join(" ", pids);
            return FaultPlan.of(
                    List.of("signal STOP " + all), List.of("signal CONT " + all), () -> stopped(hang.process(), pids));
        } else if (fault instanceof Fault.NodePause pause) {
            return pause(lab.node(pause.node()));
        } else if (fault instanceof Fault.NodeDown down) {
            return powerLoss(List.of(lab.node(down.node())));
        } else if (fault instanceof Fault.SiteDown down) {
            return powerLoss(down.nodes().stream().map(lab::node).toList());
        } else if (fault instanceof Fault.ServiceDown down) {
            List<SideContainer> services = lab.services(down.site());
            List<String> pids = services.stream()
                    .map(service -> String.valueOf(service.pid()))
                    .toList();
            return FaultPlan.of(
                            List.of("signal KILL " + String.join(" ", pids)),
                            List.of(),
                            () -> ended("the service of " + down.site(), pids))
                    .undoneByEngine(() -> {
                        services.forEach(SideContainer::start);
                        return Optional.empty();
                    });
        } else if (fault instanceof Fault.ConcentratorKill kill) {
            List<String> pids = tunnelDaemons(kill.site(), kill.node());
            return FaultPlan.of(
                    List.of("signal KILL " + String.join(" ", pids)),
                    List.of(),
                    () -> ended("every VPN daemon of " + kill.site(), pids));
        } else if (fault instanceof Fault.ConcentratorDown down) {
            return concentratorDown(down);
        } else if (fault instanceof Fault.Drain drain) {
            return drain(drain);
        } else if (fault instanceof Fault.AllOf all) {
            return FaultPlan.all(
                    all.faults().stream().map(part -> plan(part, lease)).toList());
        }
        throw new LabException("no way is known to apply " + fault.describe());
    }

    private Wire wireAt(Endpoint endpoint) {
        try {
            return panel.wireAt(endpoint);
        } catch (IllegalArgumentException e) {
            throw new LabException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<String> carrier(String state, String... devices) {
        return List.of("carrier " + state + " " + String.join(" ", devices));
    }

    private Optional<String> withoutCarrier(List<Endpoint> ends) {
        List<Endpoint> containers = ends.stream().filter(panel::isContainer).toList();
        String running = panel.run(containers.stream()
                        .map(end -> "running " + lab.node(end.node()).pid() + " " + end.interfaceName() + "\n")
                        .collect(Collectors.joining()))
                .output();
        return running.isEmpty() && !containers.isEmpty()
                ? Optional.of("no carrier at "
                        + containers.stream().map(Endpoint::toString).collect(Collectors.joining(" and ")))
                : Optional.empty();
    }

    private FaultPlan drop(List<String> innerEnds, Duration lease) {
        long kernelLease = lease.plus(KERNEL_MARGIN).toMillis();
        String ends = String.join(" ", innerEnds);
        return FaultPlan.of(
                List.of("drop " + kernelLease + " " + ends), List.of("pass " + ends), () -> dropped(innerEnds));
    }

    private static final Pattern COUNTER = Pattern.compile("\"?(w\\d+[ab])\"? counter packets (\\d+)");

    private Optional<String> dropped(List<String> innerEnds) {
        Matcher matcher = COUNTER.matcher(
                panel.run("filter list set " + PatchPanel.SILENT + "\n").output());
        List<String> seen = new ArrayList<>();
        while (matcher.find()) {
            if (innerEnds.contains(matcher.group(1)) && !matcher.group(2).equals("0")) {
                seen.add(matcher.group(2) + " frames at " + matcher.group(1));
            }
        }
        return seen.isEmpty() ? Optional.empty() : Optional.of("dropped " + String.join(", ", seen));
    }

    private FaultPlan flap(Fault.LinkFlap flap) {
        Wire wire = wireAt(flap.endpoint());
        List<String> down = carrier("down", wire.innerA(), wire.innerB());
        List<String> up = carrier("up", wire.innerA(), wire.innerB());
        List<String> timed = new ArrayList<>();
        for (int i = 0; i < flap.times(); i++) {
            if (i > 0) {
                timed.addAll(down);
            }
            timed.add("wait " + flap.down().toMillis());
            timed.addAll(up);
            timed.add("wait " + flap.up().toMillis());
        }
        // A look could come between two flaps; so the first one is looked at in the same breath.
        String look = Stream.of(wire.link().a(), wire.link().b())
                .filter(panel::isContainer)
                .map(end -> "running " + lab.node(end.node()).pid() + " " + end.interfaceName())
                .collect(Collectors.joining("\n"));
        List<String> script =
                Stream.concat(down.stream(), Stream.of("mark\n" + look)).toList();
        return new FaultPlan(script, timed, up, List.of(), List.of(), List.of());
    }

    private List<String> processes(String node, String process) {
        LabNode running = lab.node(node);
        List<String> pids = panel.run("pids " + process + " " + pids(running) + "\n")
                .output()
                .lines()
                .toList();
        if (pids.isEmpty()) {
            throw new LabException("node " + node + " runs no process called '" + process + "'; it runs "
                    + panel.run("names " + pids(running) + "\n").output().strip());
        }
        return pids;
    }

    private static String pids(LabNode node) {
        return node.mainProcesses().stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private List<String> tunnelDaemons(String site, String node) {
        String containers = concentrators(site, node).stream()
                .map(container -> String.valueOf(container.pid()))
                .collect(Collectors.joining(" "));
        List<String> pids = panel.run(TUNNEL_DAEMONS.stream()
                        .map(daemon -> "pids " + daemon + " " + containers + "\n")
                        .collect(Collectors.joining()))
                .output()
                .lines()
                .toList();
        if (pids.isEmpty()) {
            throw new LabException("site " + site + " runs no VPN daemon that could die ("
                    + String.join(", ", TUNNEL_DAEMONS) + "); the kernel's WireGuard is none");
        }
        return pids;
    }

    private List<SideContainer> concentrators(String site, String node) {
        List<SideContainer> containers = lab.concentrators(node);
        if (containers.isEmpty()) {
            throw new LabException(
                    "no tunnel ends at site " + site + "; give a client one, such as" + " 'tunnel: {type: wireguard}'");
        }
        return containers;
    }

    /** The daemons go with their supervision, so that nobody starts them again. */
    private FaultPlan concentratorDown(Fault.ConcentratorDown down) {
        List<SideContainer> containers = concentrators(down.site(), down.node());
        List<String> daemons = tunnelDaemons(down.site(), down.node());
        List<String> all = Stream.concat(
                        daemons.stream(), containers.stream().map(container -> String.valueOf(container.pid())))
                .toList();
        return FaultPlan.of(
                        List.of("signal KILL " + String.join(" ", all)),
                        List.of(),
                        () -> ended("every VPN daemon of " + down.site() + ", with its supervision", all))
                .undoneByEngine(() -> {
                    containers.forEach(SideContainer::start);
                    return Optional.empty();
                });
    }

    /**
     * The one fault that is the router's own doing: an operator's command, by the router's own vtysh. bgpd is asked alone, as
     * everywhere: vtysh without {@code -d} may make FRR 10.3 lose configuration while it starts. Concentrators are told next;
     * they wait by themselves until a client has left.
     */
    private FaultPlan drain(Fault.Drain drain) {
        List<LabNode> routers = drain.nodes().stream()
                .filter(name ->
                        lab.nodes().stream().anyMatch(node -> node.name().equals(name)))
                .map(lab::node)
                .filter(node ->
                        !panel.run("pids bgpd " + node.pid() + "\n").output().isEmpty())
                .toList();
        if (routers.isEmpty()) {
            throw new LabException(
                    "nothing to drain: no node of " + drain.target() + " runs FRR's bgpd; there are " + drain.nodes());
        }
        List<SideContainer> concentrators = drain.nodes().stream()
                .flatMap(name -> lab.concentrators(name).stream())
                .toList();
        String names = routers.stream().map(LabNode::name).collect(Collectors.joining(" and "));
        String announced = names + " announce GRACEFUL_SHUTDOWN"
                + (concentrators.isEmpty() ? "" : ", and concentrators bid farewell to clients that leave");
        return new FaultPlan(
                List.of(),
                List.of(),
                List.of(),
                List.of(() -> beginMaintenance(routers, concentrators)),
                List.of(() -> endMaintenance(routers, concentrators)),
                List.of(() -> routers.stream().allMatch(FaultPlanner::announcesMaintenance)
                        ? Optional.of(announced)
                        : Optional.empty()));
    }

    private Optional<PatchPanel.Applied> beginMaintenance(List<LabNode> routers, List<SideContainer> concentrators) {
        try {
            routers.forEach(router -> configure(router, "bgp graceful-shutdown"));
            tell(concentrators, "USR1");
        } catch (LabException e) {
            endMaintenance(routers, concentrators);
            throw e;
        }
        return Optional.empty();
    }

    private Optional<PatchPanel.Applied> endMaintenance(List<LabNode> routers, List<SideContainer> concentrators) {
        try {
            routers.forEach(router -> configure(router, "no bgp graceful-shutdown"));
        } finally {
            tell(concentrators, "USR2");
        }
        routers.stream().filter(FaultPlanner::announcesMaintenance).forEach(router -> {
            throw new LabException(router.name() + " still announces GRACEFUL_SHUTDOWN");
        });
        return Optional.empty();
    }

    private void tell(List<SideContainer> concentrators, String signal) {
        if (!concentrators.isEmpty()) {
            panel.run("signal " + signal + " "
                    + concentrators.stream()
                            .map(container -> String.valueOf(container.pid()))
                            .collect(Collectors.joining(" "))
                    + "\n");
        }
    }

    private static void configure(LabNode router, String command) {
        Shell.Result result = router.run("vtysh -d bgpd -c 'configure terminal' -c 'router bgp' -c '" + command + "'");
        if (result.status() != 0 || !result.output().isBlank()) {
            throw new LabException(router.name() + " refused '" + command + "': "
                    + result.output().strip());
        }
    }

    private static boolean announcesMaintenance(LabNode router) {
        return router.run("vtysh -d bgpd -c 'show running-config'").output().contains("bgp graceful-shutdown");
    }

    private Optional<String> ended(String what, List<String> pids) {
        return panel.run("state " + String.join(" ", pids) + "\n").output().isEmpty()
                ? Optional.of(what + " (" + String.join(", ", pids) + ") has ended")
                : Optional.empty();
    }

    private Optional<String> stopped(String what, List<String> pids) {
        List<String> states = panel.run("state " + String.join(" ", pids) + "\n")
                .output()
                .lines()
                .toList();
        return states.size() == pids.size() && states.stream().allMatch(state -> state.split(" ")[1].equals("T"))
                ? Optional.of(what + " (" + String.join(", ", pids) + ") is stopped")
                : Optional.empty();
    }

    private FaultPlan pause(LabNode node) {
        List<String> containers = Stream.concat(
                        Stream.of(node.container()), node.companions().stream().map(SideContainer::container))
                .toList();
        return new FaultPlan(
                List.of(),
                List.of(),
                List.of(),
                List.of(() -> {
                    containers.forEach(id -> client.pauseContainerCmd(id).exec());
                    return Optional.empty();
                }),
                List.of(() -> {
                    containers.forEach(id -> client.unpauseContainerCmd(id).exec());
                    return Optional.empty();
                }),
                List.of(() -> containers.stream().allMatch(this::isPaused)
                        ? Optional.of("every process of " + node.name() + " is frozen")
                        : Optional.empty()));
    }

    private boolean isPaused(String container) {
        return Boolean.TRUE.equals(
                client.inspectContainerCmd(container).exec().getState().getPaused());
    }

    /** Every neighbour loses carrier first: that is what a power loss looks like from outside, whatever dies inside. */
    private FaultPlan powerLoss(List<LabNode> nodes) {
        List<Wire> wires = nodes.stream()
                .flatMap(node -> panel.wiresOf(node.name()).stream())
                .distinct()
                .toList();
        List<String> pids = nodes.stream()
                .flatMap(node -> Stream.concat(
                        Stream.of(node.pid()), node.companions().stream().map(SideContainer::pid)))
                .map(String::valueOf)
                .toList();
        List<String> script = new ArrayList<>();
        if (!wires.isEmpty()) {
            script.add("carrier down "
                    + wires.stream()
                            .flatMap(wire -> Stream.of(wire.innerA(), wire.innerB()))
                            .collect(Collectors.joining(" ")));
        }
        script.add("signal KILL " + String.join(" ", pids));
        String names = nodes.stream().map(LabNode::name).collect(Collectors.joining(", "));
        return FaultPlan.of(script, List.of(), () -> ended(names, pids))
                .undoneByEngine(() -> Optional.of(lab.powerOn(nodes)));
    }
}

package org.reconverge.model.fault;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.reconverge.model.topology.Endpoint;

/** Something that goes wrong, as an immutable description. An injection is one application of it. */
public sealed interface Fault {

    /** Returns the kind as the spec writes it, such as {@code link-down}. */
    String kind();

    /** Returns what it hits in the words of the topology, such as {@code transit-a:eth2}. */
    String target();

    /** Returns the fault for people: kind and target. */
    default String describe() {
        return kind() + " on " + target();
    }

    /** A cut fibre: both ends of the link lose carrier. */
    record LinkDown(Endpoint endpoint) implements Fault {
        @Override
        public String kind() {
            return "link-down";
        }

        @Override
        public String target() {
            return endpoint.toString();
        }
    }

    /** One end loses carrier while the other still sees light. */
    record CarrierLoss(Endpoint endpoint) implements Fault {
        @Override
        public String kind() {
            return "carrier-loss";
        }

        @Override
        public String target() {
            return endpoint.toString();
        }
    }

    /** Every frame of the link is lost in both directions; no end sees a carrier change. */
    record SilentDrop(Endpoint endpoint) implements Fault {
        @Override
        public String kind() {
            return "silent-drop";
        }

        @Override
        public String target() {
            return endpoint.toString();
        }
    }

    /** Every frame that the endpoint sends is lost; what it receives still arrives. */
    record OneWayDrop(Endpoint from) implements Fault {
        @Override
        public String kind() {
            return "one-way-drop";
        }

        @Override
        public String target() {
            return from.toString();
        }
    }

    /**
     * Carrier of both ends goes and comes back several times.
     *
     * @param endpoint an end of the link
     * @param down how long the carrier is away each time
     * @param up how long it is back in between
     * @param times how often it goes
     */
    record LinkFlap(Endpoint endpoint, Duration down, Duration up, int times) implements Fault {
        @Override
        public String kind() {
            return "link-flap";
        }

        @Override
        public String target() {
            return endpoint.toString();
        }
    }

    /**
     * A daemon dies at once (SIGKILL).
     *
     * @param node the node it runs in
     * @param process the process name, such as {@code bgpd}
     */
    record ProcessKill(String node, String process) implements Fault {
        @Override
        public String kind() {
            return "process-kill";
        }

        @Override
        public String target() {
            return node + ":" + process;
        }
    }

    /** A daemon stops running but keeps its sockets (SIGSTOP; SIGCONT undoes it). */
    record ProcessHang(String node, String process) implements Fault {
        @Override
        public String kind() {
            return "process-hang";
        }

        @Override
        public String target() {
            return node + ":" + process;
        }
    }

    /** Every process of the node is frozen; its kernel still forwards. */
    record NodePause(String node) implements Fault {
        @Override
        public String kind() {
            return "node-pause";
        }

        @Override
        public String target() {
            return node;
        }
    }

    /** Power loss: all carriers of the node and its container go. Undone by power back on. */
    record NodeDown(String node) implements Fault {
        @Override
        public String kind() {
            return "node-down";
        }

        @Override
        public String target() {
            return node;
        }
    }

    /** Power loss of a whole site: every node of it goes at once. */
    record SiteDown(String site, List<String> nodes) implements Fault {
        /** Copies the list, so that a fault never changes. */
        public SiteDown {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String kind() {
            return "site-down";
        }

        @Override
        public String target() {
            return site;
        }
    }

    /** The service of a site dies, on each of its hosts, while hosts and routers live. */
    record ServiceDown(String site) implements Fault {
        @Override
        public String kind() {
            return "service-down";
        }

        @Override
        public String target() {
            return site;
        }
    }

    /**
     * The VPN daemons of a site die at once (SIGKILL), and their supervision starts them again: every tunnel that ended here
     * has lost its keys, while the site stays.
     */
    record ConcentratorKill(String site, String node) implements Fault {
        @Override
        public String kind() {
            return "concentrator-kill";
        }

        @Override
        public String target() {
            return site;
        }
    }

    /** The VPN daemons of a site die with their supervision and stay dead, while host, service and routers live. */
    record ConcentratorDown(String site, String node) implements Fault {
        @Override
        public String kind() {
            return "concentrator-down";
        }

        @Override
        public String target() {
            return site;
        }
    }

    /**
     * Maintenance: the router, or every router of the site, asks its neighbours to take any other path (GRACEFUL_SHUTDOWN,
     * RFC 8326 §4). Nothing breaks; a good platform loses nothing. A site's OpenVPN and IPsec concentrators take leave of
     * clients whose packets stay away, as an operator's procedure would: without it these go on believing in a site that
     * lives, but no longer hears them. Draining the site's routers alone leaves that out.
     *
     * @param target the router or the site, as the spec names it
     * @param nodes the nodes that are asked; those of a site that run no BGP have nothing to say
     */
    record Drain(String target, List<String> nodes) implements Fault {
        /** Copies the list, so that a fault never changes. */
        public Drain {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String kind() {
            return "drain";
        }
    }

    /** Several faults that take effect as one event. */
    record AllOf(List<Fault> faults) implements Fault {
        /** Copies the list, so that a fault never changes. */
        public AllOf {
            faults = List.copyOf(faults);
        }

        @Override
        public String kind() {
            return "all";
        }

        @Override
        public String target() {
            return faults.stream().map(Fault::describe).collect(Collectors.joining(", "));
        }
    }
}

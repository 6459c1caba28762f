package org.reconverge.junit;

import java.time.Duration;
import java.util.List;
import org.reconverge.lab.Lab;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.topology.Endpoint;

/**
 * Faults in the words of the failover spec, for static import. Endpoints are written as in the topology:
 * {@code transit-a:eth2}.
 */
public final class Faults {

    private Faults() {}

    /** A cut fibre: both ends of the link lose carrier. */
    public static Fault linkDown(String endpoint) {
        return new Fault.LinkDown(endpoint(endpoint));
    }

    /** One end loses carrier while the other still sees light. */
    public static Fault carrierLoss(String endpoint) {
        return new Fault.CarrierLoss(endpoint(endpoint));
    }

    /** Every frame of the link is lost in both directions; no end sees a carrier change. */
    public static Fault silentDrop(String endpoint) {
        return new Fault.SilentDrop(endpoint(endpoint));
    }

    /** Every frame that the endpoint sends is lost; what it receives still arrives. */
    public static Fault oneWayDrop(String from) {
        return new Fault.OneWayDrop(endpoint(from));
    }

    /**
     * Carrier of both ends goes and comes back several times.
     *
     * @param down how long it is away each time
     * @param up how long it is back in between
     * @param times how often it goes
     */
    public static Fault linkFlap(String endpoint, Duration down, Duration up, int times) {
        return new Fault.LinkFlap(endpoint(endpoint), down, up, times);
    }

    /** A daemon of a node dies at once (SIGKILL). */
    public static Fault processKill(String node, String process) {
        return new Fault.ProcessKill(node, process);
    }

    /** A daemon of a node stops running but keeps its sockets (SIGSTOP). */
    public static Fault processHang(String node, String process) {
        return new Fault.ProcessHang(node, process);
    }

    /** Every process of the node is frozen; its kernel still forwards. */
    public static Fault nodePause(String node) {
        return new Fault.NodePause(node);
    }

    /** Power loss of a node: all its carriers go, and its container. */
    public static Fault nodeDown(String node) {
        return new Fault.NodeDown(node);
    }

    /**
     * Power loss of every node of a site at once.
     *
     * @throws IllegalArgumentException if the lab's spec has no such site
     */
    public static Fault siteDown(Lab lab, String site) {
        return new Fault.SiteDown(site, lab.spec().site(site).nodes());
    }

    /**
     * The service of a site dies, on each of its hosts, while hosts and routers live.
     *
     * @throws IllegalArgumentException if the lab's spec has no such site
     */
    public static Fault serviceDown(Lab lab, String site) {
        return new Fault.ServiceDown(lab.spec().site(site).name());
    }

    /**
     * Every VPN daemon of a site is killed once; its supervision starts it again, without its keys.
     *
     * @throws IllegalArgumentException if the lab's spec has no such site
     */
    public static Fault concentratorKill(Lab lab, String site) {
        return new Fault.ConcentratorKill(site, lab.spec().site(site).concentrator());
    }

    /**
     * Every VPN daemon of a site dies and stays dead, while host, service and routers live.
     *
     * @throws IllegalArgumentException if the lab's spec has no such site
     */
    public static Fault concentratorDown(Lab lab, String site) {
        return new Fault.ConcentratorDown(site, lab.spec().site(site).concentrator());
    }

    /** A router announces that it goes into maintenance (GRACEFUL_SHUTDOWN, RFC 8326). */
    public static Fault drain(String node) {
        return new Fault.Drain(node, List.of(node));
    }

    /**
     * Every router of a site announces that it goes into maintenance (GRACEFUL_SHUTDOWN, RFC 8326).
     *
     * @throws IllegalArgumentException if the lab's spec has no such site
     */
    public static Fault drain(Lab lab, String site) {
        return new Fault.Drain(site, lab.spec().site(site).nodes());
    }

    /** Several faults that take effect as one event. */
    public static Fault all(Fault... faults) {
        return new Fault.AllOf(List.of(faults));
    }

    private static Endpoint endpoint(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IllegalArgumentException("expected an endpoint like 'transit-a:eth2', but found '" + text + "'");
        }
        return new Endpoint(text.substring(0, colon), text.substring(colon + 1));
    }
}

package org.reconverge.model.spec;

import java.util.List;

/**
 * A location that announces the service.
 *
 * @param name the site's name
 * @param nodes every node that stands there
 * @param hosts the nodes of {@code nodes} that run the service, at least one; several share it where equal-cost paths of
 *     the site lead to them
 * @param addresses addresses of this site alone that its service answers on as well; may be empty
 */
public record Site(String name, List<String> nodes, List<String> hosts, List<String> addresses) {

    /** Copies the lists, so that a site never changes. */
    public Site {
        nodes = List.copyOf(nodes);
        hosts = List.copyOf(hosts);
        addresses = List.copyOf(addresses);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("site " + name + " has no host that runs the service");
        }
    }

    /** Creates a site with one host, whose service answers on the service addresses only. */
    public Site(String name, List<String> nodes, String host) {
        this(name, nodes, List.of(host), List.of());
    }

    /** Returns the host at which tunnels end: the only one, since the state of a tunnel is in one place. */
    public String concentrator() {
        return hosts.get(0);
    }
}

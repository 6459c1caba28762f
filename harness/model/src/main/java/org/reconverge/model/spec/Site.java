package org.reconverge.model.spec;

import java.util.List;

/**
 * A location that announces the service.
 *
 * @param name the site's name
 * @param nodes every node that stands there
 * @param service the node of {@code nodes} that runs the service
 * @param addresses addresses of this site alone that its service answers on as well; may be empty
 */
public record Site(String name, List<String> nodes, String service, List<String> addresses) {

    /** Copies the lists, so that a site never changes. */
    public Site {
        nodes = List.copyOf(nodes);
        addresses = List.copyOf(addresses);
    }

    /** Creates a site whose service answers on the service addresses only. */
    public Site(String name, List<String> nodes, String service) {
        this(name, nodes, service, List.of());
    }
}

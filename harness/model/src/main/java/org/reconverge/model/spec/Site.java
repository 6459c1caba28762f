package org.reconverge.model.spec;

import java.util.List;

/**
 * A location that announces the service.
 *
 * @param name the site's name
 * @param nodes every node that stands there
 * @param service the node of {@code nodes} that runs the service
 */
public record Site(String name, List<String> nodes, String service) {

    /** Copies the list, so that a site never changes. */
    public Site {
        nodes = List.copyOf(nodes);
    }
}

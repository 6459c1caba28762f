package org.reconverge.lab.panel;

import org.reconverge.model.topology.Endpoint;
import org.reconverge.model.topology.Link;

/**
 * How a link is realised: two veth pairs whose inner ends meet in the patch panel.
 *
 * @param number the wire's number in the lab, from 1
 * @param link the link
 */
public record Wire(int number, Link link) {

    /** Returns the name of the inner end that faces {@code endpoint}. */
    public String innerEnd(Endpoint endpoint) {
        if (endpoint.equals(link.a())) {
            return "w" + number + "a";
        }
        if (endpoint.equals(link.b())) {
            return "w" + number + "b";
        }
        throw new IllegalArgumentException(endpoint + " is no end of " + link);
    }

    /** Returns the name of the inner end that faces the first endpoint of the link. */
    public String innerA() {
        return innerEnd(link.a());
    }

    /** Returns the name of the inner end that faces the second endpoint of the link. */
    public String innerB() {
        return innerEnd(link.b());
    }

    /** Returns the name of the interface in the panel that stands for an endpoint on a bridge. */
    String bridgePort(Endpoint endpoint) {
        return "p" + innerEnd(endpoint).substring(1);
    }
}

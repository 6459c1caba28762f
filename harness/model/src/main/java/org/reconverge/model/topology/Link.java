package org.reconverge.model.topology;

import java.util.Optional;
import java.util.OptionalInt;
import org.reconverge.model.source.Position;

/**
 * A point-to-point link between two endpoints.
 *
 * @param a the first endpoint as written
 * @param b the second endpoint as written
 * @param mtu the MTU of both interfaces in octets, if the file sets one
 * @param position where the link stands in the topology file
 */
public record Link(Endpoint a, Endpoint b, OptionalInt mtu, Position position) {

    /** Returns the other end of the link, or empty if {@code end} is not an end of it. */
    public Optional<Endpoint> peerOf(Endpoint end) {
        if (end.equals(a)) {
            return Optional.of(b);
        }
        return end.equals(b) ? Optional.of(a) : Optional.empty();
    }

    /** Renders {@code a:eth1 <-> b:eth1}. */
    @Override
    public String toString() {
        return a + " <-> " + b;
    }
}

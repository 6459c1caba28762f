package org.reconverge.lab.tunnel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One end of a tunnel: what runs beside a node.
 *
 * @param node the node whose network namespace it lives in
 * @param name tells it from others beside the same node, such as {@code wireguard-assisted}
 * @param files what the image {@code vpn} reads, by absolute path
 */
public record TunnelEnd(String node, String name, Map<String, String> files) {

    /** Copies the files, so that an end never changes. */
    public TunnelEnd {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** Hides the files: keys are among them. */
    @Override
    public String toString() {
        return "tunnel end " + name + " at " + node;
    }
}

package org.reconverge.lab;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the evidence keeps of a lab in steady state.
 *
 * @param lab the lab's id
 * @param startup how long each phase of its start took
 * @param images the image that each node runs, by node name
 * @param peerings the routers' sessions as negotiated (RFC 7747 §6)
 * @param tcp the kernel's TCP parameters of every node that a client or a service runs in, by node name: what a TCP probe
 *     and a telecontrol session depend on when their path moves
 */
public record LabDescription(
        String lab,
        Map<String, Duration> startup,
        Map<String, String> images,
        List<Peering> peerings,
        Map<String, Map<String, String>> tcp) {

    /** Copies its parts, so that a description never changes. */
    public LabDescription {
        startup = Collections.unmodifiableMap(new LinkedHashMap<>(startup));
        images = Collections.unmodifiableMap(new TreeMap<>(images));
        peerings = List.copyOf(peerings);
        tcp = Collections.unmodifiableMap(new TreeMap<>(tcp));
    }
}

package org.reconverge.model.topology;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlValue;

/**
 * The keys of nodes that are not read. Each is warned of once, with the reason, however many nodes have it: a warning
 * for every node would hide the others.
 */
final class IgnoredKeys {

    private static final Set<String> READ = Set.of(
            "kind",
            "group",
            "image",
            "cmd",
            "entrypoint",
            "network-mode",
            "startup-delay",
            "memory",
            "cpu",
            "binds",
            "env-files",
            "exec",
            "cap-add",
            "devices",
            "env",
            "sysctls",
            "labels");

    /** What changes nothing in a lab: how a picture looks, how an image is fetched, how a container is tidied up. */
    private static final Set<String> WITHOUT_EFFECT = Set.of("position", "image-pull-policy", "auto-remove");

    private static final String NO_WAY_OUT = "a lab has no way out";
    private static final String NO_MANAGEMENT = "a lab has no management network";
    private static final String VENDOR_ONLY = "only vendors' kinds read it; bind the file instead";
    private static final String ORDER = "nodes start in parallel, and exec runs when all wires are up";

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("ports", NO_WAY_OUT + ", so no port is published"),
            Map.entry("publish", NO_WAY_OUT + ", so no port is published"),
            Map.entry("mgmt-ipv4", NO_MANAGEMENT),
            Map.entry("mgmt-ipv6", NO_MANAGEMENT),
            Map.entry("mgmt_ipv4", NO_MANAGEMENT),
            Map.entry("mgmt_ipv6", NO_MANAGEMENT),
            Map.entry("aliases", NO_MANAGEMENT),
            Map.entry("dns", NO_WAY_OUT + "; bind a resolv.conf if a node needs one"),
            Map.entry("network-mode", "every node has a network namespace of its own, with wires only"),
            Map.entry("startup-config", VENDOR_ONLY),
            Map.entry("enforce-startup-config", VENDOR_ONLY),
            Map.entry("suppress-startup-config", VENDOR_ONLY),
            Map.entry("license", VENDOR_ONLY),
            Map.entry("type", "the kinds linux and bridge have no types"),
            Map.entry("stages", ORDER),
            Map.entry("wait-for", ORDER),
            Map.entry("healthcheck", "the failover spec's steady-state says when a lab is healthy"),
            Map.entry("user", "processes run as the image's user"),
            Map.entry("restart-policy", "a node that dies stays down until its fault is reverted"),
            Map.entry("certificate", "no certificates are issued; bind them instead"),
            Map.entry("SANs", "no certificates are issued; bind them instead"),
            Map.entry("credentials", "nobody logs in to a node"),
            Map.entry("runtime", "the container engine that is configured is used"),
            Map.entry("sandbox", "the container engine that is configured is used"),
            Map.entry("kernel", "the container engine that is configured is used"),
            Map.entry("cpu-set", "use cpu to limit a node"),
            Map.entry("shm-size", "the engine's default is used"),
            Map.entry("extras", "only vendors' kinds read it"),
            Map.entry("components", "only vendors' kinds read it"),
            Map.entry("config", "only containerlab's config command reads it"));

    private final Map<String, List<YamlValue>> seen = new LinkedHashMap<>();

    /** Notes the keys of one level that are not read. */
    void note(NodeDefinition definition) {
        definition
                .where()
                .ifPresent(mapping -> mapping.entries().forEach((key, value) -> {
                    boolean read = READ.contains(key)
                            && !(key.equals("network-mode")
                                    && definition
                                            .networkMode()
                                            .filter(mode -> !mode.equals("none"))
                                            .isPresent());
                    if (!read && !WITHOUT_EFFECT.contains(key)) {
                        seen.computeIfAbsent(key, unused -> new ArrayList<>()).add(value);
                    }
                }));
    }

    /** Warns once of every key that was noted. */
    void warn() {
        seen.forEach((key, places) -> {
            YamlValue first = places.get(0);
            String reason = REASONS.get(key);
            String message = reason == null
                    ? "unknown key '" + key + "'"
                            + Suggestion.nearest(key, READ)
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("")
                            + "; the key is ignored"
                    : "ignored: " + reason;
            first.keyWarning(message + elsewhere(places.size() - 1));
        });
    }

    private static String elsewhere(int others) {
        return others == 0 ? "" : " (also in " + others + (others == 1 ? " other place)" : " other places)");
    }
}

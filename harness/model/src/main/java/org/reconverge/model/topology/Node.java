package org.reconverge.model.topology;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.reconverge.model.source.Position;

/**
 * A node of the topology with groups, kinds and defaults already merged in, as containerlab merges them.
 *
 * @param name the name, which may hold dots and dashes
 * @param kind what it is realised as
 * @param image the image reference as written; empty only for a bridge
 * @param binds files made visible inside, in order
 * @param exec commands run inside after wiring, in order
 * @param cmd the command, as written, replacing the image's
 * @param entrypoint the entry point, as written, replacing the image's
 * @param env environment variables, those of the environment files among them
 * @param envFiles the environment files that were read
 * @param sysctls kernel parameters of the node's namespaces
 * @param capAdd capabilities beyond those that every node gets
 * @param devices host devices passed through
 * @param startupDelay how long to wait before this node is started
 * @param group the group it belongs to
 * @param labels free-form labels
 * @param memory the memory limit in octets
 * @param cpu the CPU limit in cores
 * @param position where the node stands in the topology file
 */
public record Node(
        String name,
        NodeKind kind,
        Optional<String> image,
        List<Bind> binds,
        List<String> exec,
        Optional<String> cmd,
        Optional<String> entrypoint,
        Map<String, String> env,
        List<Path> envFiles,
        Map<String, String> sysctls,
        List<String> capAdd,
        List<String> devices,
        Duration startupDelay,
        Optional<String> group,
        Map<String, String> labels,
        OptionalLong memory,
        OptionalDouble cpu,
        Position position) {

    /** Copies the collections, so that a node never changes. */
    public Node {
        binds = List.copyOf(binds);
        exec = List.copyOf(exec);
        envFiles = List.copyOf(envFiles);
        env = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(env));
        sysctls = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(sysctls));
        capAdd = List.copyOf(capAdd);
        devices = List.copyOf(devices);
        labels = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(labels));
    }
}

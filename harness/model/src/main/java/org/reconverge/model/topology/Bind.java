package org.reconverge.model.topology;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file or directory of the host made visible inside a node.
 *
 * @param source the absolute path on the host
 * @param target the absolute path inside the node
 * @param options mount options as written, such as {@code ro}
 */
public record Bind(Path source, String target, Optional<String> options) {}

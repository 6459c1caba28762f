package org.reconverge.model.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.Bind;
import org.reconverge.model.topology.Node;
import org.reconverge.model.topology.Topology;

/**
 * Copies a topology, its failover spec, every bound file and every environment file, so that they can be read and run again from the copy.
 *
 * <p>Paths relative to each other are kept. What is bound from elsewhere on the machine ({@code /lib/modules},
 * {@code /etc/localtime}) belongs to the machine and not to the lab: of that, only single files of up to 1 MiB are copied,
 * below {@code elsewhere/}.
 */
final class TopologyCopy {

    /** A lab that keeps common files beside it binds {@code ../common/…}; more steps up lead out of it. */
    private static final int STEPS_UP = 2;

    private static final long LARGEST_ELSEWHERE = 1 << 20;

    private final Path topology;
    private final Path spec;
    private final Set<Path> bound = new LinkedHashSet<>();

    TopologyCopy(Topology topology, FailoverSpec spec) {
        this.topology = absolute(topology.file());
        this.spec = absolute(spec.file());
        for (Node node : topology.nodes().values()) {
            node.binds().stream().map(Bind::source).map(TopologyCopy::absolute).forEach(bound::add);
            node.envFiles().stream().map(TopologyCopy::absolute).forEach(bound::add);
        }
    }

    /** The copies of the two files, relative to the target. */
    record Copied(Path topology, Path spec) {}

    Copied into(Path target) throws IOException {
        Path base = parent(topology);
        List<Path> inside = new ArrayList<>(List.of(topology, spec));
        List<Path> elsewhere = new ArrayList<>();
        for (Path file : bound) {
            (belongs(file, base) ? inside : elsewhere).add(file);
        }
        Path root = inside.stream().map(TopologyCopy::parent).reduce(base, TopologyCopy::common);
        for (Path file : inside) {
            copy(file, target.resolve(root.relativize(file)));
        }
        for (Path file : elsewhere) {
            if (Files.isRegularFile(file) && Files.size(file) <= LARGEST_ELSEWHERE) {
                Path below = Objects.requireNonNull(file.getRoot()).relativize(file);
                copy(file, target.resolve("elsewhere").resolve(below));
            }
        }
        return new Copied(root.relativize(topology), root.relativize(spec));
    }

    private static boolean belongs(Path file, Path base) {
        Path ancestor = common(base, parent(file));
        int stepsUp = base.getNameCount() - ancestor.getNameCount();
        return stepsUp <= STEPS_UP && ancestor.getNameCount() > 0;
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    copy(file, to.resolve(from.relativize(file)));
                }
            }
        } else if (Files.isRegularFile(from)) {
            Files.createDirectories(parent(to));
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } // a device or a socket has no content to keep
    }

    private static Path common(Path a, Path b) {
        Path ancestor = a;
        while (!b.startsWith(ancestor)) {
            ancestor = parent(ancestor);
        }
        return ancestor;
    }

    private static Path parent(Path path) {
        return Objects.requireNonNullElse(path.getParent(), path);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}

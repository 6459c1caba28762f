package org.reconverge.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.topologies.BundledTopologies;

/** Finds the lab that a {@link FailoverTest} names. */
record LabSource(FailoverSpec spec, Topology topology) {

    private static final String SUFFIX = ".failover.yml";

    /**
     * Finds and reads a lab.
     *
     * @param name a bundled topology, a spec or a directory with one
     * @param unpacked where a bundled topology is unpacked
     * @param loader the class path to look at
     * @throws IllegalArgumentException if there is no such lab; the message says where it was looked for
     * @throws org.reconverge.model.source.InvalidFileException if one of its files cannot be used
     */
    static LabSource find(String name, Path unpacked, ClassLoader loader) {
        Path file = Path.of(name);
        Optional<Path> found = Files.exists(file) ? Optional.of(file) : onClassPath(name, loader);
        Path spec;
        if (found.isPresent()) {
            spec = Files.isDirectory(found.get()) ? onlySpecIn(found.get()) : found.get();
        } else if (BundledTopologies.names().contains(name)) {
            spec = BundledTopologies.unpack(name, unpacked.resolve(name));
        } else {
            throw new IllegalArgumentException("expected a bundled topology ("
                    + String.join(", ", BundledTopologies.names()) + "), a *" + SUFFIX
                    + " file or a directory with one, but found '" + name + "'; looked for it at "
                    + file.toAbsolutePath() + " and on the class path");
        }
        FailoverSpec read = FailoverSpecFile.read(spec);
        return new LabSource(read, TopologyFile.read(read.topology()));
    }

    private static Optional<Path> onClassPath(String name, ClassLoader loader) {
        URL resource = loader.getResource(name);
        if (resource == null || !resource.getProtocol().equals("file")) {
            // Containers bind files, so what is packed in a jar is of no use.
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(new URI(resource.toString())));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the class path names no file: " + resource, e);
        }
    }

    private static Path onlySpecIn(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> specs = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
            // The spec of a directory is the one that is called as the directory is; others beside it are variants.
            Path named =
                    directory.resolve(directory.toAbsolutePath().normalize().getFileName() + SUFFIX);
            if (specs.contains(named)) {
                return named;
            }
            if (specs.size() != 1) {
                throw new IllegalArgumentException(
                        "expected one *" + SUFFIX + " in " + directory + ", but found " + specs);
            }
            return specs.get(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }
}

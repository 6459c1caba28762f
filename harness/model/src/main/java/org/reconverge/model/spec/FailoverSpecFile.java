package org.reconverge.model.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.source.Parsed;
import org.reconverge.model.source.Problem;
import org.reconverge.model.source.Problems;
import org.reconverge.model.source.YamlFile;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;

/**
 * Reads failover specs ({@code *.failover.yml}) and checks them against the topology they refer to.
 *
 * <p>In the spec, unlike in the topology, an unknown key is an error: a misspelt expectation that is ignored would make
 * a scenario pass that never was judged. Keys of the top level that begin with {@code x-} are free, for anchors.
 */
public final class FailoverSpecFile {

    private static final String SCHEMA = "failover.schema.json";

    private FailoverSpecFile() {}

    /**
     * Reads a failover spec.
     *
     * @throws InvalidFileException with all problems of the spec, and of its topology, if one of them cannot be used
     */
    public static FailoverSpec read(Path file) {
        return parse(file).value();
    }

    /**
     * Reads a failover spec and what is to be said about the file. The topology's own warnings are not repeated here:
     * {@link TopologyFile#parse(Path)} tells them.
     *
     * @throws InvalidFileException with all problems of the spec, and of its topology, if one of them cannot be used
     */
    public static Parsed<FailoverSpec> parse(Path file) {
        Problems problems = new Problems();
        Optional<YamlMapping> document = YamlFile.read(file, problems);
        Optional<Topology> topology = document.flatMap(spec -> topologyOf(spec, file, problems));
        return conclude(document, topology, file, problems);
    }

    /**
     * Reads a failover spec for a topology that was read before.
     *
     * @throws InvalidFileException with all problems of the spec if it cannot be used
     */
    public static Parsed<FailoverSpec> parse(Path file, Topology topology) {
        Problems problems = new Problems();
        return conclude(YamlFile.read(file, problems), Optional.of(topology), file, problems);
    }

    /** Returns the JSON Schema (draft 2020-12) of failover specs; editors complete and check with it. */
    public static String schema() {
        try (InputStream in = FailoverSpecFile.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + SCHEMA + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Parsed<FailoverSpec> conclude(
            Optional<YamlMapping> document, Optional<Topology> topology, Path file, Problems problems) {
        Optional<FailoverSpec> spec =
                document.map(mapping -> new SpecReader(file, SpecNames.of(mapping, topology), problems).read(mapping));
        problems.throwIfErrors();
        return problems.conclude(spec.orElseThrow(
                () -> new IllegalStateException("no spec was read from " + file + ", and no reason noted")));
    }

    private static Optional<Topology> topologyOf(YamlMapping spec, Path file, Problems problems) {
        return spec.get("topology")
                .flatMap(value -> value.text("the path of a topology file").flatMap(text -> {
                    Path path = SpecReader.topologyPath(file, text);
                    if (!Files.isRegularFile(path)) {
                        value.error("topology file '" + text + "' does not exist (looked for "
                                + path.toAbsolutePath().normalize() + ")");
                        return Optional.empty();
                    }
                    try {
                        return Optional.of(TopologyFile.read(path));
                    } catch (InvalidFileException e) {
                        problems.addAll(e.problems().stream()
                                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                                .toList());
                        return Optional.empty();
                    }
                }));
    }
}

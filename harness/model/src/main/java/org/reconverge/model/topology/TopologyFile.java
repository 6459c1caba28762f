package org.reconverge.model.topology;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.source.Parsed;
import org.reconverge.model.source.Problems;
import org.reconverge.model.source.YamlFile;

/**
 * Reads containerlab topology files ({@code *.clab.yml}).
 *
 * <p>What is read, and how defaults, kinds, groups and nodes merge, is as in containerlab (see {@code types/topology.go}
 * there). What a lab without a way out cannot have (the management network, published ports, links to the host) is left
 * out with a warning, so that published labs load; what would make the lab another one than the file describes is an
 * error.
 */
public final class TopologyFile {

    private TopologyFile() {}

    /**
     * Reads a topology.
     *
     * @throws InvalidFileException with all problems of the file if it cannot be used
     */
    public static Topology read(Path file) {
        return parse(file).value();
    }

    /**
     * Reads a topology and what is to be said about the file.
     *
     * @throws InvalidFileException with all problems of the file if it cannot be used
     */
    public static Parsed<Topology> parse(Path file) {
        return parse(file, System.getenv());
    }

    /**
     * Reads a topology with other variables than those of this process.
     *
     * @param environment the values of variables such as {@code ${FRR_IMAGE:=quay.io/frrouting/frr:10.3.1}}
     * @throws InvalidFileException with all problems of the file if it cannot be used
     */
    public static Parsed<Topology> parse(Path file, Map<String, String> environment) {
        Problems problems = new Problems();
        Optional<Topology> topology =
                YamlFile.read(file, environment, problems).map(document -> new TopologyReader(file).read(document));
        problems.throwIfErrors();
        return problems.conclude(topology.orElseThrow(
                () -> new IllegalStateException("no topology was read from " + file + ", and no reason noted")));
    }
}

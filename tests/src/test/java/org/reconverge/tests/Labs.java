package org.reconverge.tests;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.spec.Budget;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.spec.SteadyState;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.topologies.BundledTopologies;

/** Labs for tests of the lab itself, which a {@code @FailoverTest} would take too good care of. */
final class Labs {

    private Labs() {}

    /** Returns what a bundled lab is started from. */
    static LabOptions bundled(String name, Path directory, Engine engine) {
        FailoverSpec spec = FailoverSpecFile.read(BundledTopologies.unpack(name, directory));
        return new LabOptions(spec, TopologyFile.read(spec.topology()), engine, ProgressListener.silent());
    }

    /** Returns what a containerlab file of the test resources is started from: it says nothing of a service. */
    static LabOptions containerlab(String file, Engine engine) {
        Topology topology = TopologyFile.read(resource(file));
        FailoverSpec nothing = new FailoverSpec(
                topology.file(),
                topology.file(),
                List.of(),
                Map.of(),
                new Budget(
                        Duration.ofSeconds(30), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                Map.of(),
                Map.of(),
                new SteadyState(Duration.ofSeconds(1), Duration.ofSeconds(90)),
                Duration.ofSeconds(5),
                Map.of());
        return new LabOptions(nothing, topology, engine, ProgressListener.silent());
    }

    /** Returns a file of the test resources. */
    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(Labs.class.getResource("/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /** Returns how many containers of a lab there are, running or not. */
    static int containers(Engine engine, String lab) {
        return engine.client()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(org.reconverge.lab.engine.Labels.LAB, lab))
                .exec()
                .size();
    }
}

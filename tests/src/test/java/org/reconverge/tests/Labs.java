package org.reconverge.tests;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.reconverge.lab.Campaign;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.model.evidence.EvidenceWriter;
import org.reconverge.model.evidence.Run;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.topologies.BundledTopologies;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Labs for tests of the lab itself, which a {@code @FailoverTest} would take too good care of. */
final class Labs {

    private static final Logger LOG = LoggerFactory.getLogger(Labs.class);

    private Labs() {}

    /** Returns what a bundled lab is started from. */
    static LabOptions bundled(String name, Path directory, Engine engine) {
        return of(BundledTopologies.unpack(name, directory), engine);
    }

    /** Returns what the lab of a spec is started from. */
    static LabOptions of(Path file, Engine engine) {
        FailoverSpec spec = FailoverSpecFile.read(file);
        return new LabOptions(spec, TopologyFile.read(spec.topology()), engine, ProgressListener.silent());
    }

    /** Returns what a containerlab file of the test resources is started from: it says nothing of a service. */
    static LabOptions containerlab(String file, Engine engine) {
        return containerlab(resource(file), engine);
    }

    /** Returns what a containerlab file is started from: it says nothing of a service. */
    static LabOptions containerlab(Path file, Engine engine) {
        Topology topology = TopologyFile.read(file);
        return new LabOptions(FailoverSpec.withoutService(topology), topology, engine, ProgressListener.silent());
    }

    /** Runs scenarios of a spec once each, as {@code ./reconverge run} does, and returns what was judged. */
    static List<TrialResult> campaign(Path file, Path directory, List<String> scenarios) {
        return campaign(file, directory, scenarios, false);
    }

    /** Runs scenarios of a spec once each, perhaps with a capture, and returns what was judged. */
    static List<TrialResult> campaign(Path file, Path directory, List<String> scenarios, boolean capture) {
        FailoverSpec spec = FailoverSpecFile.read(file);
        Path evidence = directory.resolve("evidence");
        try (Engine engine = Engine.connect()) {
            LabOptions options =
                    new LabOptions(spec, TopologyFile.read(spec.topology()), engine, ProgressListener.silent());
            Run run = new Run(
                    "test",
                    Instant.now(),
                    7,
                    List.of("mvn", "verify"),
                    Map.of(),
                    engine.describe(),
                    engine.kernelRelease());
            Campaign.Plan plan = new Campaign.Plan(
                    "test",
                    scenarios.stream().map(name -> spec.scenarios().get(name)).toList(),
                    1,
                    7,
                    capture);
            try (EvidenceWriter writer = EvidenceWriter.create(evidence, run, spec, options.topology())) {
                new Campaign(options, plan, writer, new Teller()).run();
                writer.finish();
            }
        }
        List<TrialResult> results = EvidenceDirectory.open(evidence).trials().stream()
                .map(trial -> trial.verdict().orElseThrow())
                .toList();
        results.stream()
                .filter(result -> result.verdict() != Verdict.PASS)
                .forEach(result -> LOG.warn(
                        "{} {}: {} {}; {} stays if the test fails",
                        result.verdict(),
                        result.scenario(),
                        result.reasons(),
                        result.notes(),
                        evidence));
        return results;
    }

    /** Leaves in the build's log what a verdict does not say. */
    private static final class Teller implements Campaign.Listener {

        @Override
        public void trialRepeated(TrialResult result) {
            LOG.warn("{} is repeated: {}", result.scenario(), result.reasons());
        }

        @Override
        public void labRebuilt(String reason) {
            LOG.warn("the lab is built anew: {}", reason);
        }
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

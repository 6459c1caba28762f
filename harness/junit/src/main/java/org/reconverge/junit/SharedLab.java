package org.reconverge.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.HarnessVersion;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabException;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.Outage;
import org.reconverge.lab.Recording;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.Demand;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceWriter;
import org.reconverge.model.evidence.Run;
import org.reconverge.model.history.HistoryEvent.NodeLog;
import org.reconverge.model.history.HistoryEvent.Stage;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.HistoryWriter;
import org.reconverge.model.json.JsonForm;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.reports.graph.TopologyGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lab of a test class, and the evidence that its tests leave. */
final class SharedLab implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedLab.class);

    /** Where evidence goes; relative to the working directory. */
    private static final String DIRECTORY_PROPERTY = "reconverge.evidence";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneId.systemDefault());

    /** Undisturbed probes before anything is injected: what an event is compared with. */
    private static final Duration LEAD_IN = Duration.ofSeconds(1);

    private final Class<?> testClass;
    private final Engine engine;
    private final LabOptions options;
    private final EvidenceWriter evidence;
    private final String run;
    private Lab lab;
    private @Nullable Recording recording;
    private @Nullable TestEvidence current;
    private @Nullable String distrust;

    private SharedLab(
            Class<?> testClass, Engine engine, LabOptions options, EvidenceWriter evidence, String run, Lab lab) {
        this.testClass = testClass;
        this.engine = engine;
        this.options = options;
        this.evidence = evidence;
        this.run = run;
        this.lab = lab;
    }

    static SharedLab start(Class<?> testClass, String name) {
        Engine engine = Engine.connect();
        try {
            engine.configureTestcontainers();
            Path base = Path.of(System.getProperty(DIRECTORY_PROPERTY, "target/failover"));
            LabSource source = LabSource.find(name, base.resolve("labs"), testClass.getClassLoader());
            Path directory = vacant(
                    base, STAMP.format(Instant.now()) + "-" + source.topology().name());
            String run = String.valueOf(directory.getFileName());
            LabOptions options = new LabOptions(
                    source.spec(),
                    source.topology(),
                    engine,
                    (phase, detail, done, total) -> LOG.debug("{} {} {}/{}", phase, detail, done, total));
            Lab lab = Lab.startInSteadyState(options);
            try {
                EvidenceWriter evidence = EvidenceWriter.create(
                        directory, run(testClass, engine, lab, run), source.spec(), source.topology());
                evidence.attach(
                        "topology.svg",
                        TopologyGraph.of(
                                        source.topology(),
                                        Optional.of(source.spec()),
                                        RouterConfig.of(source.topology()))
                                .svg());
                evidence.attachJson("labs/" + lab.id() + ".json", lab.describe());
                return new SharedLab(testClass, engine, options, evidence, run, lab);
            } catch (RuntimeException e) {
                lab.close();
                throw e;
            }
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Two classes may start in the same second. */
    private static synchronized Path vacant(Path base, String name) {
        Path directory = base.resolve(name);
        for (int i = 2; Files.exists(directory); i++) {
            directory = base.resolve(name + "-" + i);
        }
        try {
            // Its answer is absolute or not, as it happens.
            Files.createDirectories(directory);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the evidence directory " + directory, e);
        }
    }

    private static Run run(Class<?> testClass, Engine engine, Lab lab, String id) {
        Map<String, String> versions = new TreeMap<>(lab.images());
        versions.put("reconverge", HarnessVersion.current());
        versions.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        return new Run(
                id,
                Instant.now(),
                0,
                List.of("mvn", "verify", "-Dit.test=" + testClass.getSimpleName()),
                versions,
                engine.describe(),
                engine.kernelRelease());
    }

    Lab lab() {
        return lab;
    }

    /**
     * Brings the lab to steady state, anew if it does not come back to it, and starts recording.
     *
     * @param name the test's name, which becomes its directory's
     * @return why the lab was rebuilt; empty if it was not
     */
    Optional<String> prepare(String name) {
        Optional<String> rebuilt = Optional.empty();
        try {
            if (distrust != null) {
                throw new LabException(distrust);
            }
            lab.awaitSteadyState();
        } catch (LabException | IllegalStateException e) {
            rebuilt = Optional.of(String.valueOf(e.getMessage()));
            LOG.warn("the lab {} is built anew: {}", lab.topology().name(), e.getMessage());
            distrust = null;
            lab.close();
            lab = Lab.startInSteadyState(options);
        }
        Recording begun = lab.startRecording(
                new TrialStarted(lab.now(), run, lab.topology().name(), testClass.getSimpleName() + "." + name, 1, 0));
        recording = begun;
        current = TestEvidence.keep(
                begun,
                vacant(evidence.directory().resolve(testClass.getSimpleName()), name),
                "mvn verify -Dit.test=" + testClass.getSimpleName() + "#" + name.replaceFirst("[^\\w].*", ""));
        lab.enter(Stage.STEADY_STATE);
        awaitUndisturbedProbes(begun);
        return rebuilt;
    }

    private void awaitUndisturbedProbes(Recording begun) {
        ConvergenceEvent beginning = new ConvergenceEvent(begun.started(), begun.started());
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollInterval(50, TimeUnit.MILLISECONDS)
                    .atMost(LEAD_IN.multipliedBy(10))
                    .until(() -> begun.probes().recovery(beginning, LEAD_IN).complete());
        } catch (ConditionTimeoutException e) {
            // Whatever is asserted will be inconclusive, and say why.
            LOG.warn("probes were disturbed in steady state: {}", begun.probes().defects());
        }
    }

    /**
     * Ends a test: takes faults back, ends its recording, keeps its evidence.
     *
     * @return what the test leaves
     * @throws LabException if a fault could not be taken back
     */
    TestRecord end(Optional<Throwable> failure) {
        Recording ended = Objects.requireNonNull(recording, "no test is being recorded");
        TestEvidence kept = Objects.requireNonNull(current, "no test is being recorded");
        recording = null;
        current = null;
        @Nullable LabException residue = null;
        try {
            lab.revertFaults();
        } catch (LabException e) {
            residue = e;
            distrust = e.getMessage();
        }
        try {
            ended.collectLogs();
        } catch (RuntimeException e) {
            LOG.warn("the nodes' logs could not be read", e);
        }
        ended.end(true, "");
        Optional<Throwable> why = failure.isPresent() ? failure : Optional.ofNullable(residue);
        TestRecord record = new TestRecord(
                testClass.getSimpleName() + "." + kept.directory().getFileName(),
                lab.topology().name(),
                verdict(why),
                why,
                ended.history(),
                kept.outages(),
                kept.directory(),
                evidence.directory().resolve("topology.svg"));
        keep(record);
        ServiceLoader.load(TestListener.class, testClass.getClassLoader()).forEach(listener -> listener.ended(record));
        if (residue != null) {
            throw residue;
        }
        return record;
    }

    private static Verdict verdict(Optional<Throwable> failure) {
        return failure.map(why -> Inconclusive.is(why) ? Verdict.INCONCLUSIVE : Verdict.FAIL)
                .orElse(Verdict.PASS);
    }

    /** The verdict file of a test. */
    private record TestVerdict(String test, Verdict verdict, Optional<String> reason, List<Asserted> outages) {}

    /** An outage that was asserted on. */
    private record Asserted(String client, String fault, PhaseResult seen) {}

    private void keep(TestRecord test) {
        try (HistoryWriter history = HistoryWriter.create(test.directory().resolve("history.jsonl.gz"))) {
            test.history().events().forEach(history::append);
        }
        Map<String, List<String>> logs = new LinkedHashMap<>();
        test.history()
                .all(NodeLog.class)
                .forEach(line -> logs.computeIfAbsent(line.node(), node -> new ArrayList<>())
                        .add(line.line()));
        try {
            Files.writeString(
                    test.directory().resolve("verdict.json"),
                    JsonForm.text(new TestVerdict(
                            test.test(),
                            test.verdict(),
                            test.failure().map(Throwable::getMessage),
                            test.outages().stream().map(SharedLab::asserted).toList())));
            Path directory = Files.createDirectories(test.directory().resolve("logs"));
            for (var log : logs.entrySet()) {
                Files.write(directory.resolve(log.getKey() + ".log"), log.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the evidence of " + test.test(), e);
        }
    }

    private static Asserted asserted(Outage outage) {
        return new Asserted(
                outage.client().name(),
                outage.fault(),
                outage.judge(new Demand(
                        outage.spec().budget().rto(), false, false, OptionalInt.empty(), Optional.empty(), "")));
    }

    boolean isRecording() {
        return recording != null;
    }

    @Override
    public void close() {
        try {
            lab.close();
        } finally {
            try {
                evidence.finish();
            } finally {
                engine.close();
            }
        }
    }
}

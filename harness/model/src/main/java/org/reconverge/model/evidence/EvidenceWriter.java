package org.reconverge.model.evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.history.HistoryWriter;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.Topology;

/**
 * Writes the evidence of a campaign run as it goes.
 *
 * <p>The directory says that it is incomplete, by a file {@code INCOMPLETE}, from its first moment until {@link #finish}
 * has written the digests of everything else; a run that is killed in between leaves what it had seen until then. Files
 * other than histories appear in full or not at all.
 *
 * <p>Safe for use by several threads.
 */
public final class EvidenceWriter implements AutoCloseable {

    private final Path directory;
    private final FailoverSpec spec;
    private final List<TrialResult> trials = new ArrayList<>();
    private final List<HistoryWriter> histories = new ArrayList<>();
    private boolean finished;

    private EvidenceWriter(Path directory, FailoverSpec spec) {
        this.directory = directory;
        this.spec = spec;
    }

    /**
     * Creates an evidence directory with what is known before the first trial: {@code run.json} and the copies of the
     * topology, the spec and every bound file.
     *
     * @param directory the directory, which must be empty or not exist
     * @throws EvidenceException if it holds something already, or cannot be written
     */
    public static EvidenceWriter create(Path directory, Run run, FailoverSpec spec, Topology topology) {
        try {
            Files.createDirectories(directory);
            if (!Layout.files(directory).isEmpty()) {
                throw new EvidenceException("expected an empty directory for the evidence, but found files in "
                        + directory + "; evidence is never overwritten");
            }
            Layout.write(
                    directory.resolve(Layout.INCOMPLETE),
                    "This run has not finished: what stands here may be cut off, and has no digests.\n"
                            .getBytes(StandardCharsets.UTF_8));
            Path copies = directory.resolve(Layout.TOPOLOGY);
            TopologyCopy.Copied copied = new TopologyCopy(topology, spec).into(copies);
            Layout.write(
                    directory.resolve(Layout.RUN),
                    Layout.json(run.withFiles(
                            Layout.name(directory, copies.resolve(copied.topology())),
                            Layout.name(directory, copies.resolve(copied.spec())))));
            return new EvidenceWriter(directory, spec);
        } catch (IOException e) {
            throw new EvidenceException("cannot create the evidence " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Returns the evidence directory. */
    public Path directory() {
        return directory;
    }

    /** Returns the directory of a trial, {@code <scenario>/<trial>}. */
    public Path directory(String scenario, int trial) {
        return inside(scenario + "/" + trial);
    }

    /**
     * Begins the history of a trial. The caller closes it when the trial has ended; {@link #close} closes what is left.
     *
     * @throws EvidenceException if the trial has one already, or it cannot be created
     */
    public synchronized HistoryWriter history(String scenario, int trial) {
        try {
            Path file = Files.createDirectories(directory(scenario, trial)).resolve(Layout.HISTORY);
            HistoryWriter history = HistoryWriter.create(file);
            histories.add(history);
            return history;
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new EvidenceException(
                    "cannot begin the history of " + scenario + "/" + trial + ": " + e.getMessage(), e);
        }
    }

    /** Returns where a capture of a trial's wires belongs. */
    public Path capture(String scenario, int trial) {
        return directory(scenario, trial).resolve(Layout.CAPTURE);
    }

    /**
     * Lays the history of a trial, and its capture, aside, in {@code superseded-<attempt>}, because the trial proved nothing and is run again.
     *
     * @param attempt which attempt it was, from 1
     */
    public void supersede(String scenario, int trial, int attempt) {
        Path kept = directory(scenario, trial);
        try {
            Path aside = Files.createDirectories(kept.resolve("superseded-" + attempt));
            Files.move(kept.resolve(Layout.HISTORY), aside.resolve(Layout.HISTORY));
            if (Files.exists(kept.resolve(Layout.CAPTURE))) {
                Files.move(kept.resolve(Layout.CAPTURE), aside.resolve(Layout.CAPTURE));
            }
        } catch (IOException e) {
            throw new EvidenceException("cannot lay aside the history of " + kept + ": " + e.getMessage(), e);
        }
    }

    /** Keeps what a node's container wrote in a trial. */
    public void log(String scenario, int trial, String node, String text) {
        attach(scenario + "/" + trial + "/" + Layout.LOGS + "/" + node + ".log", text);
    }

    /** Keeps the verdict of a trial. */
    public synchronized void verdict(TrialResult result) {
        Layout.write(directory(result.scenario(), result.trial()).resolve(Layout.VERDICT), Layout.json(result));
        trials.add(result);
    }

    /**
     * Keeps a file, such as {@code topology.svg}.
     *
     * @param name its path below the evidence directory
     * @throws IllegalStateException if the evidence is finished: the file would count as added by somebody else
     */
    public synchronized void attach(String name, byte[] content) {
        if (finished) {
            throw new IllegalStateException("the evidence " + directory + " is finished, and takes no " + name);
        }
        Layout.write(inside(name), content);
    }

    /** Keeps a value in its JSON form. */
    public void attachJson(String name, Object value) {
        attach(name, Layout.json(value));
    }

    /** Keeps a text file, such as {@code topology.svg}. */
    public void attach(String name, String content) {
        attach(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Finishes the evidence: writes the summary and the digests of all files. From here on the directory counts as
     * complete, and any change of it shows.
     *
     * @return the summary
     */
    public synchronized CampaignSummary finish() {
        close();
        finished = true;
        CampaignSummary summary = CampaignSummary.of(inOrder(spec, trials));
        Layout.write(directory.resolve(Layout.SUMMARY), Layout.json(summary));
        Layout.write(
                directory.resolve(Layout.DIGESTS),
                Layout.json(new Layout.Digests("SHA-256", Layout.digest(directory))));
        try {
            Files.delete(directory.resolve(Layout.INCOMPLETE));
        } catch (IOException e) {
            throw new EvidenceException("cannot finish the evidence " + directory + ": " + e.getMessage(), e);
        }
        return summary;
    }

    /** Closes the histories. Without {@link #finish} before, the directory stays marked as incomplete. */
    @Override
    public synchronized void close() {
        histories.forEach(HistoryWriter::close);
        histories.clear();
    }

    /** Returns trials in the order of their scenarios in the spec, whatever order they ran in. */
    static List<TrialResult> inOrder(FailoverSpec spec, List<TrialResult> trials) {
        List<String> scenarios = List.copyOf(spec.scenarios().keySet());
        return trials.stream()
                .sorted(Comparator.comparingInt((TrialResult trial) -> scenarios.indexOf(trial.scenario()))
                        .thenComparing(TrialResult::scenario)
                        .thenComparingInt(TrialResult::trial))
                .toList();
    }

    private Path inside(String name) {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize()) || file.equals(directory.normalize())) {
            throw new IllegalArgumentException(
                    "expected a path below the evidence directory, but found '" + name + "'");
        }
        return Objects.requireNonNull(file);
    }
}

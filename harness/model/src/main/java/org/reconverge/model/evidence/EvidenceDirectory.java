package org.reconverge.model.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryReader;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;

/**
 * The evidence that a campaign run left behind, read back.
 *
 * @param directory the directory
 * @param run what the run was
 * @param problems what is wrong with the evidence: that it is incomplete, or that a file was changed, removed or added
 *     since it was finished; empty as it should be
 * @param trials the trials, by scenario name and number
 */
public record EvidenceDirectory(Path directory, Run run, List<String> problems, List<TrialEvidence> trials) {

    /** Copies the lists, so that evidence never changes. */
    public EvidenceDirectory {
        problems = List.copyOf(problems);
        trials = List.copyOf(trials);
    }

    /**
     * Opens an evidence directory and compares every file with its digest.
     *
     * @throws EvidenceException if it is no evidence directory, or cannot be read
     */
    public static EvidenceDirectory open(Path directory) {
        if (!Files.isRegularFile(directory.resolve(Layout.RUN))) {
            throw new EvidenceException(
                    "expected an evidence directory with a " + Layout.RUN + ", but found none in " + directory);
        }
        Run run = Layout.read(directory.resolve(Layout.RUN), Run.class);
        return new EvidenceDirectory(directory, run, verify(directory), findTrials(directory));
    }

    /** Returns whether the run finished, and nothing was changed since. */
    public boolean intact() {
        return problems.isEmpty();
    }

    /**
     * Returns the spec that the run was judged by, from its copy.
     *
     * @throws EvidenceException if the copy is missing
     * @throws org.reconverge.model.source.InvalidFileException if it cannot be used
     */
    public FailoverSpec spec() {
        return FailoverSpecFile.read(file(run.specFile(), "spec"));
    }

    /**
     * Returns the topology that the run was made on, from its copy.
     *
     * @throws EvidenceException if the copy is missing
     * @throws org.reconverge.model.source.InvalidFileException if it cannot be used
     */
    public Topology topology() {
        return TopologyFile.read(file(run.topologyFile(), "topology"));
    }

    /** Returns the summary that the run ended with; empty if it did not get that far. */
    public Optional<CampaignSummary> summary() {
        Path file = directory.resolve(Layout.SUMMARY);
        return Files.exists(file) ? Optional.of(Layout.read(file, CampaignSummary.class)) : Optional.empty();
    }

    /** Returns the topology's drawing; empty if there is none. */
    public Optional<Path> drawing() {
        return Optional.of(directory.resolve("topology.svg")).filter(Files::isRegularFile);
    }

    /** Returns the SHA-256 of every file as noted when the run finished, by its path; empty if it did not. */
    public SortedMap<String, String> digests() {
        Path file = directory.resolve(Layout.DIGESTS);
        return Files.exists(file) ? Layout.read(file, Layout.Digests.class).files() : new TreeMap<>();
    }

    /** Returns where a report of the evidence belongs; it is no part of the evidence, so it may be written at any time. */
    public Path report() {
        return directory.resolve(Layout.REPORT);
    }

    private Path file(Optional<String> name, String what) {
        Path file = name.map(directory::resolve)
                .orElseThrow(() -> new EvidenceException(
                        directory.resolve(Layout.RUN) + " does not say where the " + what + " is"));
        if (!file.normalize().startsWith(directory.normalize()) || !Files.isRegularFile(file)) {
            throw new EvidenceException("expected the copy of the " + what + " at " + file + ", but there is none");
        }
        return file;
    }

    private static List<String> verify(Path directory) {
        List<String> problems = new ArrayList<>();
        if (Files.exists(directory.resolve(Layout.INCOMPLETE))) {
            problems.add("the run did not finish, so its files have no digests");
            return problems;
        }
        if (!Files.exists(directory.resolve(Layout.DIGESTS))) {
            problems.add("there are no digests, so nobody can tell whether a file was changed");
            return problems;
        }
        SortedMap<String, String> expected = Layout.read(directory.resolve(Layout.DIGESTS), Layout.Digests.class)
                .files();
        SortedMap<String, String> found = Layout.digest(directory);
        expected.forEach((file, digest) -> {
            String now = found.get(file);
            if (now == null) {
                problems.add(file + " is missing");
            } else if (!now.equals(digest)) {
                problems.add(file + " was changed since the run finished");
            }
        });
        found.keySet().stream()
                .filter(file -> !expected.containsKey(file))
                .forEach(file -> problems.add(file + " was added since the run finished"));
        return problems;
    }

    private static List<TrialEvidence> findTrials(Path directory) {
        List<TrialEvidence> trials = new ArrayList<>();
        for (Path scenario : directories(directory)) {
            for (Path trial : directories(scenario)) {
                boolean kept =
                        Files.exists(trial.resolve(Layout.HISTORY)) || Files.exists(trial.resolve(Layout.VERDICT));
                String number = String.valueOf(trial.getFileName());
                if (kept && number.matches("\\d{1,9}")) {
                    trials.add(
                            new TrialEvidence(String.valueOf(scenario.getFileName()), Integer.parseInt(number), trial));
                }
            }
        }
        trials.sort(Comparator.comparing(TrialEvidence::scenario).thenComparingInt(TrialEvidence::trial));
        return trials;
    }

    private static List<Path> directories(Path directory) {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new EvidenceException("cannot list " + directory + ": " + e.getMessage(), e);
        }
    }

    /**
     * The evidence of one trial.
     *
     * @param scenario the scenario's name
     * @param trial the trial's number
     * @param directory the trial's directory
     */
    public record TrialEvidence(String scenario, int trial, Path directory) {

        /** Returns the trial's name, {@code scenario/trial}. */
        public String name() {
            return scenario + "/" + trial;
        }

        /**
         * Reads the history.
         *
         * @throws EvidenceException if there is none
         * @throws org.reconverge.model.history.MalformedHistoryException if it is damaged other than by a cut
         */
        public History history() {
            Path file = directory.resolve(Layout.HISTORY);
            if (!Files.isRegularFile(file)) {
                throw new EvidenceException(
                        "expected the history of " + name() + " at " + file + ", but there is none");
            }
            return HistoryReader.read(file);
        }

        /**
         * Returns the verdict that was given after the trial; empty if the run was killed before.
         *
         * @throws EvidenceException if it cannot be read
         */
        public Optional<TrialResult> verdict() {
            Path file = directory.resolve(Layout.VERDICT);
            return Files.isRegularFile(file) ? Optional.of(Layout.read(file, TrialResult.class)) : Optional.empty();
        }

        /** Returns the capture of the wires; empty if none was asked for. */
        public Optional<Path> capture() {
            return Optional.of(directory.resolve(Layout.CAPTURE)).filter(Files::isRegularFile);
        }

        /** Returns what the nodes' containers wrote, by node. */
        public Map<String, Path> logs() {
            Path logs = directory.resolve(Layout.LOGS);
            Map<String, Path> files = new LinkedHashMap<>();
            if (Files.isDirectory(logs)) {
                for (Path file : Layout.files(logs)) {
                    String name = String.valueOf(file.getFileName());
                    files.put(name.endsWith(".log") ? name.substring(0, name.length() - 4) : name, file);
                }
            }
            return files;
        }
    }
}

package org.reconverge.model.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.TrialCheck;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.evidence.EvidenceDirectory.TrialEvidence;
import org.reconverge.model.history.History;
import org.reconverge.model.history.MalformedHistoryException;
import org.reconverge.model.spec.FailoverSpec;

/** Computes every verdict of a run again from its evidence, without a lab, and compares it with the one that was given. */
public final class EvidenceCheck {

    private static final int MOST_DIFFERENCES = 20;

    private EvidenceCheck() {}

    /**
     * Checks evidence by the spec that it holds.
     *
     * @throws EvidenceException if the spec's copy is missing, or a verdict cannot be read
     * @throws org.reconverge.model.source.InvalidFileException if the spec's copy cannot be used
     */
    public static Recheck recheck(EvidenceDirectory evidence) {
        return recheck(evidence, evidence.spec());
    }

    /**
     * Checks evidence by a spec of the caller's.
     *
     * @throws EvidenceException if a verdict cannot be read
     */
    public static Recheck recheck(EvidenceDirectory evidence, FailoverSpec spec) {
        List<TrialRecheck> trials = new ArrayList<>();
        for (TrialEvidence trial : evidence.trials()) {
            trials.add(recheck(trial, spec));
        }
        List<String> problems = new ArrayList<>(evidence.problems());
        CampaignSummary summary = CampaignSummary.of(EvidenceWriter.inOrder(
                spec,
                trials.stream().flatMap(trial -> trial.recomputed().stream()).toList()));
        evidence.summary()
                .map(stored -> differences(stored, summary))
                .ifPresent(differences ->
                        differences.forEach(difference -> problems.add(Layout.SUMMARY + " " + difference)));
        return new Recheck(problems, trials, summary);
    }

    private static TrialRecheck recheck(TrialEvidence trial, FailoverSpec spec) {
        Optional<TrialResult> stored = trial.verdict();
        History history;
        try {
            history = trial.history();
        } catch (EvidenceException | MalformedHistoryException | UncheckedIOException e) {
            return new TrialRecheck(
                    trial.scenario(), trial.trial(), stored, Optional.empty(), List.of(String.valueOf(e.getMessage())));
        }
        TrialResult recomputed = TrialCheck.judge(history, spec, trial.scenario());
        List<String> differences = stored.map(result -> differences(result, recomputed))
                .orElse(List.of("no verdict was given; the history says " + recomputed.verdict()));
        return new TrialRecheck(trial.scenario(), trial.trial(), stored, Optional.of(recomputed), differences);
    }

    /** Returns where two values differ in their JSON form, which is what is kept. */
    private static List<String> differences(Object stored, Object recomputed) {
        List<String> differences = new ArrayList<>();
        compare("", tree(stored), tree(recomputed), differences);
        if (differences.size() > MOST_DIFFERENCES) {
            int more = differences.size() - MOST_DIFFERENCES;
            differences = new ArrayList<>(differences.subList(0, MOST_DIFFERENCES));
            differences.add("… and " + more + " more");
        }
        return differences;
    }

    private static JsonNode tree(Object value) {
        return Layout.mapper().valueToTree(value);
    }

    private static void compare(String path, JsonNode stored, JsonNode recomputed, List<String> differences) {
        if (stored.isObject() && recomputed.isObject()) {
            Set<String> keys = new LinkedHashSet<>();
            for (Iterator<Map.Entry<String, JsonNode>> fields = stored.fields(); fields.hasNext(); ) {
                keys.add(fields.next().getKey());
            }
            for (Iterator<Map.Entry<String, JsonNode>> fields = recomputed.fields(); fields.hasNext(); ) {
                keys.add(fields.next().getKey());
            }
            for (String key : keys) {
                compare(path.isEmpty() ? key : path + "." + key, stored.path(key), recomputed.path(key), differences);
            }
        } else if (stored.isArray() && recomputed.isArray()) {
            for (int i = 0; i < Math.max(stored.size(), recomputed.size()); i++) {
                compare(path + "[" + i + "]", stored.path(i), recomputed.path(i), differences);
            }
        } else if (!stored.equals(recomputed)) {
            differences.add(path + ": stored " + show(stored) + ", recomputed " + show(recomputed));
        }
    }

    private static String show(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.toString();
    }

    /**
     * What checking the evidence of a run again gave.
     *
     * @param problems what is wrong with the evidence as a whole; empty as it should be
     * @param trials the trials, by scenario name and number
     * @param summary the summary over the verdicts that were computed now
     */
    public record Recheck(List<String> problems, List<TrialRecheck> trials, CampaignSummary summary) {

        /** Copies the lists, so that a recheck never changes. */
        public Recheck {
            problems = List.copyOf(problems);
            trials = List.copyOf(trials);
        }

        /** Returns whether the evidence is intact and every verdict is the one that was given. */
        public boolean same() {
            return problems.isEmpty() && trials.stream().allMatch(TrialRecheck::same);
        }
    }

    /**
     * What judging one trial again gave.
     *
     * @param scenario the scenario's name
     * @param trial the trial's number
     * @param stored the verdict that was given; empty if none was
     * @param recomputed the verdict that was computed now; empty if the history cannot be read
     * @param differences where they differ; empty as it should be
     */
    public record TrialRecheck(
            String scenario,
            int trial,
            Optional<TrialResult> stored,
            Optional<TrialResult> recomputed,
            List<String> differences) {

        /** Copies the list, so that a recheck never changes. */
        public TrialRecheck {
            differences = List.copyOf(differences);
        }

        /** Returns whether the verdict is the one that was given. */
        public boolean same() {
            return differences.isEmpty();
        }
    }
}

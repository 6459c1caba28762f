package org.reconverge.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.check.TrialCheck;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceWriter;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.NodeLog;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.HistoryWriter;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.Scenario;

/**
 * Many trials over many scenarios on one lab, with everything they leave as evidence.
 *
 * <p>A trial that proves nothing (the host stalled, say) is repeated, not failed; what it recorded is kept beside the
 * repetition. A lab that does not come back to steady state is rebuilt, and the history says so.
 */
public final class Campaign {

    private static final int REPETITIONS = 2;

    /**
     * What to run.
     *
     * @param id identifies the run
     * @param scenarios the scenarios, in order
     * @param trials how many trials of each
     * @param seed where all random choices come from
     * @param capture whether to keep what was on the wires in each trial
     */
    public record Plan(String id, List<Scenario> scenarios, int trials, long seed, boolean capture) {

        /** Copies the list, so that a plan never changes. */
        public Plan {
            scenarios = List.copyOf(scenarios);
        }
    }

    /** Hears how a campaign goes. */
    public interface Listener {

        /** A lab has been started and is in steady state. */
        default void labReady(Lab lab) {}

        /** A trial begins. */
        default void trialStarts(Scenario scenario, int trial, int number, int total) {}

        /** A trial has been judged. */
        default void trialEnded(TrialResult result) {}

        /** A trial proved nothing and is repeated. */
        default void trialRepeated(TrialResult result) {}

        /** The lab did not come back to steady state and is built anew. */
        default void labRebuilt(String reason) {}
    }

    private final LabOptions options;
    private final Plan plan;
    private final EvidenceWriter evidence;
    private final Listener listener;
    private @Nullable Lab lab;

    /** Prepares a campaign; nothing is started. */
    public Campaign(LabOptions options, Plan plan, EvidenceWriter evidence, Listener listener) {
        this.options = options;
        this.plan = plan;
        this.evidence = evidence;
        this.listener = listener;
    }

    /**
     * Runs every trial. The lab is closed at the end, whatever happened; the evidence is the caller's to finish.
     *
     * @throws LabException if no lab could be started
     */
    public void run() {
        try {
            start();
            int number = 0;
            int total = plan.scenarios().size() * plan.trials();
            for (Scenario scenario : plan.scenarios()) {
                for (int trial = 1; trial <= plan.trials(); trial++) {
                    listener.trialStarts(scenario, trial, ++number, total);
                    listener.trialEnded(conclusive(scenario, trial));
                }
            }
        } finally {
            stop();
        }
    }

    private void start() {
        Lab started = Lab.startInSteadyState(options);
        lab = started;
        listener.labReady(started);
        evidence.attachJson("labs/" + started.id() + ".json", started.describe());
    }

    private void stop() {
        if (lab != null) {
            lab.close();
            lab = null;
        }
    }

    private TrialResult conclusive(Scenario scenario, int trial) {
        for (int attempt = 0; ; attempt++) {
            History history;
            try (HistoryWriter journal = evidence.history(scenario.name(), trial)) {
                history = attempt(scenario, trial, attempt, journal);
            }
            TrialResult result = TrialCheck.judge(history, options.spec(), scenario.name());
            if (result.verdict() != Verdict.INCONCLUSIVE || attempt == REPETITIONS) {
                logs(history).forEach((node, text) -> evidence.log(scenario.name(), trial, node, text));
                evidence.verdict(result);
                return result;
            }
            evidence.supersede(scenario.name(), trial, attempt + 1);
            listener.trialRepeated(result);
        }
    }

    private History attempt(Scenario scenario, int trial, int attempt, HistoryWriter journal) {
        long seed = Objects.hash(plan.seed(), scenario.name(), trial, attempt);
        Objects.requireNonNull(lab).steadyState().aftermath().ifPresent(this::rebuild);
        try {
            return new Trial(Objects.requireNonNull(lab), plan.id(), scenario, trial, seed)
                    .run(
                            journal::append,
                            Optional.of(evidence.capture(scenario.name(), trial))
                                    .filter(file -> plan.capture()));
        } catch (LabException | IllegalStateException e) {
            String reason = String.valueOf(e.getMessage());
            History broken = broken(scenario, trial, seed, reason);
            broken.events().forEach(journal::append);
            rebuild(reason);
            return broken;
        }
    }

    private void rebuild(String reason) {
        listener.labRebuilt(reason);
        stop();
        start();
    }

    /** The history of a trial that did not come to its beginning: two lines, of which the second says why. */
    private History broken(Scenario scenario, int trial, long seed, String reason) {
        MonotonicTime now = new MonotonicTime(System.nanoTime());
        return new History(List.of(
                new TrialStarted(now, plan.id(), options.topology().name(), scenario.name(), trial, seed),
                new TrialEnded(now, false, reason)));
    }

    private static Map<String, String> logs(History history) {
        Map<String, List<String>> lines = new HashMap<>();
        for (HistoryEvent event : history.events()) {
            if (event instanceof NodeLog log) {
                lines.computeIfAbsent(log.node(), node -> new ArrayList<>()).add(log.line());
            }
        }
        return lines.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.join("\n", entry.getValue()) + "\n"));
    }
}

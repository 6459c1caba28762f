package org.reconverge.reports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.evidence.EvidenceCheck;
import org.reconverge.model.evidence.EvidenceCheck.TrialRecheck;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.model.evidence.EvidenceDirectory.TrialEvidence;
import org.reconverge.model.evidence.Run;
import org.reconverge.model.history.History;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.model.topology.Topology;

/**
 * Everything that a report tells about a campaign. Reports add nothing to it.
 *
 * @param run identifies the campaign run
 * @param topology the topology that was tested
 * @param spec the failover spec that it was tested against
 * @param configs the routing configuration of its nodes
 * @param summary the table at the end of the campaign
 * @param trials the trials, in the order in which they ran
 * @param problems what is wrong with the evidence, such as a changed file or a verdict that its history does not give;
 *     empty as it should be
 * @param environment what the trials ran on and with, such as {@code kernel} and its version, for people
 * @param digests the SHA-256 of every file of the evidence, by its path in the evidence directory
 * @param again the command that runs the campaign again
 */
public record ReportInput(
        String run,
        Topology topology,
        FailoverSpec spec,
        Map<String, RouterConfig> configs,
        CampaignSummary summary,
        List<Trial> trials,
        List<String> problems,
        Map<String, String> environment,
        Map<String, String> digests,
        Optional<String> again) {

    /** Copies the collections, so that an input never changes. */
    public ReportInput {
        configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
        trials = List.copyOf(trials);
        problems = List.copyOf(problems);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    }

    /**
     * Returns what an evidence directory holds. Every verdict is computed again from its history, and one that differs
     * from the one that was given is a problem.
     *
     * @throws org.reconverge.model.evidence.EvidenceException if a part is missing that no report can do without
     * @throws org.reconverge.model.source.InvalidFileException if the copy of the spec or topology cannot be used
     */
    public static ReportInput of(EvidenceDirectory evidence) {
        FailoverSpec spec = evidence.spec();
        Topology topology = evidence.topology();
        EvidenceCheck.Recheck recheck = EvidenceCheck.recheck(evidence, spec);
        Map<String, TrialEvidence> sources = new LinkedHashMap<>();
        evidence.trials().forEach(trial -> sources.put(trial.name(), trial));
        List<Trial> trials = new ArrayList<>();
        List<String> problems = new ArrayList<>(recheck.problems());
        for (TrialRecheck trial : recheck.trials()) {
            String name = trial.scenario() + "/" + trial.trial();
            trial.differences().forEach(difference -> problems.add(name + ": " + difference));
            TrialEvidence source = sources.get(name);
            if (source != null) {
                trial.recomputed()
                        .or(trial::stored)
                        .ifPresent(result -> trials.add(new Trial(
                                result,
                                source::history,
                                source.capture()
                                        .map(file -> String.valueOf(
                                                evidence.directory().relativize(file))))));
            }
        }
        List<String> scenarios = List.copyOf(spec.scenarios().keySet());
        trials.sort(Comparator.comparingInt(
                trial -> scenarios.indexOf(trial.result().scenario())));
        Run run = evidence.run();
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("container engine", run.engine());
        environment.put("kernel", run.kernel());
        environment.putAll(run.versions());
        environment.put("seed", String.valueOf(run.seed()));
        return new ReportInput(
                run.id(),
                topology,
                spec,
                RouterConfig.of(topology),
                recheck.summary(),
                trials,
                problems,
                environment,
                evidence.digests(),
                run.command().isEmpty() ? Optional.empty() : Optional.of(String.join(" ", run.command())));
    }

    /**
     * A trial.
     *
     * @param result what it shows
     * @param history reads its history; asked for once in each report, and not kept, since histories are large
     * @param capture the path of the capture of its wires in the evidence directory; empty if there is none
     */
    public record Trial(TrialResult result, Supplier<History> history, Optional<String> capture) {

        /** A trial whose wires were not captured. */
        public Trial(TrialResult result, Supplier<History> history) {
            this(result, history, Optional.empty());
        }
    }
}

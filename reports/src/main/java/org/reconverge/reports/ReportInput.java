package org.reconverge.reports;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.history.History;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.model.topology.Topology;

/**
 * Everything that a report tells about a campaign. Reports add nothing and recompute nothing.
 *
 * @param run identifies the campaign run
 * @param topology the topology that was tested
 * @param spec the failover spec that it was tested against
 * @param configs the routing configuration of its nodes
 * @param summary the table at the end of the campaign
 * @param trials the trials, in the order in which they ran
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
        Map<String, String> environment,
        Map<String, String> digests,
        Optional<String> again) {

    /** Copies the collections, so that an input never changes. */
    public ReportInput {
        configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
        trials = List.copyOf(trials);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        digests = Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    }

    /**
     * A trial.
     *
     * @param result what it shows
     * @param history reads its history; asked for once in each report, and not kept, since histories are large
     */
    public record Trial(TrialResult result, Supplier<History> history) {}
}

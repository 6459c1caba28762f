package org.reconverge.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.Verdict;

/**
 * Whether a candidate configuration is as good as the current one. A pure function of two summaries.
 *
 * @param outcome what the comparison shows
 * @param reasons why it is not {@code SAFE}
 */
record Comparison(Outcome outcome, List<String> reasons) {

    /** What a comparison shows. */
    enum Outcome {
        /** Every client passes with the candidate, and none is served worse than now. */
        SAFE,
        /** Something could not be measured, so nothing can be said. */
        INCONCLUSIVE,
        /** The candidate is worse: a verdict, a catchment or the length of an outage. */
        REGRESSION
    }

    /**
     * An outage counts as longer only if it surely is (beyond the accuracy of both) and if it matters: by half, and by more
     * than this. Detection times of one design already differ by one hello interval.
     */
    private static final Duration NOTABLE = Duration.ofMillis(250);

    static Comparison of(CampaignSummary current, CampaignSummary candidate) {
        List<String> regressions = new ArrayList<>();
        List<String> doubts = new ArrayList<>();
        for (Row now : current.rows()) {
            Optional<Row> then = candidate.rows().stream()
                    .filter(row -> row.scenario().equals(now.scenario())
                            && row.client().equals(now.client()))
                    .findFirst();
            String where = now.scenario() + ", " + now.client() + ": ";
            if (then.isEmpty()) {
                doubts.add(where + "was not run with the candidate");
                continue;
            }
            compare(now, then.get(), where, regressions, doubts);
        }
        if (!regressions.isEmpty()) {
            return new Comparison(Outcome.REGRESSION, regressions);
        }
        return doubts.isEmpty()
                ? new Comparison(Outcome.SAFE, List.of())
                : new Comparison(Outcome.INCONCLUSIVE, doubts);
    }

    private static void compare(Row now, Row then, String where, List<String> regressions, List<String> doubts) {
        if (then.verdict() == Verdict.FAIL && now.verdict() != Verdict.FAIL) {
            regressions.add(where + "was " + now.verdict() + ", is FAIL with the candidate"
                    + (then.reasons().isEmpty() ? "" : " (" + then.reasons().get(0) + ")"));
        } else if (now.verdict() == Verdict.INCONCLUSIVE || then.verdict() == Verdict.INCONCLUSIVE) {
            doubts.add(where + "INCONCLUSIVE with the "
                    + (then.verdict() == Verdict.INCONCLUSIVE ? "candidate" : "current configuration"));
        } else if (then.verdict() == Verdict.FAIL) {
            doubts.add(where + "fails with both, so the candidate cannot be told to be safe");
        }
        if (!now.servedBefore().equals(then.servedBefore())) {
            regressions.add(where + "is served by " + then.servedBefore() + " instead of " + now.servedBefore()
                    + " while nothing is broken");
        }
        longer(now.outage(), then.outage()).ifPresent(change -> regressions.add(where + "outage " + change));
        longer(now.reversionOutage(), then.reversionOutage())
                .ifPresent(change -> regressions.add(where + "outage at the repair " + change));
        if (then.moves() > now.moves()) {
            doubts.add(where + then.moves() + " catchment moves instead of " + now.moves());
        }
    }

    private static Optional<String> longer(Optional<Spread> now, Optional<Spread> then) {
        if (now.isEmpty() || then.isEmpty()) {
            return Optional.empty();
        }
        Duration most = now.get().max().value().plus(now.get().max().above());
        Duration least = then.get().median().value().minus(then.get().median().below());
        Duration growth = least.minus(most);
        boolean notable = growth.compareTo(NOTABLE) > 0 && least.toNanos() > most.toNanos() + most.toNanos() / 2;
        return notable
                ? Optional.of("rose from " + ResultTable.longest(now.get()) + " to " + ResultTable.longest(then.get()))
                : Optional.empty();
    }
}

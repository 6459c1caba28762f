package org.reconverge.model.check;

import java.util.List;
import java.util.Optional;

/**
 * The table at the end of a campaign: a row for each client of each scenario, over all its trials.
 *
 * @param verdict the worst of the rows; {@code INCONCLUSIVE} if there is none
 * @param rows the rows, in the order in which scenarios ran, clients in the order of the spec
 */
public record CampaignSummary(Verdict verdict, List<Row> rows) {

    /** Copies the list, so that a summary never changes. */
    public CampaignSummary {
        rows = List.copyOf(rows);
    }

    /**
     * One client in one scenario.
     *
     * @param scenario the scenario's name
     * @param client the client's name
     * @param trials how many trials were run, {@code passed + failed + inconclusive}
     * @param passed how many passed
     * @param failed how many failed
     * @param inconclusive how many proved nothing
     * @param servedBefore the sites that served it before the event, over all trials; normally one
     * @param servedAfter the sites that served it after the event, over all trials; normally one
     * @param outage the longest outage of each trial, zero where nothing was lost; empty if no trial could measure it
     * @param recovery the time to recover of each trial that lost a probe; empty if none did
     * @param moves the most catchment moves of any trial
     * @param reversion the worst verdict of the reversions; empty if no fault was taken back
     * @param reversionOutage the longest outage of each trial's reversion; empty if none was measured
     * @param reversionMoves the most catchment moves of any trial's reversion
     * @param verdict the worst of the trials
     * @param reasons why it is not {@code PASS}, each said once, with the number of trials if it holds for several
     * @param claim what the number of trials supports, in words
     */
    public record Row(
            String scenario,
            String client,
            int trials,
            int passed,
            int failed,
            int inconclusive,
            List<String> servedBefore,
            List<String> servedAfter,
            Optional<Spread> outage,
            Optional<Spread> recovery,
            int moves,
            Optional<Verdict> reversion,
            Optional<Spread> reversionOutage,
            int reversionMoves,
            Verdict verdict,
            List<String> reasons,
            String claim) {

        /** Copies the lists, so that a row never changes. */
        public Row {
            servedBefore = List.copyOf(servedBefore);
            servedAfter = List.copyOf(servedAfter);
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * A value over several trials.
     *
     * @param min the smallest
     * @param median the median; of an even number of trials the mean of the middle two, with the wider accuracy
     * @param max the largest
     */
    public record Spread(Measured min, Measured median, Measured max) {}
}

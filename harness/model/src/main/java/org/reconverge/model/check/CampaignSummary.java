package org.reconverge.model.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reconverge.model.statistics.Claim;

/**
 * The table at the end of a campaign: a row for each client of each scenario, over all its trials.
 *
 * @param verdict the worst of the rows; {@code INCONCLUSIVE} if there is none
 * @param rows the rows, in the order in which scenarios ran, clients in the order of the spec
 */
public record CampaignSummary(Verdict verdict, List<Row> rows) {

    /** Stands for the client in the row of a scenario in which no trial got as far as a client. */
    public static final String EVERY_CLIENT = "(every client)";

    /** Copies the list, so that a summary never changes. */
    public CampaignSummary {
        rows = List.copyOf(rows);
    }

    /** Returns the summary of trials; rows stand in the order in which their scenarios and clients first appear. */
    public static CampaignSummary of(List<TrialResult> trials) {
        Map<String, List<TrialResult>> byScenario = new LinkedHashMap<>();
        for (TrialResult trial : trials) {
            byScenario
                    .computeIfAbsent(trial.scenario(), key -> new ArrayList<>())
                    .add(trial);
        }
        List<Row> rows = new ArrayList<>();
        byScenario.forEach((scenario, ofScenario) -> {
            Set<String> clients = new LinkedHashSet<>();
            ofScenario.forEach(trial -> trial.clients().forEach(client -> clients.add(client.client())));
            if (clients.isEmpty()) {
                // No trial got as far as a client, and that must not look like nothing happened.
                clients.add(EVERY_CLIENT);
            }
            clients.forEach(client -> rows.add(row(scenario, client, ofScenario)));
        });
        Verdict verdict = rows.stream().map(Row::verdict).reduce(Verdict::and).orElse(Verdict.INCONCLUSIVE);
        return new CampaignSummary(verdict, rows);
    }

    private static Row row(String scenario, String client, List<TrialResult> trials) {
        List<ClientResult> results =
                trials.stream().map(trial -> resultOf(client, trial)).toList();
        List<PhaseResult> events =
                results.stream().flatMap(result -> result.event().stream()).toList();
        List<PhaseResult> reversions =
                results.stream().flatMap(result -> result.reversion().stream()).toList();
        int passed = count(results, Verdict.PASS);
        int failed = count(results, Verdict.FAIL);
        int inconclusive = count(results, Verdict.INCONCLUSIVE);
        return new Row(
                scenario,
                client,
                trials.size(),
                passed,
                failed,
                inconclusive,
                sites(events, PhaseResult::servedBefore),
                sites(events, PhaseResult::servedAfter),
                Spread.of(events.stream().flatMap(event -> event.outage().stream())),
                Spread.of(events.stream().flatMap(event -> event.recovery().stream())),
                events.stream().mapToInt(PhaseResult::moves).max().orElse(0),
                reversions.stream().map(PhaseResult::verdict).reduce(Verdict::and),
                Spread.of(reversions.stream().flatMap(reversion -> reversion.outage().stream())),
                reversions.stream().mapToInt(PhaseResult::moves).max().orElse(0),
                results.stream().map(ClientResult::verdict).reduce(Verdict::and).orElse(Verdict.INCONCLUSIVE),
                reasons(trials, results),
                new Claim(passed, failed, inconclusive).describe(),
                LayerRow.of(results),
                control(results));
    }

    private static Optional<Control> control(List<ClientResult> results) {
        List<PhaseResult> events = results.stream()
                .filter(ClientResult::control)
                .flatMap(result -> result.event().stream())
                .toList();
        if (results.stream().noneMatch(ClientResult::control)) {
            return Optional.empty();
        }
        List<Duration> gone = events.stream()
                .flatMap(event -> event.probes().stream()
                        .filter(probe -> probe.recovery() == ProbeResult.Recovered.NOT_RECOVERED)
                        .map(ProbeResult::watched)
                        .max(Comparator.naturalOrder())
                        .stream())
                .toList();
        return Optional.of(new Control(gone.size(), gone.stream().min(Comparator.naturalOrder())));
    }

    private static ClientResult resultOf(String client, TrialResult trial) {
        return trial.client(client)
                .orElseGet(() -> new ClientResult(
                        client, false, Verdict.INCONCLUSIVE, trial.reasons(), Optional.empty(), Optional.empty()));
    }

    private static int count(List<ClientResult> results, Verdict verdict) {
        return (int)
                results.stream().filter(result -> result.verdict() == verdict).count();
    }

    private static List<String> sites(List<PhaseResult> phases, Function<PhaseResult, List<String>> sites) {
        return phases.stream().map(sites).flatMap(List::stream).distinct().toList();
    }

    private static List<String> reasons(List<TrialResult> trials, List<ClientResult> results) {
        Map<String, List<Integer>> trialsByReason = new LinkedHashMap<>();
        for (int i = 0; i < trials.size(); i++) {
            for (String reason : results.get(i).reasons()) {
                trialsByReason
                        .computeIfAbsent(reason, key -> new ArrayList<>())
                        .add(trials.get(i).trial());
            }
        }
        return trialsByReason.entrySet().stream()
                .map(entry -> entry.getKey() + (trials.size() == 1 ? "" : in(entry.getValue())))
                .toList();
    }

    private static String in(List<Integer> trials) {
        return (trials.size() == 1 ? " (trial " : " (trials ")
                + trials.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")";
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
     * @param reasons why it is not {@code PASS}, each said once, with the trials that it holds for if there are several
     * @param claim what the number of trials supports, in words
     * @param layers the same layer by layer, from the network up, if the client has a tunnel or telecontrol sessions
     * @param control what became of it, if it is a control, which passes by missing its budget
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
            String claim,
            Optional<List<LayerRow>> layers,
            Optional<Control> control) {

        /** Copies the lists, so that a row never changes. */
        public Row {
            servedBefore = List.copyOf(servedBefore);
            servedAfter = List.copyOf(servedAfter);
            reasons = List.copyOf(reasons);
            layers = layers.map(List::copyOf);
        }
    }

    /**
     * What became of a control: a client of which the scenario says that it must miss its budget.
     *
     * @param notBack in how many trials it was not back when the watch ended
     * @param watched how long those were watched, from the event, at least; empty if there is none
     */
    public record Control(int notBack, Optional<Duration> watched) {

        /** Says in few words what was seen where it was not back, such as {@code not in 63.7 s}; empty if it always was. */
        public Optional<String> describe() {
            return watched.map(time -> "not in " + Wording.tenths(time));
        }
    }

    /**
     * A value over several trials.
     *
     * @param min the smallest
     * @param median the median; of an even number of trials the mean of the middle two, with the wider accuracy
     * @param max the largest
     */
    public record Spread(Measured min, Measured median, Measured max) {

        static Optional<Spread> of(Stream<Measured> values) {
            List<Measured> sorted =
                    values.sorted(Comparator.comparing(Measured::value)).toList();
            if (sorted.isEmpty()) {
                return Optional.empty();
            }
            Measured lower = sorted.get((sorted.size() - 1) / 2);
            Measured upper = sorted.get(sorted.size() / 2);
            Measured median = new Measured(
                    lower.value().plus(upper.value()).dividedBy(2),
                    longer(lower.below(), upper.below()),
                    longer(lower.above(), upper.above()));
            return Optional.of(new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1)));
        }

        private static Duration longer(Duration a, Duration b) {
            return a.compareTo(b) >= 0 ? a : b;
        }
    }
}

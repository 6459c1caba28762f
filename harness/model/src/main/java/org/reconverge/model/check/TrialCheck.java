package org.reconverge.model.check;

import static org.reconverge.model.check.Wording.plain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.Note;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.Continuity;
import org.reconverge.model.spec.Expectation;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.Outcome;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.Scenario;

/**
 * Judges a trial: a pure function of its history and the spec.
 *
 * <p>A trial passes only if everything that was expected was seen, accuracy included. Whatever makes it prove nothing
 * makes it {@code INCONCLUSIVE}: a fault that was not seen to bite, a history without an end, a client that was not in its
 * steady state before, a probe stream that did not watch, and a checker that fails.
 */
public final class TrialCheck {

    private static final Duration CLOCK_STEP = Duration.ofMillis(50);

    private TrialCheck() {}

    /**
     * Judges a trial. Never throws: a failure of the checker itself is a reason for {@code INCONCLUSIVE}.
     *
     * @param history the trial's history
     * @param spec the spec that it ran under
     * @param scenario the name of the scenario that it was a trial of
     */
    public static TrialResult judge(History history, FailoverSpec spec, String scenario) {
        try {
            return new Judgement(history, spec, scenario).result();
        } catch (RuntimeException e) {
            return new TrialResult(
                    scenario,
                    "",
                    0,
                    0,
                    Optional.empty(),
                    Verdict.INCONCLUSIVE,
                    List.of("the checker failed, so nothing is known: " + e),
                    List.of(),
                    spec.validation(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());
        }
    }

    private static final class Judgement {
        private final History history;
        private final FailoverSpec spec;
        private final String name;
        private final @Nullable Scenario scenario;
        private final ProbeLog probes;
        private final InjectionTimeline injection;
        private final Optional<TrialStarted> started;
        private final List<String> doubts = new ArrayList<>();

        Judgement(History history, FailoverSpec spec, String name) {
            this.history = history;
            this.spec = spec;
            this.name = name;
            this.scenario = spec.scenarios().get(name);
            this.probes = ProbeLog.of(history);
            this.injection = InjectionTimeline.of(history);
            this.started = history.first(TrialStarted.class);
        }

        TrialResult result() {
            doubtTheTrial();
            List<ClientResult> clients =
                    spec.clients().values().stream().map(this::judge).toList();
            Findings findings = new Findings();
            doubts.forEach(findings::inconclusive);
            Verdict verdict = findings.verdict();
            List<String> reasons = new ArrayList<>(findings.reasons());
            for (ClientResult client : clients) {
                verdict = verdict.and(client.verdict());
                client.reasons().stream()
                        .filter(reason -> !doubts.contains(reason))
                        .forEach(reason -> reasons.add(client.client() + ": " + reason));
            }
            return new TrialResult(
                    name,
                    injection.fault(),
                    started.map(TrialStarted::trial).orElse(0),
                    started.map(TrialStarted::seed).orElse(0L),
                    startedByTheWallClock(),
                    verdict,
                    reasons,
                    notes(),
                    spec.validation(),
                    injection.event(),
                    injection.reversion(),
                    clients,
                    eventWindow().map(window -> Milestones.of(history, window)),
                    reversionWindow().map(window -> Milestones.of(history, window)),
                    eventWindow().map(window -> EmulatorUse.of(history, window)).orElse(List.of()));
        }

        private void doubtTheTrial() {
            if (scenario == null) {
                doubts.add("the spec has no scenario '" + name + "'");
            }
            if (spec.clients().isEmpty()) {
                doubts.add("the spec has no client, so nothing was watched");
            }
            if (started.isEmpty()) {
                doubts.add("the history has no beginning");
            }
            started.filter(start -> !start.scenario().equals(name))
                    .ifPresent(start -> doubts.add("the history is of scenario '" + start.scenario() + "'"));
            Optional<TrialEnded> ended = history.first(TrialEnded.class);
            if (history.truncation().isPresent()) {
                doubts.add("the history is truncated: " + history.truncation().get());
            } else if (ended.isEmpty()) {
                doubts.add("the history is truncated: it has no end");
            }
            ended.filter(end -> !end.complete())
                    .ifPresent(end -> doubts.add("the trial did not run to its end: " + end.reason()));
            doubts.addAll(injection.doubts());
        }

        private Optional<Window> eventWindow() {
            return injection.event().map(event -> new Window(event, injection.reversion()));
        }

        private Optional<Window> reversionWindow() {
            return injection.reversion().map(reversion -> new Window(reversion, Optional.empty()));
        }

        private ClientResult judge(ClientSpec client) {
            Findings against = new Findings();
            doubts.forEach(against::inconclusive);
            // Without an event there is nothing that a probe could have watched.
            eventWindow()
                    .ifPresent(window -> client.probes().forEach(probe -> {
                        StreamDoubts.find(probes, spec, client, probe, window, against);
                        doubtTheHome(client, probe, window, against);
                    }));
            // Doubts about the trial or the probes weigh more than what the client seems to show.
            boolean doubtful = against.verdict() != Verdict.PASS;
            Optional<PhaseResult> event = eventWindow().map(window -> judgeEvent(client, window));
            // What a control, or a record with a time to live, does after the repair is nobody's promise.
            Optional<PhaseResult> reversion =
                    isControl(client) || client.lookup().isPresent()
                            ? Optional.empty()
                            : reversionWindow().map(window -> judgeReversion(client, window));
            event.ifPresent(phase -> against.take(phase, ""));
            reversion.ifPresent(phase -> against.take(phase, "after repair: "));
            return new ClientResult(
                    client.name(),
                    isControl(client),
                    doubtful ? Verdict.INCONCLUSIVE : against.verdict(),
                    against.reasons(),
                    event,
                    reversion);
        }

        private void doubtTheHome(ClientSpec client, ProbeSpec probe, Window window, Findings findings) {
            String subject = client.probes().size() == 1 ? "" : probe.name() + " ";
            probes.measure(client.name() + "/" + probe.name(), window, spec.validation())
                    .flatMap(ProbeResult::servedBefore)
                    .filter(site -> !site.equals(client.home()))
                    .ifPresent(site -> findings.inconclusive(
                            subject + "was served by " + site + " before the event, not by its home " + client.home()));
        }

        private PhaseResult judgeEvent(ClientSpec client, Window window) {
            Optional<Expectation> expectation = expectation(client);
            boolean unaffected = isUnaffected(expectation);
            Demand demand = new Demand(
                    budget(expectation),
                    unaffected,
                    expectation.flatMap(Expectation::affected).orElse(false),
                    expectation
                            .map(expect -> expect.maxMoves().isPresent()
                                    ? expect.maxMoves()
                                    : OptionalInt.of(unaffected ? 0 : 1))
                            .orElse(OptionalInt.empty()),
                    expectation.flatMap(Expectation::servedBy),
                    " after the event",
                    isLossless(expectation),
                    layers(client, expectation));
            PhaseResult seen = check(client, window, demand);
            return isControl(client)
                    ? ControlCheck.of(seen, expectation.orElseThrow(), demand.budget())
                    : expectation
                            .map(expect -> ControlCheck.explained(seen, expect))
                            .orElse(seen);
        }

        private boolean isControl(ClientSpec client) {
            return expectation(client)
                    .filter(expect -> expect.outcome() == Outcome.MISSES)
                    .isPresent();
        }

        private PhaseResult judgeReversion(ClientSpec client, Window window) {
            Optional<Expectation> expectation = expectation(client);
            boolean unaffected = isUnaffected(expectation);
            Demand demand = new Demand(
                    // A repair is followed by boots, sessions and hold-downs; `within` speaks of the fault.
                    spec.budget().rto(),
                    unaffected,
                    false,
                    OptionalInt.of(unaffected ? 0 : 1),
                    Optional.of(client.home()),
                    ", its home, which must return after the repair",
                    isLossless(expectation),
                    layers(client, expectation));
            return check(client, window, demand);
        }

        private Optional<LayerDemand> layers(ClientSpec client, Optional<Expectation> expectation) {
            return client.tunnel().isEmpty() && client.sessions().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new LayerDemand(
                            expectation.flatMap(Expectation::tunnel).orElse(Continuity.RESUMED),
                            spec.budget().tunnel(),
                            spec.budget().session()));
        }

        private PhaseResult check(ClientSpec client, Window window, Demand demand) {
            return PhaseCheck.of(history, probes, spec, client, window, demand);
        }

        private Optional<Expectation> expectation(ClientSpec client) {
            return Optional.ofNullable(scenario).map(known -> known.expect().get(client.name()));
        }

        private static boolean isUnaffected(Optional<Expectation> expectation) {
            return expectation
                    .flatMap(Expectation::affected)
                    .map(affected -> !affected)
                    .orElse(false);
        }

        private static boolean isLossless(Optional<Expectation> expectation) {
            return expectation.filter(Expectation::lossless).isPresent();
        }

        private Duration budget(Optional<Expectation> expectation) {
            return expectation.flatMap(Expectation::within).orElse(spec.budget().rto());
        }

        private Optional<Instant> startedByTheWallClock() {
            Optional<ClockSync> clock = history.first(ClockSync.class);
            return started.flatMap(start ->
                    clock.map(sync -> sync.wall().minus(sync.at().since(start.at()))));
        }

        private List<String> notes() {
            return Stream.concat(
                            clockSteps().stream(),
                            history.all(Note.class).stream()
                                    .filter(note ->
                                            Note.DIAGNOSIS.equals(note.values().get(Note.KIND)))
                                    .map(Note::text))
                    .toList();
        }

        private List<String> clockSteps() {
            List<String> steps = new ArrayList<>();
            ClockSync last = null;
            for (ClockSync sync : history.all(ClockSync.class)) {
                if (last != null) {
                    Duration step = Duration.between(last.wall(), sync.wall())
                            .minus(sync.at().since(last.at()));
                    if (step.abs().compareTo(CLOCK_STEP) > 0) {
                        steps.add("the wall clock stepped by " + plain(step)
                                + "; every time is of the monotonic clock, so no result depends on it");
                    }
                }
                last = sync;
            }
            return steps;
        }
    }
}

package org.reconverge.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.reconverge.lab.panel.WireCapture;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.Pauses;
import org.reconverge.model.check.ProbeLog;
import org.reconverge.model.check.Recovery;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.Stage;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.Expectation;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.Outcome;
import org.reconverge.model.spec.Scenario;
import org.reconverge.model.spec.Via;

/**
 * One trial: steady state → injection → recovery → repair → reversion → steady state. It conducts and records; what the
 * record is worth is judged by {@link org.reconverge.model.check.TrialCheck}, from the history alone.
 */
public final class Trial {

    /** Undisturbed probes before the event, at least: what the event is compared with. */
    private static final Duration LEAD_IN = Duration.ofSeconds(1);

    /** The event falls into this much at random, so that trials do not all meet the timers in the same phase. */
    private static final Duration SPREAD = Duration.ofMillis(500);

    /** How much longer than its budget a control is watched. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Lab lab;
    private final Scenario scenario;
    private final int number;
    private final long seed;
    private final String run;

    /**
     * Prepares a trial.
     *
     * @param run identifies the campaign run
     * @param scenario the scenario
     * @param number the trial's number within the scenario, from 1
     * @param seed where all random choices of the trial come from
     */
    public Trial(Lab lab, String run, Scenario scenario, int number, long seed) {
        this.lab = lab;
        this.run = run;
        this.scenario = scenario;
        this.number = number;
        this.seed = seed;
    }

    /**
     * Runs the trial.
     *
     * @param journal is given every event of the history at once
     * @param capture where to record what is on the wires; empty for nowhere
     * @return its complete history; a trial that had to be broken off says so in its last line
     * @throws LabException if the lab does not come to steady state; nothing has been written to the journal then
     */
    public History run(Consumer<HistoryEvent> journal, Optional<Path> capture) {
        lab.awaitSteadyState();
        Optional<WireCapture> wires = capture.map(file -> lab.capture(
                file, scenario.name() + " " + number + ", " + scenario.fault().describe()));
        try {
            return record(journal);
        } finally {
            wires.ifPresent(WireCapture::close);
        }
    }

    private History record(Consumer<HistoryEvent> journal) {
        TrialStarted started = new TrialStarted(lab.now(), run, lab.topology().name(), scenario.name(), number, seed);
        try (Recording recording = lab.startRecording(started, journal)) {
            try {
                conduct(recording);
                recording.end(true, "");
            } catch (LabException | IllegalStateException e) {
                recording.end(false, String.valueOf(e.getMessage()));
            }
            return recording.history();
        }
    }

    private void conduct(Recording recording) {
        lab.enter(Stage.STEADY_STATE);
        ConvergenceEvent beginning = new ConvergenceEvent(lab.now(), lab.now());
        await(
                LEAD_IN.multipliedBy(10),
                () -> recording.probes().recovery(beginning, LEAD_IN).complete());
        LockSupport.parkNanos((long) (new Random(seed).nextDouble() * SPREAD.toNanos()));

        lab.enter(Stage.FAULT);
        Injection injection = lab.inject(scenario.fault());
        try {
            ConvergenceEvent event = new ConvergenceEvent(injection.before(), injection.after());
            await(longestWatch(), () -> isWatchedEnough(recording, event));
        } finally {
            lab.enter(Stage.REPAIR);
            injection.close();
        }
        ConvergenceEvent reversion = reversion(recording.history(), injection.id());
        await(longestWatch(), () -> isBackHome(recording.probes(), reversion));
        if (!isBackHome(recording.probes(), reversion)) {
            // Asked only now: at the wrong moment of a start the question itself would do harm.
            lab.steadyState().complaints().forEach(line -> recording.note("after the repair, " + line));
        }
        recording.collectLogs();
        lab.enter(Stage.RESTORED);
    }

    /** Waits for a condition; that it does not come in time is for the checker to judge, so the trial just goes on. */
    private static void await(Duration atMost, java.util.concurrent.Callable<Boolean> condition) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollInterval(POLL.toMillis(), TimeUnit.MILLISECONDS)
                    .atMost(atMost)
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            return;
        }
    }

    private boolean isWatchedEnough(Recording recording, ConvergenceEvent event) {
        ProbeLog probes = recording.probes();
        Duration elapsed = lab.now().since(event.at());
        if (elapsed.compareTo(scenario.watch()) < 0) {
            return false;
        }
        Recovery recovery = probes.recovery(event, lab.spec().validation());
        return lab.spec().clients().keySet().stream()
                        .allMatch(client -> isWatchedEnough(client, recovery, recording, event))
                && (isServedAsExpected(recovery) || elapsed.compareTo(longestBudget()) > 0);
    }

    private boolean isWatchedEnough(String client, Recovery recovery, Recording recording, ConvergenceEvent event) {
        Optional<Expectation> control =
                Optional.ofNullable(scenario.expect().get(client)).filter(expect -> expect.outcome() == Outcome.MISSES);
        // Of a control that is to miss its budget nothing more can be learnt once the budget is over.
        if (control.isPresent() && isMissed(control.get(), recording, event)) {
            return true;
        }
        // Nothing inside shows when a control that says nothing is back; only its sessions do, which need no stream.
        boolean silent = control.flatMap(Expectation::until).isPresent()
                && lab.spec().client(client).probes(Via.TUNNEL).isEmpty();
        return !silent
                && recovery.sessionsDown().getOrDefault(client, 0) == 0
                && lab.client(client).probeIds().stream()
                        .allMatch(
                                probe -> Optional.ofNullable(recovery.streams().get(probe))
                                        .filter(Recovery.Stream::complete)
                                        .isPresent());
    }

    private boolean isControl(String client) {
        return Optional.ofNullable(scenario.expect().get(client))
                .filter(expect -> expect.outcome() == Outcome.MISSES)
                .isPresent();
    }

    /** Time in which the host did not run is not counted against a control, so it is watched for as much longer. */
    private boolean isMissed(Expectation control, Recording recording, ConvergenceEvent event) {
        Duration enough =
                control.until().or(control::within).orElse(lab.budget().rto()).plus(MARGIN);
        MonotonicTime now = lab.now();
        Duration elapsed = now.since(event.at());
        return elapsed.compareTo(enough) > 0
                && elapsed.minus(Pauses.noticed(recording.history(), event.at(), now))
                                .compareTo(enough)
                        > 0;
    }

    private boolean isServedAsExpected(Recovery recovery) {
        return scenario.expect().entrySet().stream()
                .allMatch(entry -> entry.getValue().servedBy().isEmpty()
                        || isServedBy(
                                recovery,
                                entry.getKey(),
                                entry.getValue().servedBy().get()));
    }

    private boolean isServedBy(Recovery recovery, String client, String site) {
        return lab.client(client).probeIds().stream()
                .allMatch(probe -> Optional.ofNullable(recovery.streams().get(probe))
                        .flatMap(Recovery.Stream::site)
                        .filter(site::equals)
                        .isPresent());
    }

    private boolean isBackHome(ProbeLog probes, ConvergenceEvent reversion) {
        FailoverSpec spec = lab.spec();
        Recovery recovery = probes.recovery(reversion, spec.validation());
        // What a control does after the repair is not judged.
        List<String> judged = spec.clients().keySet().stream()
                .filter(client -> !isControl(client))
                .toList();
        boolean complete =
                judged.stream().allMatch(client -> recovery.sessionsDown().getOrDefault(client, 0) == 0)
                        && judged.stream()
                                .flatMap(client -> lab.client(client).probeIds().stream())
                                .allMatch(probe -> Optional.ofNullable(
                                                recovery.streams().get(probe))
                                        .filter(Recovery.Stream::complete)
                                        .isPresent());
        return complete
                && (spec.clients().values().stream()
                                // A name leads home only when its record's time to live is over.
                                .filter(client -> client.lookup().isEmpty() && !isControl(client.name()))
                                .allMatch(client -> isServedBy(recovery, client.name(), client.home()))
                        || lab.now().since(reversion.at()).compareTo(longestBudget()) > 0);
    }

    private Duration longestBudget() {
        return scenario.expect().values().stream()
                .flatMap(expect -> Stream.concat(expect.within().stream(), expect.until().stream()))
                .max(Duration::compareTo)
                .filter(within -> within.compareTo(lab.budget().rto()) > 0)
                .orElse(lab.budget().rto());
    }

    /** Clients are watched past the budget, so that a miss can say when they did recover. */
    private Duration longestWatch() {
        return longestBudget().multipliedBy(2).plus(lab.spec().validation()).plus(scenario.watch());
    }

    private static ConvergenceEvent reversion(History history, String injection) {
        return history.all(InjectionPhase.class).stream()
                .filter(phase -> phase.injection().equals(injection) && phase.phase() == InjectionPhase.Phase.REVERTED)
                .findFirst()
                .map(phase -> new ConvergenceEvent(phase.before(), phase.at()))
                .orElseThrow(() -> new LabException("the fault was not reverted"));
    }
}

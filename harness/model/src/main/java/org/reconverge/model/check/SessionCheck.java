package org.reconverge.model.check;

import static org.reconverge.model.check.Wording.plain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.reconverge.model.check.SessionLog.Outcome;
import org.reconverge.model.check.SessionLog.Restoration;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.CommandPassed;
import org.reconverge.model.history.HistoryEvent.ConnectionsAttempted;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.SessionSpec;

/** Judges what became of the telecontrol sessions of one probe. */
final class SessionCheck {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final History history;
    private final String client;
    private final SessionSpec spec;
    private final Window window;
    private final Findings findings = new Findings();

    SessionCheck(History history, String client, SessionSpec spec, Window window) {
        this.history = history;
        this.client = client;
        this.spec = spec;
        this.window = window;
    }

    /**
     * Judges.
     *
     * @param log the sessions of the trial
     * @param way from the event until the way of the sessions had recovered; zero if it was never interrupted, empty if it
     *     has not
     * @param lastMove from the event until the way last led to another site; empty if it did not. What passes before says
     *     nothing of a connection that the other site does not know
     */
    SessionResult judge(
            SessionLog log, Optional<Measured> way, Optional<Duration> lastMove, PhaseCheck phase, Demand demand) {
        Optional<MonotonicTime> wayBack = way.map(Measured::value)
                .map(time -> lastMove.filter(move -> move.compareTo(time) > 0).orElse(time))
                .map(window.event().middle()::plus);
        boolean wayWasAway = way.map(time -> !time.value().isZero()).orElse(true);
        List<Measured> times = new ArrayList<>();
        Map<String, Integer> down = new LinkedHashMap<>();
        int kept = 0;
        int restored = 0;
        int unsteady = 0;
        for (int station = spec.station(); station <= spec.lastStation(); station++) {
            if (!log.isSteadyBefore(station, window.event())) {
                unsteady++;
            }
            Restoration became = log.restoration(station, window, wayBack);
            kept += became.outcome() == Outcome.KEPT ? 1 : 0;
            restored += became.outcome() == Outcome.RESTORED ? 1 : 0;
            if (became.outcome() == Outcome.DOWN) {
                down.merge(became.detail(), 1, Integer::sum);
            } else if (became.outcome() == Outcome.RESTORED || wayWasAway) {
                became.at().map(at -> sinceEvent(at)).ifPresent(times::add);
            }
        }
        times.sort(Comparator.comparing(Measured::value));
        int lost = spec.sessions() - kept - restored;
        Optional<Measured> last =
                lost > 0 || times.isEmpty() ? Optional.empty() : Optional.of(times.get(times.size() - 1));
        Optional<Measured> share = last.flatMap(time -> way.map(from -> Measured.difference(time, from)));
        SessionResult.Values values = values();
        SessionResult.Commands commands = commands(demand.layers().isPresent());
        doubt(unsteady);
        judgeDown(down, lost, phase, demand);
        last.ifPresent(time -> phase.judgeLimit(
                time,
                demand.budget(),
                who(spec.sessions()) + " restored after " + time.describe(),
                "budget",
                findings));
        demand.layers().ifPresent(layers -> {
            share.ifPresent(time -> layers.sessionShare()
                    .ifPresent(limit -> phase.judgeLimit(
                            time,
                            limit,
                            who(spec.sessions()) + " took " + time.describe() + " once the way was back",
                            "share",
                            findings)));
            judge(values);
        });
        if (demand.layers().isPresent() && demand.unaffected() && restored > 0) {
            findings.fail(restored + " of " + who(spec.sessions())
                    + " needed a new connection, though the fault must not reach this client");
        }
        return new SessionResult(
                spec.name(),
                findings.verdict(),
                findings.reasons(),
                spec.sessions(),
                kept,
                restored,
                lost,
                times.stream().findFirst(),
                quantile(times, 0.5),
                quantile(times, 0.95),
                last,
                inTime(times, kept + restored, demand.budget()),
                reconnects(),
                share,
                details(State.CLOSED),
                details(State.STARTED),
                values,
                commands);
    }

    /** Returns the least of the times that so many of them do not exceed (nearest rank). */
    private static Optional<Measured> quantile(List<Measured> sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(Math.max(1, rank) - 1));
    }

    private static int inTime(List<Measured> times, int up, Duration budget) {
        return up
                - (int) times.stream()
                        .filter(time -> !time.surelyWithin(budget))
                        .count();
    }

    private Optional<SessionResult.Reconnects> reconnects() {
        List<ConnectionsAttempted> told = history.all(ConnectionsAttempted.class).stream()
                .filter(attempted -> attempted.probe().equals(client + "/" + spec.name()))
                .toList();
        if (told.isEmpty()) {
            return Optional.empty();
        }
        long[] attempts = told.stream()
                .flatMapToLong(attempted -> Arrays.stream(attempted.nanos()))
                .filter(nanos -> nanos >= window.event().before().nanos() && nanos <= end().nanos())
                .sorted()
                .toArray();
        int busiest = 0;
        int first = 0;
        for (int last = 0; last < attempts.length; last++) {
            while (attempts[last] - attempts[first] >= SECOND.toNanos()) {
                first++;
            }
            busiest = Math.max(busiest, last - first + 1);
        }
        return Optional.of(new SessionResult.Reconnects(attempts.length, busiest));
    }

    /** Counts what the client said of reaching a state; numbers of frames are left out, or no two would be alike. */
    private Map<String, Integer> details(State state) {
        Map<String, Integer> details = new TreeMap<>();
        history.all(TelecontrolChanged.class).stream()
                .filter(change -> change.state() == state && change.client().equals(client) && isMine(change.station()))
                .filter(change -> !change.detail().isEmpty()
                        && change.at().compareTo(window.event().before()) >= 0
                        && change.at().compareTo(end()) <= 0)
                .forEach(change ->
                        details.merge(change.detail().replaceAll("N\\((S|R)\\) [0-9]+", "a frame"), 1, Integer::sum));
        return details;
    }

    private void doubt(int unsteady) {
        if (unsteady == spec.sessions()) {
            findings.inconclusive("no session of " + spec.name() + " was seen in session before the event");
        } else if (unsteady > 0) {
            findings.inconclusive(unsteady + " of " + who(spec.sessions()) + " were not in session before the event");
        }
    }

    private void judgeDown(Map<String, Integer> down, int lost, PhaseCheck phase, Demand demand) {
        if (lost == 0) {
            return;
        }
        Duration watched = end().since(window.event().middle());
        List<String> how = new ArrayList<>();
        down.forEach((detail, count) -> how.add((spec.sessions() == 1 ? "" : count + " ") + detail));
        String subject = spec.sessions() == 1 ? spec.name() : lost + " of " + who(spec.sessions());
        phase.judgeNotRecovered(
                watched,
                demand.budget(),
                subject + " not restored after " + plain(watched),
                ": " + String.join(", ", how),
                findings);
    }

    private void judge(SessionResult.Values values) {
        if (values.missing() > 0) {
            findings.fail(spec.name() + " lost " + count(values.missing(), "acknowledged value")
                    + ": the controlled station was told that it need not keep "
                    + (values.missing() == 1 ? "it" : "them") + ", and no site has ever received "
                    + (values.missing() == 1 ? "it" : "them"));
        }
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private String who(int sessions) {
        return sessions == 1 ? spec.name() : sessions + " sessions of " + spec.name();
    }

    private Measured sinceEvent(MonotonicTime at) {
        Duration uncertainty = window.event().uncertainty();
        Duration value = at.since(window.event().middle());
        Duration notNegative = value.isNegative() ? Duration.ZERO : value;
        return new Measured(
                notNegative, notNegative.compareTo(uncertainty) < 0 ? notNegative : uncertainty, uncertainty);
    }

    private MonotonicTime end() {
        return window.end(history);
    }

    private boolean isMine(int station) {
        return station >= spec.station() && station <= spec.lastStation();
    }

    // ---- values ----

    private static final class Value {
        private long arose = Long.MAX_VALUE;
        private long acknowledged = Long.MAX_VALUE;
        private int received;
        private boolean discarded;
    }

    private record Reception(int station, long number, long nanos) {}

    private SessionResult.Values values() {
        Map<Integer, Map<Long, Value>> stations = new HashMap<>();
        List<Reception> receptions = new ArrayList<>();
        for (ValuesPassed passed : history.all(ValuesPassed.class)) {
            boolean atClient = passed.where().equals(client);
            for (int i = 0; i < passed.station().length; i++) {
                if (!isMine(passed.station()[i])) {
                    continue;
                }
                Value value = stations.computeIfAbsent(passed.station()[i], key -> new HashMap<>())
                        .computeIfAbsent(passed.number()[i], key -> new Value());
                long nanos = passed.nanos()[i];
                switch (passed.step()) {
                    case AROSE -> value.arose = Math.min(value.arose, nanos);
                    case SENT -> {}
                    case ACKNOWLEDGED -> value.acknowledged = Math.min(value.acknowledged, nanos);
                    case RECEIVED -> {
                        // A client that is controlled receives nothing, and one that controls sees both sites' numbers.
                        if (!atClient) {
                            value.received++;
                            receptions.add(new Reception(passed.station()[i], passed.number()[i], nanos));
                        }
                    }
                    case DISCARDED -> value.discarded = true;
                }
            }
        }
        if (spec.role() != SessionSpec.Role.CONTROLLED) {
            return new SessionResult.Values(0, 0, 0, 0, 0, 0);
        }
        return count(stations, receptions);
    }

    private SessionResult.Values count(Map<Integer, Map<Long, Value>> stations, List<Reception> receptions) {
        long from = history.events().isEmpty()
                ? 0
                : firstOf(history).plus(SessionLog.BATCH).nanos();
        long to = Math.min(
                end().nanos(),
                new Window(window.event(), Optional.empty())
                        .end(history)
                        .plus(SessionLog.BATCH.negated())
                        .nanos());
        // What happened before the event belongs to it; what happened between event and repair does not to the repair.
        long windowFrom = Math.max(from, windowStart());
        long arose = 0;
        long acknowledged = 0;
        long missing = 0;
        long duplicated = 0;
        long discarded = 0;
        for (Map<Long, Value> values : stations.values()) {
            for (Value value : values.values()) {
                if (value.arose < windowFrom || value.arose >= to) {
                    continue;
                }
                arose++;
                discarded += value.discarded ? 1 : 0;
                duplicated += Math.max(0, value.received - 1);
                if (value.acknowledged < to) {
                    acknowledged++;
                    missing += value.received == 0 ? 1 : 0;
                }
            }
        }
        return new SessionResult.Values(
                arose,
                acknowledged,
                missing,
                duplicated,
                outOfOrder(withWholeLives(receptions, stations, from), windowFrom, to),
                discarded);
    }

    /** Returns where what belongs to the window begins: with the trial, or with the event if another came before it. */
    private long windowStart() {
        long event = window.event().before().nanos();
        boolean first = history.all(InjectionPhase.class).stream()
                .filter(phase ->
                        phase.phase() == InjectionPhase.Phase.APPLIED || phase.phase() == InjectionPhase.Phase.REVERTED)
                .noneMatch(phase -> phase.at().nanos() < event);
        return first ? Long.MIN_VALUE : event;
    }

    private static MonotonicTime firstOf(History history) {
        return history.first(HistoryEvent.TrialStarted.class)
                .map(HistoryEvent.TrialStarted::at)
                .orElseGet(() -> history.events().get(0).at());
    }

    /**
     * Leaves out what arose before the history began: it may have been received before, too, and then this reception is no
     * disorder but a duplicate.
     */
    private static List<Reception> withWholeLives(
            List<Reception> receptions, Map<Integer, Map<Long, Value>> stations, long from) {
        return receptions.stream()
                .filter(reception -> {
                    long arose = stations.getOrDefault(reception.station(), Map.of())
                            .getOrDefault(reception.number(), new Value())
                            .arose;
                    return arose >= from && arose != Long.MAX_VALUE;
                })
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static long outOfOrder(List<Reception> receptions, long from, long to) {
        Map<Integer, Long> newest = new HashMap<>();
        java.util.Set<String> seen = new java.util.HashSet<>();
        long outOfOrder = 0;
        receptions.sort(Comparator.comparingLong(Reception::nanos).thenComparingLong(Reception::number));
        for (Reception reception : receptions) {
            // A surplus reception is a duplicate, not a disorder.
            if (!seen.add(reception.station() + "/" + reception.number())) {
                continue;
            }
            long before = newest.getOrDefault(reception.station(), Long.MIN_VALUE);
            if (reception.number() < before) {
                outOfOrder += reception.nanos() >= from && reception.nanos() < to ? 1 : 0;
            } else {
                newest.put(reception.station(), reception.number());
            }
        }
        return outOfOrder;
    }

    // ---- commands ----

    private SessionResult.Commands commands(boolean judged) {
        Map<String, List<CommandPassed>> commands = new LinkedHashMap<>();
        history.all(CommandPassed.class).stream()
                .filter(command -> isMine(command.station()) && command.number() != 0)
                .sorted(Comparator.comparing(CommandPassed::at))
                .forEach(command -> commands.computeIfAbsent(
                                command.station() + "/" + command.originator() + "/" + command.number(),
                                key -> new ArrayList<>())
                        .add(command));
        long executed = 0;
        long repeated = 0;
        long stray = 0;
        long unanswered = 0;
        for (List<CommandPassed> steps : commands.values()) {
            List<CommandPassed> executions = new ArrayList<>();
            boolean ended = false;
            boolean strayed = false;
            String why = "";
            for (CommandPassed step : steps) {
                switch (step.step()) {
                    case SELECTED -> ended = false;
                    case SELECTION_ENDED -> {
                        ended = true;
                        why = step.detail();
                    }
                    case EXECUTED -> {
                        executions.add(step);
                        strayed |= ended && isInWindow(step.at());
                    }
                    case UNANSWERED -> unanswered += isInWindow(step.at()) ? 1 : 0;
                    default -> {}
                }
            }
            if (executions.isEmpty()
                    || !isInWindow(executions.get(executions.size() - 1).at())) {
                continue;
            }
            executed++;
            if (executions.size() > 1) {
                repeated++;
                if (judged) {
                    findings.fail(command(steps.get(0)) + " was executed " + Wording.times(executions.size()) + ", "
                            + afterEvent(executions.get(0)) + " and "
                            + afterEvent(executions.get(executions.size() - 1)) + " after the event");
                }
            }
            if (strayed) {
                stray++;
                if (judged) {
                    findings.fail(command(steps.get(0)) + " was executed, though its selection had ended"
                            + (why.isEmpty() ? "" : " (" + why + ")"));
                }
            }
        }
        return new SessionResult.Commands(executed, repeated, stray, unanswered);
    }

    private String command(CommandPassed command) {
        return spec.name() + " command " + command.number() + " to station " + command.station();
    }

    private String afterEvent(CommandPassed command) {
        return plain(command.at().since(window.event().middle()));
    }

    private boolean isInWindow(MonotonicTime at) {
        return at.nanos() >= windowStart() && at.compareTo(end()) <= 0;
    }
}

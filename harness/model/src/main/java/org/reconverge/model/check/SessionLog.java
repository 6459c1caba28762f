package org.reconverge.model.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;
import org.reconverge.model.history.MonotonicTime;

/**
 * What the stations of a trial reported about their sessions. Confined to its {@link ProbeLog} or to one judgement.
 *
 * <p>A station's sessions are told apart by their connection. The two ends of one see its end at different times, one of
 * them perhaps never: a connection is over as soon as one end says so, and one that nobody ended still has to prove that
 * it carries values.
 */
final class SessionLog {

    /**
     * Observers write in batches, and a history begins and ends between them: a value whose life reaches into this much of
     * either end of the history is left out of account.
     */
    static final Duration BATCH = Duration.ofSeconds(1);

    private final Map<Integer, Station> stations = new TreeMap<>();

    /** Of what arose before, not everything that became of it is known. */
    private long known = Long.MIN_VALUE;

    void add(HistoryEvent event) {
        if (event instanceof TrialStarted started) {
            known = started.at().plus(BATCH).nanos();
        } else if (event instanceof TelecontrolChanged change && change.station() != 0) {
            station(change.station()).add(change);
        } else if (event instanceof ValuesPassed values) {
            for (int i = 0; i < values.station().length; i++) {
                station(values.station()[i]).add(values.step(), values.where(), values.number()[i], values.nanos()[i]);
            }
        }
    }

    private Station station(int address) {
        return stations.computeIfAbsent(address, key -> new Station());
    }

    /** Returns how many stations of each client were in session before an event and do not carry values by now. */
    Map<String, Integer> waiting(
            ConvergenceEvent event, java.util.function.Function<String, Optional<MonotonicTime>> way) {
        Map<String, Integer> waiting = new LinkedHashMap<>();
        Window window = new Window(event, Optional.empty());
        for (Station station : stations.values()) {
            if (!station.client.isEmpty() && station.isSteadyBefore(event)) {
                Restoration now = station.restoration(window, way.apply(station.client), known);
                waiting.merge(station.client, now.outcome() == Outcome.DOWN ? 1 : 0, Integer::sum);
            }
        }
        return waiting;
    }

    /** Returns whether a station was in session before an event. */
    boolean isSteadyBefore(int station, ConvergenceEvent event) {
        return stations.containsKey(station) && station(station).isSteadyBefore(event);
    }

    /**
     * Returns what became of the session of a station.
     *
     * @param way when the way to the platform was last seen to come back; the event if it never went; empty if it has not
     */
    Restoration restoration(int station, Window window, Optional<MonotonicTime> way) {
        return station(station).restoration(window, way, known);
    }

    /** What can become of a session. */
    enum Outcome {
        /** It goes on over its connection. */
        KEPT,
        /** It has a new connection. */
        RESTORED,
        /** It carries no values, as far as is known. */
        DOWN
    }

    /**
     * What became of a session.
     *
     * @param at when it first carried values again; empty if it is down
     * @param detail how far it got and why, if it is down; for people
     */
    record Restoration(Outcome outcome, Optional<MonotonicTime> at, String detail) {}

    /** A value that reached a step. */
    private record Passage(String where, long number, long nanos) {}

    private static final class Station {
        private String client = "";
        private final List<TelecontrolChanged> changes = new ArrayList<>();
        private final List<Passage> received = new ArrayList<>();
        private final Map<Long, Long> arose = new HashMap<>();
        private final Map<Long, Long> sent = new HashMap<>();
        private final List<Passage> acknowledged = new ArrayList<>();

        void add(TelecontrolChanged change) {
            if (!change.client().isEmpty()) {
                client = change.client();
            }
            changes.add(change);
        }

        void add(ValuesPassed.Step step, String where, long number, long nanos) {
            switch (step) {
                case AROSE -> arose.merge(number, nanos, Math::min);
                case SENT -> sent.merge(number, nanos, Math::max);
                case RECEIVED -> received.add(new Passage(where, number, nanos));
                case ACKNOWLEDGED -> acknowledged.add(new Passage(where, number, nanos));
                default -> {}
            }
        }

        boolean isSteadyBefore(ConvergenceEvent event) {
            return !upBefore(event).isEmpty();
        }

        private Set<String> upBefore(ConvergenceEvent event) {
            Set<String> up = new HashSet<>();
            sorted().stream().filter(change -> isBefore(change, event)).forEach(change -> follow(change, up));
            return up;
        }

        private static void follow(TelecontrolChanged change, Set<String> up) {
            if (change.state() == State.RESTORED) {
                up.add(change.session());
            } else if (isEnd(change)) {
                up.remove(change.session());
            }
        }

        Restoration restoration(Window window, Optional<MonotonicTime> way, long known) {
            Set<String> kept = upBefore(window.event());
            Map<String, MonotonicTime> restored = new LinkedHashMap<>();
            Set<String> ended = new HashSet<>();
            TelecontrolChanged last = null;
            State furthest = State.CLOSED;
            for (TelecontrolChanged change : sorted()) {
                if (isBefore(change, window.event()) || !isInside(change.at(), window)) {
                    continue;
                }
                if (isEnd(change)) {
                    kept.remove(change.session());
                    restored.remove(change.session());
                    ended.add(change.session());
                    last = change;
                    continue;
                }
                if (change.state() == State.CONNECTED && !change.client().isEmpty()) {
                    // Its port is used again.
                    ended.remove(change.session());
                }
                if (!ended.contains(change.session())) {
                    if (change.state() == State.RESTORED && !kept.contains(change.session())) {
                        restored.putIfAbsent(change.session(), change.at());
                    }
                    last = change;
                    furthest = change.state();
                }
            }
            // Of several, the last: the others may be half of a connection whose other half is dead.
            Optional<MonotonicTime> newest = restored.values().stream().max(Comparator.naturalOrder());
            if (newest.isPresent()) {
                return new Restoration(Outcome.RESTORED, newest, "");
            }
            if (!kept.isEmpty()) {
                OptionalLong proof = way.isPresent() ? firstValue(way.get(), window, known) : OptionalLong.empty();
                return proof.isPresent()
                        ? new Restoration(Outcome.KEPT, Optional.of(new MonotonicTime(proof.getAsLong())), "")
                        : new Restoration(Outcome.DOWN, Optional.empty(), "kept the connection, but passed no value");
            }
            return new Restoration(Outcome.DOWN, Optional.empty(), describe(last, furthest));
        }

        private static String describe(@org.jspecify.annotations.Nullable TelecontrolChanged last, State furthest) {
            if (last == null) {
                return "never connected";
            }
            boolean over = isEnd(last);
            String why = over && !last.detail().isEmpty() ? " (" + last.detail() + ")" : "";
            return switch (furthest) {
                case CONNECTED -> "connected, but never started" + why;
                case STARTED -> "started, but never completed its interrogation" + why;
                case INTERROGATED -> "interrogated, but had no spontaneous value" + why;
                default -> "closed" + why + " and not connected again";
            };
        }

        /**
         * Returns when a value first passed since the way was back. Two things pass then and prove nothing of this
         * connection: what a site that the client has left acknowledges up to t2 or w later, though it received it
         * before, since the way from there is as good as it was; and what TCP still repeats of connections that the
         * client gave up, which some site has received already. That it has is known only of values that arose within
         * the history.
         */
        private OptionalLong firstValue(MonotonicTime from, Window window, long known) {
            Map<Long, Long> first = new HashMap<>();
            received.forEach(passage -> first.merge(passage.number(), passage.nanos(), Math::min));
            // Each site counts from one, so that what the client receives is never known by its number.
            Stream<Passage> anew = received.stream()
                    .filter(passage -> passage.where().equals(client)
                            || (passage.nanos() == first.getOrDefault(passage.number(), passage.nanos())
                                    && arose.getOrDefault(passage.number(), Long.MIN_VALUE) >= known));
            Stream<Passage> confirmed = acknowledged.stream()
                    .filter(passage -> sent.getOrDefault(passage.number(), Long.MIN_VALUE) >= from.nanos());
            return Stream.concat(anew, confirmed)
                    .mapToLong(Passage::nanos)
                    .filter(nanos -> nanos >= from.nanos() && isInside(new MonotonicTime(nanos), window))
                    .min();
        }

        /**
         * Returns the changes in order; lines of the two ends reach the history by different ways.
         *
         * <p>A port may be used again: then a connection to one site has the name of one whose half still lingers at
         * another. The end of that half is left out.
         */
        private List<TelecontrolChanged> sorted() {
            List<TelecontrolChanged> sorted = new ArrayList<>(changes);
            sorted.sort(Comparator.comparing(TelecontrolChanged::at));
            Map<String, String> sites = new HashMap<>();
            sorted.removeIf(change -> {
                if (change.site().isEmpty()) {
                    return false;
                }
                if (!isEnd(change)) {
                    sites.put(change.session(), change.site());
                    return false;
                }
                return !sites.getOrDefault(change.session(), change.site()).equals(change.site());
            });
            return sorted;
        }

        private static boolean isEnd(TelecontrolChanged change) {
            return change.state() == State.CLOSED || change.state() == State.STOPPED;
        }

        private static boolean isBefore(TelecontrolChanged change, ConvergenceEvent event) {
            return change.at().compareTo(event.before()) < 0;
        }

        private static boolean isInside(MonotonicTime at, Window window) {
            return window.next().map(next -> at.compareTo(next.before()) < 0).orElse(true);
        }
    }
}

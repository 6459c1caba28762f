package org.reconverge.model.history;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** One line of a history. */
public sealed interface HistoryEvent {

    /** Returns when it happened; for a batch, when its first entry happened. */
    MonotonicTime at();

    /**
     * The first line of a trial.
     *
     * @param run identifies the campaign run
     * @param topology the topology's name
     * @param scenario the scenario's name
     * @param trial the trial's number within the scenario, from 1
     * @param seed the seed that all random choices of the trial come from
     */
    record TrialStarted(MonotonicTime at, String run, String topology, String scenario, int trial, long seed)
            implements HistoryEvent {}

    /** The wall clock read together with the monotonic clock, to map one to the other and to see steps. */
    record ClockSync(MonotonicTime at, Instant wall) implements HistoryEvent {}

    /** A part of the trial begins. Noted by the conductor of the trial. */
    record StageEntered(MonotonicTime at, Stage stage) implements HistoryEvent {}

    /** The parts of a trial, in order. */
    enum Stage {
        /** Sessions, routes and clients are healthy and still; probes run. */
        STEADY_STATE,
        /** The fault is being applied; clients are watched. */
        FAULT,
        /** The fault is being reverted; clients are watched. */
        REPAIR,
        /** The lab is healthy and still again. */
        RESTORED
    }

    /**
     * An injection reached a phase.
     *
     * @param at the upper bound of the instant: the injector's reading after the action
     * @param before the lower bound: the injector's reading before the action
     * @param injection identifies the injection within the trial
     * @param fault the fault for people
     * @param phase the phase reached
     * @param detail what was seen, such as the counters that verified the fault; empty if nothing is to be said
     */
    record InjectionPhase(
            MonotonicTime at, MonotonicTime before, String injection, String fault, Phase phase, String detail)
            implements HistoryEvent {

        /** The phases of an injection, in order. */
        public enum Phase {
            /** Asked for; its undo is journalled. */
            REQUESTED,
            /** In effect: the convergence event (RFC 6412 §3.2.2). */
            APPLIED,
            /** Seen to bite. */
            VERIFIED,
            /** Seen not to bite, or could not be applied: the trial proves nothing. */
            NOT_VERIFIED,
            /** Taken back: the reversion's convergence event. */
            REVERTED,
            /** Nothing of it is left. */
            RESIDUE_CHECKED,
            /** Something of it is left. */
            RESIDUE_FOUND
        }
    }

    /**
     * Announces a probe stream before its first batch.
     *
     * @param probe identifies the stream within the trial: {@code client/name}
     * @param client the client's name
     * @param protocol {@code udp} or {@code tcp}; not called type, which is what tells the lines of a history apart
     * @param address the service address that requests are sent to
     * @param interval the time between two requests
     * @param threshold the forwarding delay threshold (RFC 6412 §3.7.6)
     */
    record ProbeStarted(
            MonotonicTime at,
            String probe,
            String client,
            String protocol,
            String address,
            Duration interval,
            Duration threshold)
            implements HistoryEvent {}

    /**
     * Requests that were sent.
     *
     * @param probe the stream
     * @param first the sequence number of the first; the others follow without a gap
     * @param sentNanos when each was sent, as readings of the monotonic clock in nanoseconds
     */
    record ProbesSent(String probe, long first, long[] sentNanos) implements HistoryEvent {
        @Override
        public MonotonicTime at() {
            return new MonotonicTime(sentNanos[0]);
        }
    }

    /**
     * Replies that were received, in order of arrival; late ones and duplicates too.
     *
     * @param probe the stream
     * @param sequence the sequence number of each
     * @param receivedNanos when each arrived, as readings of the monotonic clock in nanoseconds
     * @param site the site that each names
     * @param source the address they came from, as text without brackets
     */
    record RepliesReceived(String probe, long[] sequence, long[] receivedNanos, String[] site, String source)
            implements HistoryEvent {
        @Override
        public MonotonicTime at() {
            return new MonotonicTime(receivedNanos[0]);
        }
    }

    /**
     * A probe's connection changed (TCP probes only).
     *
     * @param probe the stream
     * @param connected whether it is now connected
     * @param reason why, such as {@code reset by peer}; empty if nothing is to be said
     */
    record ConnectionChanged(MonotonicTime at, String probe, boolean connected, String reason)
            implements HistoryEvent {}

    /**
     * A sender noticed that it, or the whole host, did not run for a while.
     *
     * @param at when it ran again
     * @param where the observer, such as an emulator's node
     * @param duration how long it had not run beyond what was planned
     */
    record Stalled(MonotonicTime at, String where, Duration duration) implements HistoryEvent {}

    /**
     * A router's kernel changed a route.
     *
     * @param node the router
     * @param deleted whether the route went
     * @param route the route as {@code ip monitor} prints it
     */
    record RouteChanged(MonotonicTime at, String node, boolean deleted, String route) implements HistoryEvent {}

    /**
     * A process of a node started or ended.
     *
     * @param node the node
     * @param process its name
     * @param pid its id on the engine's host
     * @param running whether it runs now
     */
    record ProcessChanged(MonotonicTime at, String node, String process, long pid, boolean running)
            implements HistoryEvent {}

    /** A routing session changed, as the router itself reports it. */
    record SessionChanged(MonotonicTime at, String node, String protocol, String peer, String state, String reason)
            implements HistoryEvent {}

    /** A line that a node's container wrote. */
    record NodeLog(MonotonicTime at, String node, String line) implements HistoryEvent {}

    /** Anything else worth keeping, as key and value; checkers ignore it. */
    record Note(MonotonicTime at, String text, Map<String, String> values) implements HistoryEvent {}

    /**
     * The last line of a trial; a history without it is truncated.
     *
     * @param complete whether the trial ran to its end
     * @param reason why not; empty if complete
     */
    record TrialEnded(MonotonicTime at, boolean complete, String reason) implements HistoryEvent {}
}

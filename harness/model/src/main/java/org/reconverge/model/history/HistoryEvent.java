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
     * @param octets the size of a request without the headers of IP and transport (RFC 7747 §6 asks for the packet
     *     size); 0 if it was not told
     */
    record ProbeStarted(
            MonotonicTime at,
            String probe,
            String client,
            String protocol,
            String address,
            Duration interval,
            Duration threshold,
            int octets)
            implements HistoryEvent {

        /** Announces a stream of requests whose size is not known. */
        public ProbeStarted(
                MonotonicTime at,
                String probe,
                String client,
                String protocol,
                String address,
                Duration interval,
                Duration threshold) {
            this(at, probe, client, protocol, address, interval, threshold, 0);
        }
    }

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

    /**
     * A tunnel changed, as the observer at one of its ends sees it; the first line tells how it was found.
     *
     * <p>Texts that the observer does not know are empty.
     *
     * @param client the client whose tunnel it is
     * @param side {@code client}, or the name of the site whose end this is
     * @param state what it can do now
     * @param session changes exactly when new keys are in use: the time of the handshake, the SPIs, the TLS session; not
     *     comparable between sides
     * @param endpoint the peer's outer address and port as this side sees it, such as {@code 203.0.113.10:51820}
     * @param innerAddress the address in use inside; empty if there is none, as while the interface is away
     * @param detail what was seen, for people
     */
    record TunnelChanged(
            MonotonicTime at,
            String client,
            String side,
            State state,
            String session,
            String endpoint,
            String innerAddress,
            String detail)
            implements HistoryEvent {

        /** The side of the client. Every other side is the name of a site. */
        public static final String CLIENT = "client";

        /** What a tunnel can do. */
        public enum State {
            /** It has keys and carries packets, as far as this side knows. */
            UP,
            /** It has an interface, but no keys in use, and tries to agree on some. */
            HANDSHAKING,
            /** It has no interface, or its daemon does not run. */
            DOWN
        }
    }

    /**
     * A telecontrol session reached a state, as one of its two stations sees it.
     *
     * @param session the connection as {@code client address:port>server address:port}: the same text at both stations
     *     unless something between them translates addresses
     * @param client the customer's gateway, as its own emulator names it; empty when the platform reports
     * @param protocol such as {@code iec104}
     * @param station the common address of the controlled station (IEC 60870-5-101 §7.2.4), which joins what both
     *     stations report; 0 while it is not known
     * @param side which station reports
     * @param state the state reached
     * @param site the site that reports; empty when a client reports
     * @param detail why, such as {@code t1: no acknowledgement for 15000 ms}; empty if nothing is to be said
     */
    record TelecontrolChanged(
            MonotonicTime at,
            String session,
            String client,
            String protocol,
            int station,
            Side side,
            State state,
            String site,
            String detail)
            implements HistoryEvent {

        /** The stations of a session. */
        public enum Side {
            /** The remote one, which has the process values. */
            CONTROLLED,
            /** The one of the control centre. */
            CONTROLLING
        }

        /** The states of a session, in the order in which they are reached. */
        public enum State {
            /** The TCP connection stands; no user data may be sent. */
            CONNECTED,
            /** STARTDT is confirmed (IEC 60870-5-104 §5.3). */
            STARTED,
            /** The general interrogation is complete (§7.5). */
            INTERROGATED,
            /**
             * The session carries values again: started, interrogated, and a first spontaneous value. The controlling
             * station says so when it received one; the controlled station when one was acknowledged, which is later
             * by up to w values or t2.
             */
            RESTORED,
            /** STOPDT is confirmed, or another connection of the redundancy group took over (§10): a standby. */
            STOPPED,
            /** The connection is gone. */
            CLOSED
        }
    }

    /**
     * Numbered values passed a step on their way from a controlled station to a controlling one. Entries of all stations
     * of an observer share a batch.
     *
     * @param where the observer: a client or a site
     * @param step the step
     * @param station the common address of the controlled station of each
     * @param number the number of each, from 1 without a gap within a station's life
     * @param nanos when each passed the step, as readings of the monotonic clock in nanoseconds
     * @param tagMillis the time tag of each, in milliseconds since 1970; it stays what it was when the value arose
     */
    record ValuesPassed(String where, Step step, int[] station, long[] number, long[] nanos, long[] tagMillis)
            implements HistoryEvent {
        @Override
        public MonotonicTime at() {
            return new MonotonicTime(nanos[0]);
        }

        /** The steps of a value, in order. A value that is sent again after a connection broke passes SENT again. */
        public enum Step {
            /** It changed at the controlled station and entered its event buffer. */
            AROSE,
            /** It was given to the connection. */
            SENT,
            /** The controlling station's receive sequence number covers it: it is out of the event buffer. */
            ACKNOWLEDGED,
            /** The controlling station has it. */
            RECEIVED,
            /** The event buffer was full and it was the oldest. */
            DISCARDED
        }
    }

    /**
     * A command passed a step.
     *
     * @param where the observer: a client or a site
     * @param station the common address of the controlled station
     * @param originator the originator address of the controlling station (IEC 60870-5-101 §7.2.3); numbers are its own
     * @param number the command's number; 0 for a command that carries none
     * @param address the information object address
     * @param step the step
     * @param detail why, or what exactly; empty if nothing is to be said
     */
    record CommandPassed(
            MonotonicTime at,
            String where,
            int station,
            int originator,
            long number,
            int address,
            Step step,
            String detail)
            implements HistoryEvent {

        /** The steps of a command (IEC 60870-5-5 §6.8), of either station. */
        public enum Step {
            /** The controlling station sent the select. */
            SELECT_SENT,
            /** The controlled station took the selection and waits for the execute. */
            SELECTED,
            /** The controlling station sent the execute, which it never repeats. */
            EXECUTE_SENT,
            /** The controlled station carried it out. */
            EXECUTED,
            /** The controlling station has the confirmation of the execute. */
            CONFIRMED,
            /** The controlled station refused it, or the controlling station was told so. */
            REFUSED,
            /** The selection ended without an execute: by time, by a break or by a deactivation. */
            SELECTION_ENDED,
            /** The connection ended before the controlling station had an answer: what became of it is not known. */
            UNANSWERED
        }
    }

    /**
     * Attempts of a TCP client to open a connection of a session. Each is one SYN; what the kernel repeats because nobody
     * answers is not counted.
     *
     * @param where the observer: a client or a site
     * @param probe the probe whose sessions they are: {@code client/name}; empty at a site
     * @param nanos when each began, as readings of the monotonic clock in nanoseconds
     */
    record ConnectionsAttempted(String where, String probe, long[] nanos) implements HistoryEvent {
        @Override
        public MonotonicTime at() {
            return new MonotonicTime(nanos[0]);
        }
    }

    /**
     * What an emulator's process has used so far, as it reads it from its kernel every second.
     *
     * @param where the observer: clients, separated by commas, or a site
     * @param cpu processor time since its start, user and system
     * @param residentBytes its resident set (VmRSS), which counts pages that it shares with others
     */
    record ResourcesUsed(MonotonicTime at, String where, Duration cpu, long residentBytes) implements HistoryEvent {}

    /** A line that a node's container wrote. */
    record NodeLog(MonotonicTime at, String node, String line) implements HistoryEvent {}

    /** Anything else worth keeping, as key and value; checkers ignore it. */
    record Note(MonotonicTime at, String text, Map<String, String> values) implements HistoryEvent {

        /** The key under which a note says what it is for. */
        public static final String KIND = "kind";

        /** The kind of a note that people should read beside the result. */
        public static final String DIAGNOSIS = "diagnosis";
    }

    /**
     * The last line of a trial; a history without it is truncated.
     *
     * @param complete whether the trial ran to its end
     * @param reason why not; empty if complete
     */
    record TrialEnded(MonotonicTime at, boolean complete, String reason) implements HistoryEvent {}
}

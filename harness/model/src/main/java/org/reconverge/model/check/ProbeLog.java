package org.reconverge.model.check;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ConnectionChanged;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.MonotonicTime;

/**
 * Every probe of a trial and what became of it, gathered event by event while the trial runs or from its history
 * afterwards. {@link TrialCheck} is built on it, and so is the conductor's question whether the clients have recovered:
 * the two cannot disagree.
 *
 * <p>Time does not pass in a log by itself. A probe is lost when its threshold has passed by the stream's own telemetry,
 * not by the reader's clock; until then it is undecided. Undecided probes at the end are left out of account; one that was
 * overtaken by the reply to a later probe breaks a run of good probes until its own reply comes.
 *
 * <p>Safe for use by several threads. Memory is about 32 octets a probe; use one log for each trial.
 */
public final class ProbeLog {

    private final Map<String, ProbeStream> streams = new LinkedHashMap<>();
    private final SessionLog sessions = new SessionLog();

    /** Creates an empty log. */
    public ProbeLog() {}

    /** Returns the log of a history. */
    public static ProbeLog of(History history) {
        ProbeLog log = new ProbeLog();
        history.events().forEach(log::add);
        return log;
    }

    /** Takes in an event; those that are not about probes or telecontrol sessions are ignored. */
    public synchronized void add(HistoryEvent event) {
        if (event instanceof ProbeStarted started) {
            stream(started.probe()).announce(started);
        } else if (event instanceof ProbesSent sent) {
            stream(sent.probe()).sent(sent);
        } else if (event instanceof RepliesReceived replies) {
            stream(replies.probe()).received(replies);
        } else if (event instanceof ConnectionChanged change) {
            stream(change.probe()).connection(change);
        } else {
            sessions.add(event);
        }
    }

    /** Returns the ids of the streams that were announced, in order. */
    public synchronized List<String> probes() {
        return streams.values().stream()
                .filter(stream -> stream.announced().isPresent())
                .map(ProbeStream::id)
                .toList();
    }

    /** Returns the announcement of a stream. */
    public synchronized Optional<ProbeStarted> announcement(String probe) {
        return Optional.ofNullable(streams.get(probe)).flatMap(ProbeStream::announced);
    }

    /**
     * Returns what is wrong with the telemetry of the streams, such as a batch that is missing; empty as it should be. A
     * stream with a defect is never judged.
     */
    public synchronized List<String> defects() {
        return streams.values().stream()
                .flatMap(stream -> stream.defects().stream().map(defect -> stream.id() + ": " + defect))
                .toList();
    }

    /**
     * Returns how far every announced stream has recovered from an event by now. Cheap enough to ask many times a second:
     * it looks at the probes since the last loss, about 0.1 ms for a minute at 1000/s.
     *
     * @param since the event
     * @param validation how long probes must succeed
     */
    public synchronized Recovery recovery(ConvergenceEvent since, Duration validation) {
        Map<String, Recovery.Stream> recoveries = new LinkedHashMap<>();
        for (ProbeStream stream : streams.values()) {
            if (stream.announced().isPresent()) {
                recoveries.put(stream.id(), stream.recovery(new Window(since, Optional.empty()), validation));
            }
        }
        return new Recovery(recoveries, sessions.waiting(since, client -> wayBack(client, since, recoveries)));
    }

    /** Returns when all probes of a client had last succeeded again, and moved; empty if one of them has not succeeded. */
    private static Optional<MonotonicTime> wayBack(
            String client, ConvergenceEvent since, Map<String, Recovery.Stream> recoveries) {
        MonotonicTime latest = since.at();
        for (Map.Entry<String, Recovery.Stream> stream : recoveries.entrySet()) {
            if (!stream.getKey().startsWith(client + "/")) {
                continue;
            }
            Optional<MonotonicTime> good = stream.getValue().goodSince();
            if (good.isEmpty()) {
                return Optional.empty();
            }
            boolean lost = stream.getValue().state() == ProbeResult.Recovered.RECOVERED;
            latest = lost && good.get().compareTo(latest) > 0 ? good.get() : latest;
            Optional<MonotonicTime> moved = stream.getValue().moved().map(at -> at.plus(since.uncertainty()));
            latest = moved.isPresent() && moved.get().compareTo(latest) > 0 ? moved.get() : latest;
        }
        return Optional.of(latest);
    }

    /** Returns what the stations reported about their sessions. */
    SessionLog sessions() {
        return sessions;
    }

    /**
     * Returns what a stream saw of an event; empty if it was never announced.
     *
     * @param probe the stream's id
     * @param window the event, and where its window ends
     * @param validation how long probes must succeed for the stream to count as recovered
     */
    public synchronized Optional<ProbeResult> measure(String probe, Window window, Duration validation) {
        return Optional.ofNullable(streams.get(probe))
                .filter(stream -> stream.announced().isPresent())
                .map(stream -> stream.measure(window, validation));
    }

    /** Returns every probe of a stream, in the order of sending; empty if there is no such stream. For drawing. */
    public synchronized List<Probe> probes(String probe) {
        ProbeStream stream = streams.get(probe);
        return stream == null ? List.of() : stream.probes();
    }

    /** Returns what a stream saw before an event, not earlier than {@code quiet} before it. */
    synchronized Optional<Before> before(String probe, ConvergenceEvent event, Duration quiet) {
        return Optional.ofNullable(streams.get(probe)).map(stream -> stream.before(event, quiet));
    }

    /** Returns what is wrong with the telemetry of a stream. */
    synchronized List<String> defects(String probe) {
        ProbeStream stream = streams.get(probe);
        return stream == null ? List.of() : stream.defects();
    }

    /** Returns when a stream should have sent and did not. */
    synchronized List<Pauses.Pause> silences(String probe) {
        ProbeStream stream = streams.get(probe);
        return stream == null ? List.of() : stream.silences();
    }

    private ProbeStream stream(String probe) {
        return streams.computeIfAbsent(probe, ProbeStream::new);
    }

    /**
     * One probe.
     *
     * @param sequence its number
     * @param sent when it was sent
     * @param fate what became of it
     * @param received when its first reply arrived; empty if none did
     * @param site the site that answered; empty if none did
     */
    public record Probe(
            long sequence, MonotonicTime sent, Fate fate, Optional<MonotonicTime> received, Optional<String> site) {}

    /** What became of a probe. */
    public enum Fate {
        /** Answered within the threshold. */
        GOOD,
        /** Answered after the threshold, which counts as lost. */
        LATE,
        /** Not answered within the threshold. */
        LOST,
        /** Not answered, and its threshold has not passed. */
        UNDECIDED
    }

    /**
     * What a stream saw before an event.
     *
     * @param offered probes sent
     * @param lost probes without a good reply
     * @param lastLost from the sending of the last lost probe to the event; zero if none was lost
     * @param moves catchment moves
     * @param wrongSources addresses that replies came from other than the one that was asked
     */
    record Before(long offered, long lost, Duration lastLost, int moves, List<String> wrongSources) {}
}

package org.reconverge.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.reconverge.model.check.ProbeLog;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.Note;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.MonotonicTime;

/** The history of one trial while it grows: everything the lab observes from its start to its end. */
public final class Recording implements AutoCloseable {

    private final Lab lab;
    private final List<HistoryEvent> events = new ArrayList<>();
    private final ProbeLog log = new ProbeLog();
    private final Consumer<HistoryEvent> journal;
    private final MonotonicTime started;
    private final HistoryRecorder.Listener listener;
    private final List<WatchedProcesses> watched = new ArrayList<>();
    private MonotonicTime logsUntil;
    private boolean ended;

    Recording(Lab lab, TrialStarted started, Consumer<HistoryEvent> journal) {
        this.lab = lab;
        this.journal = journal;
        this.started = started.at();
        this.logsUntil = started.at();
        add(started);
        add(lab.panel().clock());
        this.listener = lab.listen(this::add);
    }

    private void add(HistoryEvent event) {
        synchronized (events) {
            if (!ended) {
                events.add(event);
                journal.accept(event);
            }
        }
        log.add(event);
    }

    /** Returns the lab that is recorded. */
    public Lab lab() {
        return lab;
    }

    /** Returns when it began. */
    public MonotonicTime started() {
        return started;
    }

    /** Returns the probes so far. */
    public ProbeLog probes() {
        return log;
    }

    /** Returns a copy of the history so far. */
    public History history() {
        synchronized (events) {
            return new History(events);
        }
    }

    /** Shows in the history when supervision brings back what a fault kills or stops. */
    void watchProcesses(Fault fault) {
        watched.add(WatchedProcesses.of(lab, fault));
    }

    /** Adds what helps to understand a result and decides none. */
    void note(String text) {
        add(new Note(lab.now(), text, Map.of(Note.KIND, Note.DIAGNOSIS)));
    }

    /** Adds what the nodes' containers have written since the beginning, or since this was last called. */
    public synchronized void collectLogs() {
        MonotonicTime until = lab.now();
        new RouterLogs(lab).append(logsUntil);
        logsUntil = until;
    }

    /** Writes the last line; what happens afterwards is not recorded. */
    public void end(boolean complete, String reason) {
        watched.forEach(WatchedProcesses::close);
        listener.close();
        lab.recordingEnded(this);
        add(new TrialEnded(lab.now(), complete, reason));
        synchronized (events) {
            ended = true;
        }
    }

    /** Ends an unfinished recording as incomplete. */
    @Override
    public void close() {
        synchronized (events) {
            if (ended) {
                return;
            }
        }
        end(false, "the trial was broken off");
    }
}

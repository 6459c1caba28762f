package org.reconverge.lab;

import java.util.ArrayList;
import java.util.List;
import org.reconverge.model.check.ProbeLog;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;

/** The history of one trial while it grows: everything the lab observes from its start to its end. */
public final class Recording implements AutoCloseable {

    private final Lab lab;
    private final List<HistoryEvent> events = new ArrayList<>();
    private final ProbeLog log = new ProbeLog();
    private final HistoryRecorder.Listener listener;
    private boolean ended;

    Recording(Lab lab, TrialStarted started) {
        this.lab = lab;
        add(started);
        add(lab.panel().clock());
        this.listener = lab.listen(this::add);
    }

    private void add(HistoryEvent event) {
        synchronized (events) {
            if (!ended) {
                events.add(event);
            }
        }
        log.add(event);
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

    /** Writes the last line; what happens afterwards is not recorded. */
    public void end(boolean complete, String reason) {
        listener.close();
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

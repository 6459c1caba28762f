package org.reconverge.lab;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;

/** Takes every event of a lab, in one order, and hands it to whoever listens at the time. */
final class HistoryRecorder {

    private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, ProbeStarted> streams = new ConcurrentHashMap<>();
    private final Map<String, HistoryEvent> states = new LinkedHashMap<>();

    /** Takes an event. Events are handed on one at a time. */
    synchronized void append(HistoryEvent event) {
        if (event instanceof ProbeStarted started) {
            streams.put(started.probe(), started);
        } else if (event instanceof TunnelChanged change) {
            states.put("tunnel of " + change.client() + " at " + change.side(), change);
        } else if (event instanceof TelecontrolChanged change) {
            String key = "session " + change.session() + " at " + change.client() + "/" + change.site();
            boolean over = change.state() == TelecontrolChanged.State.CLOSED
                    || change.state() == TelecontrolChanged.State.STOPPED;
            if (over) {
                states.remove(key);
            } else {
                states.put(key, change);
            }
        }
        listeners.forEach(listener -> listener.accept(event));
    }

    /**
     * Listens from now on, beginning with the announcements of the probe streams that already run, and with the states of
     * the tunnels and the telecontrol sessions that are up. Replies to requests from before are left out: who did not see
     * a request sent cannot judge its reply.
     */
    synchronized Listener listen(Consumer<HistoryEvent> consumer) {
        Listener listener = new Listener(consumer);
        streams.values().forEach(listener::accept);
        states.values().forEach(listener::accept);
        listeners.add(listener);
        return listener;
    }

    /** Returns the probe streams announced so far. */
    List<ProbeStarted> streams() {
        return List.copyOf(streams.values());
    }

    /** A listener; closing it ends the listening. */
    final class Listener implements AutoCloseable {

        private final Consumer<HistoryEvent> consumer;
        private final Map<String, Long> firstSeen = new HashMap<>();

        private Listener(Consumer<HistoryEvent> consumer) {
            this.consumer = consumer;
        }

        private void accept(HistoryEvent event) {
            if (event instanceof ProbeStarted started) {
                // A stream that is announced again (its emulator was started again) counts from its own beginning.
                firstSeen.remove(started.probe());
            } else if (event instanceof ProbesSent sent) {
                firstSeen.putIfAbsent(sent.probe(), sent.first());
            } else if (event instanceof RepliesReceived replies) {
                RepliesReceived known = known(replies);
                if (known != null) {
                    consumer.accept(known);
                }
                return;
            }
            consumer.accept(event);
        }

        private @org.jspecify.annotations.Nullable RepliesReceived known(RepliesReceived replies) {
            Long first = firstSeen.get(replies.probe());
            if (first == null) {
                return null;
            }
            int[] kept = java.util.stream.IntStream.range(0, replies.sequence().length)
                    .filter(i -> replies.sequence()[i] >= first)
                    .toArray();
            if (kept.length == replies.sequence().length) {
                return replies;
            }
            if (kept.length == 0) {
                return null;
            }
            return new RepliesReceived(
                    replies.probe(),
                    java.util.Arrays.stream(kept)
                            .mapToLong(i -> replies.sequence()[i])
                            .toArray(),
                    java.util.Arrays.stream(kept)
                            .mapToLong(i -> replies.receivedNanos()[i])
                            .toArray(),
                    java.util.Arrays.stream(kept)
                            .mapToObj(i -> replies.site()[i])
                            .toArray(String[]::new),
                    replies.source());
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }
}

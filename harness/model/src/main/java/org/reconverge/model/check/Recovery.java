package org.reconverge.model.check;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.ClientSpec;

/**
 * How far the probe streams have recovered from an event by now. Computed by the same code as the verdict, so that a
 * conductor who ends its watch when this says {@link #complete} is never told afterwards that it was too early.
 *
 * @param streams the streams by id
 * @param sessionsDown how many telecontrol sessions of each client were up before the event and do not carry values now
 */
public record Recovery(Map<String, Stream> streams, Map<String, Integer> sessionsDown) {

    /** Copies the maps, so that a recovery never changes. */
    public Recovery {
        streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
        sessionsDown = Collections.unmodifiableMap(new LinkedHashMap<>(sessionsDown));
    }

    /** Returns whether there is a stream, every stream has been good for the validation time, and no session is down. */
    public boolean complete() {
        return !streams.isEmpty()
                && streams.values().stream().allMatch(Stream::complete)
                && sessionsDown.values().stream().allMatch(down -> down == 0);
    }

    /** Returns the same for one client alone. */
    public Recovery of(ClientSpec client) {
        Map<String, Stream> own = new LinkedHashMap<>();
        client.probes().forEach(probe -> {
            String id = client.name() + "/" + probe.name();
            Optional.ofNullable(streams.get(id)).ifPresent(stream -> own.put(id, stream));
        });
        return new Recovery(
                own,
                Optional.ofNullable(sessionsDown.get(client.name()))
                        .map(down -> Map.of(client.name(), down))
                        .orElse(Map.of()));
    }

    /** Returns the ids of the streams that have not been good for the validation time. */
    public List<String> waitingFor() {
        return streams.entrySet().stream()
                .filter(stream -> !stream.getValue().complete())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * One stream.
     *
     * @param state where it stands
     * @param goodSince the sending of the first probe of the unbroken run of good probes that lasts until now; empty if the
     *     last probe whose fate is known was lost
     * @param sustained how long that run has lasted since the event; zero if there is none
     * @param lastGood the sending of the last good probe, before the event or after
     * @param site the site that answered last, before the event or after
     * @param moved the reply to the first probe that another site answered than the one before, of the last time since
     *     the event that this happened; empty if it did not
     */
    public record Stream(
            ProbeResult.Recovered state,
            Optional<MonotonicTime> goodSince,
            Duration sustained,
            Optional<MonotonicTime> lastGood,
            Optional<String> site,
            Optional<MonotonicTime> moved) {

        /** Returns whether it has been good for the validation time. */
        public boolean complete() {
            return state == ProbeResult.Recovered.RECOVERED || state == ProbeResult.Recovered.NOTHING_LOST;
        }
    }
}

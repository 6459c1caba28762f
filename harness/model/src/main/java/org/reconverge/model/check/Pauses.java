package org.reconverge.model.check;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.Stalled;
import org.reconverge.model.history.MonotonicTime;

/**
 * When the host, or a sender on it, did not run. A pause makes recovery slower and can lose packets or expire timers, so
 * it can turn a good platform's trial into a miss; it can never turn a miss into a good one, because every number is
 * computed from the instants at which probes were really sent. Pauses therefore excuse a {@code FAIL} and leave a
 * {@code PASS} alone.
 */
public record Pauses(List<Pause> pauses) {

    /** A pause as long as this can expire the shortest timers in use (BFD at 3 × 50 ms with half of it already gone). */
    static final Duration DISTURBING = Duration.ofMillis(75);

    /** A time in which something did not run. */
    public record Pause(MonotonicTime from, MonotonicTime to) {}

    /** Sorts the pauses by their beginnings. */
    public Pauses {
        pauses = pauses.stream().sorted(Comparator.comparing(Pause::from)).toList();
    }

    /** Returns how long the host is known not to have run between two instants. */
    public static Duration noticed(History history, MonotonicTime from, MonotonicTime to) {
        return new Pauses(noticed(history)).total(from, to);
    }

    static List<Pause> noticed(History history) {
        return history.all(Stalled.class).stream()
                .map(stalled -> new Pause(stalled.at().plus(stalled.duration().negated()), stalled.at()))
                .toList();
    }

    /** Returns how long anything paused between two instants; time that several observers noticed counts once. */
    Duration total(MonotonicTime from, MonotonicTime to) {
        long total = 0;
        long counted = from.nanos();
        for (Pause pause : pauses) {
            long start = Math.max(pause.from().nanos(), counted);
            long end = Math.min(pause.to().nanos(), to.nanos());
            if (end > start) {
                total += end - start;
                counted = end;
            }
        }
        return Duration.ofNanos(total);
    }

    /** Returns the longest pause that began between two instants or lasted into them. */
    Duration longest(MonotonicTime from, MonotonicTime to) {
        return pauses.stream()
                .filter(pause -> pause.to().compareTo(from) > 0 && pause.from().compareTo(to) < 0)
                .map(pause -> pause.to().since(pause.from()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}

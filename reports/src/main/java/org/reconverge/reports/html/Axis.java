package org.reconverge.reports.html;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.reconverge.model.history.MonotonicTime;

/**
 * An axis of time.
 *
 * @param from where it begins
 * @param to where it ends
 * @param zero the instant that times are told from
 * @param zeroName what that instant is, such as {@code the event}
 * @param columns its length in pixels
 */
record Axis(MonotonicTime from, MonotonicTime to, MonotonicTime zero, String zeroName, int columns) {

    Axis {
        if (to.compareTo(from) <= 0) {
            throw new IllegalArgumentException(
                    "expected an axis that ends after it begins, but found " + from + " to " + to);
        }
    }

    /** Returns where an instant lies, in columns from the left end; it may lie outside. */
    double at(MonotonicTime instant) {
        return (double) (instant.nanos() - from.nanos()) * columns / (to.nanos() - from.nanos());
    }

    boolean shows(MonotonicTime instant) {
        return instant.compareTo(from) >= 0 && instant.compareTo(to) <= 0;
    }

    /** Tells an instant in words, such as {@code 12.3 ms after the event}. */
    String tell(MonotonicTime instant) {
        Duration after = instant.since(zero);
        return after.isNegative()
                ? Wording.time(after.negated()) + " before " + zeroName
                : Wording.time(after) + " after " + zeroName;
    }

    /** Returns round instants for ticks, in order, about one for 90 columns. */
    List<MonotonicTime> ticks() {
        long wanted = (to.nanos() - from.nanos()) * 90 / columns;
        long step = 1;
        while (step < wanted) {
            step = step * 2 >= wanted ? step * 2 : step * 5 >= wanted ? step * 5 : step * 10;
        }
        List<MonotonicTime> ticks = new ArrayList<>();
        long first = Math.floorDiv(from.nanos() - zero.nanos() + step - 1, step) * step;
        for (long tick = first; zero.nanos() + tick <= to.nanos(); tick += step) {
            ticks.add(new MonotonicTime(zero.nanos() + tick));
        }
        return ticks;
    }
}

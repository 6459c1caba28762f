package org.reconverge.reports.html;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.check.ProbeLog.Fate;
import org.reconverge.model.check.ProbeLog.Probe;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.reports.markup.Element;
import org.reconverge.reports.markup.Theme;

/**
 * The probes of one stream along an axis of time, one column of pixels at a time: its size depends on the width of the
 * picture and not on the number of probes. A column in which any probe was lost is a lost one, however many others
 * succeeded there, so no lost probe is ever hidden.
 */
final class Lane {

    /** A loss is labelled for the pointer; more labels than this would serve nobody. */
    private static final int MOST_LABELS = 80;

    private final Axis axis;
    private final @Nullable Mark[] columns;
    private final Map<Integer, Losses> losses = new TreeMap<>();

    private Lane(Axis axis) {
        this.axis = axis;
        this.columns = new Mark[axis.columns()];
    }

    /**
     * Lays the probes of a stream out on an axis.
     *
     * @param probes the probes, in the order of sending
     * @param interval the time between two of them
     * @param sites the sites in the order of their colours
     */
    static Lane of(List<Probe> probes, Duration interval, List<String> sites, Axis axis) {
        Lane lane = new Lane(axis);
        for (int i = 0; i < probes.size(); i++) {
            Probe probe = probes.get(i);
            long sent = probe.sent().nanos();
            long next = i + 1 < probes.size() ? probes.get(i + 1).sent().nanos() : sent + interval.toNanos();
            // A sender that was late leaves a gap: nobody watched then.
            long until = Math.min(next, sent + 2 * interval.toNanos());
            lane.put(probe, new MonotonicTime(sent), new MonotonicTime(until), sites);
        }
        return lane;
    }

    private void put(Probe probe, MonotonicTime sent, MonotonicTime until, List<String> sites) {
        double start = axis.at(sent);
        double end = axis.at(until);
        if (end <= 0 && start < 0 || start >= columns.length) {
            return;
        }
        int first = Math.max(0, (int) Math.floor(start));
        // Where there is room, a gap between them lets probes be seen one by one.
        int beyond = end - start >= 8 ? (int) Math.floor(end) - 1 : (int) Math.ceil(end);
        int last = Math.min(columns.length - 1, Math.max(first, beyond - 1));
        Mark mark = new Mark(probe.fate(), probe.site().map(sites::indexOf).orElse(-1));
        for (int column = first; column <= last; column++) {
            if (columns[column] == null || mark.outranks(columns[column])) {
                columns[column] = mark;
            }
        }
        if (mark.isLoss()) {
            losses.computeIfAbsent(first, key -> new Losses()).add(probe, last);
        }
    }

    /** What a column shows. */
    private record Mark(Fate fate, int site) {
        boolean isLoss() {
            return fate == Fate.LOST || fate == Fate.LATE;
        }

        boolean outranks(Mark other) {
            return rank() >= other.rank();
        }

        private int rank() {
            return switch (fate) {
                case GOOD -> 0;
                case UNDECIDED -> 1;
                case LATE -> 2;
                case LOST -> 3;
            };
        }

        String cssClass() {
            return switch (fate) {
                case GOOD -> siteClass(site);
                case UNDECIDED -> "undecided";
                case LATE -> "late";
                case LOST -> "lost";
            };
        }
    }

    /** Returns the CSS class of a site's colour. */
    static String siteClass(int site) {
        return site < 0 ? "elsewhere" : "c" + site % Theme.SITE_COLOURS;
    }

    /** Losses that one label speaks for. */
    private static final class Losses {
        private long lost;
        private long late;
        private int last;
        private MonotonicTime from = new MonotonicTime(Long.MAX_VALUE);
        private MonotonicTime to = new MonotonicTime(Long.MIN_VALUE);

        void add(Probe probe, int lastColumn) {
            lost++;
            late += probe.fate() == Fate.LATE ? 1 : 0;
            last = Math.max(last, lastColumn);
            from = probe.sent().compareTo(from) < 0 ? probe.sent() : from;
            to = probe.sent().compareTo(to) > 0 ? probe.sent() : to;
        }

        void add(Losses other) {
            lost += other.lost;
            late += other.late;
            last = Math.max(last, other.last);
            to = other.to;
        }
    }

    /** Draws the lane into a group whose origin is the left end of the lane's middle line. */
    Element draw(double height, List<String> sites) {
        Map<String, StringBuilder> paths = new TreeMap<>();
        int start = 0;
        for (int column = 1; column <= columns.length; column++) {
            if (column < columns.length && equal(columns[column], columns[start])) {
                continue;
            }
            Mark mark = columns[start];
            if (mark != null) {
                paths.computeIfAbsent(mark.cssClass(), key -> new StringBuilder())
                        .append('M')
                        .append(start)
                        .append(" 0h")
                        .append(column - start);
            }
            start = column;
        }
        Element lane = Element.of("g", "lane");
        paths.forEach((cssClass, data) -> lane.add(Element.of("path", cssClass).attribute("d", data.toString())));
        return lane.add(siteNames(sites)).add(lossLabels(height));
    }

    private static boolean equal(@Nullable Mark a, @Nullable Mark b) {
        return a == null ? b == null : a.equals(b);
    }

    /** Writes the name of each site where it begins to answer, if there is room. */
    private List<Element> siteNames(List<String> sites) {
        List<Element> names = new ArrayList<>();
        int start = -1;
        int site = -1;
        for (int column = 0; column <= columns.length; column++) {
            Mark mark = column < columns.length ? columns[column] : null;
            Optional<Integer> answered =
                    mark != null && mark.fate() == Fate.GOOD ? Optional.of(mark.site()) : Optional.empty();
            boolean broken = column == columns.length || mark != null && answered.isEmpty();
            if (start >= 0 && (broken || answered.isPresent() && answered.get() != site)) {
                name(start, column, site, sites).ifPresent(names::add);
                start = -1;
            }
            if (start < 0 && answered.isPresent()) {
                start = column;
                site = answered.get();
            }
        }
        return names;
    }

    private static Optional<Element> name(int from, int to, int site, List<String> sites) {
        if (site < 0 || to - from < sites.get(site).length() * 6.2 + 12) {
            return Optional.empty();
        }
        return Optional.of(Element.of("text", "site-name on" + site % Theme.SITE_COLOURS)
                .attribute("x", from + 6)
                .attribute("y", 3.5)
                .text(sites.get(site)));
    }

    private List<Element> lossLabels(double height) {
        for (int gap = 2; ; gap *= 2) {
            Map<Integer, Losses> grouped = grouped(gap);
            if (grouped.size() <= MOST_LABELS) {
                List<Element> labels = new ArrayList<>();
                grouped.forEach((column, loss) -> labels.add(lossLabel(column, loss, height)));
                return labels;
            }
        }
    }

    private Map<Integer, Losses> grouped(int gap) {
        Map<Integer, Losses> grouped = new TreeMap<>();
        int begin = 0;
        Losses current = null;
        for (Map.Entry<Integer, Losses> entry : losses.entrySet()) {
            if (current == null || entry.getKey() - current.last > gap) {
                current = new Losses();
                current.from = entry.getValue().from;
                begin = entry.getKey();
                grouped.put(begin, current);
            }
            current.add(entry.getValue());
        }
        return grouped;
    }

    private Element lossLabel(int column, Losses loss, double height) {
        String late = loss.late == 0 ? "" : ", " + loss.late + " of them answered too late";
        String when = loss.from.equals(loss.to)
                ? axis.tell(loss.from)
                : "sent between " + axis.tell(loss.from) + " and " + axis.tell(loss.to);
        return Element.of("rect", "label")
                .attribute("x", column)
                .attribute("y", -height / 2)
                .attribute("width", loss.last + 1 - column)
                .attribute("height", height)
                .attribute("data-lost", loss.lost)
                .add(Element.of("title").text(Wording.count(loss.lost, "probe") + " lost" + late + ", " + when));
    }
}

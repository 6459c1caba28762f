package org.reconverge.reports.html;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reconverge.model.check.CatchmentMove;
import org.reconverge.model.check.ClientResult;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.ProbeLog;
import org.reconverge.model.check.ProbeLog.Probe;
import org.reconverge.model.check.ProbeResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProcessChanged;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.HistoryEvent.SessionChanged;
import org.reconverge.model.history.HistoryEvent.Stalled;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.Expectation;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.Outcome;
import org.reconverge.reports.markup.Element;

/** The timeline of a trial as SVG: a lane for each probe stream, the whole trial and close-ups of its two events. */
final class Timeline {

    private static final int LABELS = 128;
    private static final int PLOT = 720;
    private static final int NOTES = 152;
    private static final int LANE = 16;
    private static final int PITCH = 24;
    private static final int HEADER = 22;
    private static final int TOP = 26;
    private static final int NODE_PITCH = 16;
    private static final int MOST_NODES = 10;

    private static final Duration SHORTEST_CLOSE_UP = Duration.ofMillis(60);

    /** Shorter stalls are the normal life of a shared host, and drawn they would be a grey bar. */
    private static final Duration VISIBLE_STALL = Duration.ofMillis(10);

    private final TrialResult result;
    private final History history;
    private final ProbeLog probes;
    private final FailoverSpec spec;
    private final List<String> sites;
    private final String id;

    /**
     * @param id begins every id in the drawings
     */
    Timeline(TrialResult result, History history, FailoverSpec spec, String id) {
        this.result = result;
        this.history = history;
        this.probes = ProbeLog.of(history);
        this.spec = spec;
        this.sites = List.copyOf(spec.sites().keySet());
        this.id = id;
    }

    /** Draws the trial from its first probe to its last; empty if no probe was sent. */
    Optional<Element> overview() {
        MonotonicTime first = null;
        MonotonicTime last = null;
        for (String probe : probes.probes()) {
            for (Probe one : ends(probes.probes(probe))) {
                first = first == null || one.sent().compareTo(first) < 0 ? one.sent() : first;
                last = last == null || one.sent().compareTo(last) > 0 ? one.sent() : last;
            }
        }
        if (first == null || last == null) {
            return Optional.empty();
        }
        MonotonicTime zero = result.event().map(ConvergenceEvent::middle).orElse(first);
        String zeroName = result.event().isPresent() ? "the event" : "the first probe";
        MonotonicTime to =
                last.plus(Duration.ofNanos(Math.max(1, last.since(first).toNanos() / 200)));
        return Optional.of(draw("overview", "The whole trial", new Axis(first, to, zero, zeroName, PLOT), false));
    }

    /** Draws what happened around the event; empty if no client noticed it. */
    Optional<Element> eventCloseUp() {
        return closeUp("event", "The event, close up", "the event", result.event(), ClientResult::event);
    }

    /** Draws what happened around the reversion; empty if no client noticed it. */
    Optional<Element> reversionCloseUp() {
        return closeUp(
                "reversion", "The reversion, close up", "the reversion", result.reversion(), ClientResult::reversion);
    }

    private static List<Probe> ends(List<Probe> all) {
        return all.isEmpty() ? List.of() : List.of(all.get(0), all.get(all.size() - 1));
    }

    private Optional<Element> closeUp(
            String name,
            String title,
            String zeroName,
            Optional<ConvergenceEvent> event,
            Function<ClientResult, Optional<PhaseResult>> phase) {
        // A control that is never back has nothing to show close up, and would make the others too small to see.
        Optional<Duration> last = result.clients().stream()
                .filter(client -> !client.control())
                .flatMap(client -> phase.apply(client).stream())
                .flatMap(seen -> seen.probes().stream())
                .flatMap(Timeline::landmarks)
                .max(Comparator.naturalOrder());
        if (event.isEmpty() || last.isEmpty()) {
            return Optional.empty();
        }
        Duration length = last.get().compareTo(SHORTEST_CLOSE_UP) < 0 ? SHORTEST_CLOSE_UP : last.get();
        MonotonicTime zero = event.get().middle();
        MonotonicTime from = zero.plus(length.dividedBy(6).negated());
        MonotonicTime to = zero.plus(length.multipliedBy(5).dividedBy(4));
        return Optional.of(draw(name, title, new Axis(from, to, zero, zeroName, PLOT), true));
    }

    /** Returns what a close-up must reach: losses, recovery and moves. */
    private static Stream<Duration> landmarks(ProbeResult probe) {
        return Stream.of(
                        probe.fullConvergence().stream().map(Measured::value),
                        probe.moves().stream().map(CatchmentMove::after).map(Measured::value),
                        probe.lossPeriods().stream()
                                .map(period ->
                                        period.after().plus(period.duration().value())))
                .flatMap(Function.identity());
    }

    // ---- drawing ----

    private Element draw(String name, String title, Axis axis, boolean withRouters) {
        Map<String, List<ProbeStarted>> byClient = streamsByClient();

        Element back = Element.of("g");
        Element front = Element.of("g");
        double y = TOP;
        for (Map.Entry<String, List<ProbeStarted>> client : byClient.entrySet()) {
            double height = HEADER + PITCH * client.getValue().size();
            front.add(text("client", 0, y + 15, client.getKey()));
            drawBudgets(client.getKey(), axis, y, height, front);
            y += HEADER;
            for (ProbeStarted stream : client.getValue()) {
                drawStream(stream, axis, y + PITCH / 2.0, front);
                y += PITCH;
            }
            y += 4;
        }
        if (withRouters) {
            y = drawRouters(axis, y, front);
        }
        y = drawStalls(axis, y, front);
        drawAxis(axis, y, back);
        drawInstants(axis, y, front);
        double height = y + 26;
        String drawing = id + "-" + name;
        return Element.of("svg", "timeline")
                .attribute("viewBox", "0 0 " + (LABELS + PLOT + NOTES) + " " + Element.number(height))
                .attribute("role", "img")
                .attribute("aria-labelledby", drawing + "-title " + drawing + "-desc")
                .add(Element.of("title").attribute("id", drawing + "-title").text(title))
                .add(Element.of("desc")
                        .attribute("id", drawing + "-desc")
                        .text("A lane for each probe stream of each client, coloured by the site that answered; lost"
                                + " probes are tall red marks. The tables below say the same in numbers."))
                .add(back, front);
    }

    /** Returns the streams in the order of the tables: clients and probes as in the spec, then any others. */
    private Map<String, List<ProbeStarted>> streamsByClient() {
        List<String> order = spec.clients().values().stream()
                .flatMap(client -> client.probes().stream().map(probe -> client.name() + "/" + probe.name()))
                .toList();
        Map<String, List<ProbeStarted>> byClient = new LinkedHashMap<>();
        probes.probes().stream()
                .flatMap(probe -> probes.announcement(probe).stream())
                .sorted(Comparator.comparingInt(
                        stream -> order.contains(stream.probe()) ? order.indexOf(stream.probe()) : order.size()))
                .forEach(stream -> byClient.computeIfAbsent(stream.client(), key -> new ArrayList<>())
                        .add(stream));
        return byClient;
    }

    private void drawStream(ProbeStarted stream, Axis axis, double middle, Element out) {
        String name = stream.probe().startsWith(stream.client() + "/")
                ? stream.probe().substring(stream.client().length() + 1)
                : stream.probe();
        out.add(text("stream", LABELS - 10, middle + 4, name));
        out.add(Element.of("path", "empty").attribute("d", "M" + LABELS + " " + Element.number(middle) + "h" + PLOT));
        out.add(Lane.of(probes.probes(stream.probe()), stream.interval(), sites, axis)
                .draw(LANE, sites)
                .attribute("data-probe", stream.probe())
                .attribute("transform", "translate(" + LABELS + " " + Element.number(middle) + ")"));
        phases(stream.probe(), axis)
                .forEach(phase -> phase.probe()
                        .fullConvergence()
                        .filter(recovery -> axis.shows(phase.event().middle().plus(recovery.value())))
                        .ifPresent(recovery -> {
                            double x = LABELS + axis.at(phase.event().middle().plus(recovery.value()));
                            out.add(Element.of("path", "recovery")
                                    .attribute(
                                            "d",
                                            "M" + Element.number(x) + " " + Element.number(middle + LANE / 2.0)
                                                    + "l-4 7h8z")
                                    .add(Element.of("title")
                                            .text("recovered " + Wording.measured(recovery) + " after "
                                                    + phase.name())));
                        }));
        out.add(text("note", LABELS + PLOT + 8, middle + 4, note(stream.probe(), axis)));
    }

    /** What a stream saw of one event that the axis shows. */
    private record Phase(String name, ConvergenceEvent event, ProbeResult probe) {}

    private List<Phase> phases(String probe, Axis axis) {
        List<Phase> phases = new ArrayList<>();
        for (ClientResult client : result.clients()) {
            result.event()
                    .filter(event -> axis.shows(event.middle()))
                    .ifPresent(event -> seen(client.event(), probe)
                            .ifPresent(seen -> phases.add(new Phase("the event", event, seen))));
            result.reversion()
                    .filter(event -> axis.shows(event.middle()))
                    .ifPresent(event -> seen(client.reversion(), probe)
                            .ifPresent(seen -> phases.add(new Phase("the reversion", event, seen))));
        }
        return phases;
    }

    private static Optional<ProbeResult> seen(Optional<PhaseResult> phase, String probe) {
        return phase.stream()
                .flatMap(seen -> seen.probes().stream())
                .filter(seen -> seen.probe().equals(probe))
                .findFirst();
    }

    /** Returns the longest outage that the axis shows, in words. */
    private String note(String probe, Axis axis) {
        return phases(probe, axis).stream()
                .map(phase -> phase.probe().outage())
                .max(Comparator.comparing(Measured::value))
                .map(outage -> outage.value().isZero() ? "nothing lost" : "outage " + Wording.measured(outage))
                .orElse("");
    }

    // ---- budget ----

    /** Marks where the budget of a client ends after each event, or says what it must do instead. */
    private void drawBudgets(String client, Axis axis, double y, double height, Element out) {
        Optional<Expectation> expectation = Optional.ofNullable(spec.scenarios().get(result.scenario()))
                .flatMap(scenario -> Optional.ofNullable(scenario.expect().get(client)));
        if (Wording.mustNotNotice(expectation)) {
            out.add(text("budget-name beyond", LABELS + PLOT - 4, y + 15, "must lose nothing and not move"));
            return;
        }
        Duration within =
                expectation.flatMap(Expectation::within).orElse(spec.budget().rto());
        boolean control =
                expectation.filter(expect -> expect.outcome() == Outcome.MISSES).isPresent();
        String name = (control ? "control, must miss " : "budget ") + Wording.time(within);
        List<MonotonicTime> ends = Stream.of(result.event(), result.reversion())
                .flatMap(Optional::stream)
                .map(ConvergenceEvent::middle)
                .filter(axis::shows)
                .map(event -> event.plus(within))
                .toList();
        for (MonotonicTime end : ends) {
            if (axis.shows(end)) {
                double x = LABELS + axis.at(end);
                boolean roomOnTheRight = x < LABELS + PLOT - 90;
                out.add(Element.of("path", "budget")
                        .attribute(
                                "d",
                                "M" + Element.number(x) + " " + Element.number(y + 4) + "v"
                                        + Element.number(height - 4)));
                out.add(text(
                        "budget-name" + (roomOnTheRight ? "" : " beyond"),
                        roomOnTheRight ? x + 4 : x - 4,
                        y + 15,
                        name));
            }
        }
        if (!ends.isEmpty() && ends.stream().noneMatch(axis::shows)) {
            out.add(text("budget-name beyond", LABELS + PLOT - 4, y + 15, name + " →"));
        }
    }

    // ---- routers and stalls ----

    private double drawRouters(Axis axis, double from, Element out) {
        Map<String, List<Element>> marks = new LinkedHashMap<>();
        history.events().stream()
                .filter(event -> axis.shows(event.at()))
                .sorted(Comparator.comparing(event -> event.at()))
                .forEach(event -> {
                    if (event instanceof RouteChanged route) {
                        mark(marks, route.node(), "route", axis, route.at())
                                .add(Element.of("title")
                                        .text((route.deleted() ? "route deleted: " : "route set: ") + route.route()
                                                + ", " + axis.tell(route.at())));
                    } else if (event instanceof SessionChanged session) {
                        mark(marks, session.node(), "session", axis, session.at())
                                .add(Element.of("title")
                                        .text(session.protocol() + " session with " + session.peer() + ": "
                                                + session.state()
                                                + (session.reason().isEmpty() ? "" : " (" + session.reason() + ")")
                                                + ", " + axis.tell(session.at())));
                    } else if (event instanceof ProcessChanged process) {
                        mark(marks, process.node(), "process", axis, process.at())
                                .add(Element.of("title")
                                        .text(process.process() + (process.running() ? " started" : " ended") + ", "
                                                + axis.tell(process.at())));
                    }
                });
        if (marks.isEmpty()) {
            return from;
        }
        double y = from + 6;
        out.add(text("client", 0, y + 12, "routers"));
        y += 20;
        int drawn = 0;
        for (Map.Entry<String, List<Element>> node : marks.entrySet()) {
            if (drawn++ == MOST_NODES) {
                out.add(text("stream", LABELS - 10, y + 11, "and " + (marks.size() - MOST_NODES) + " more"));
                y += NODE_PITCH;
                break;
            }
            double middle = y + NODE_PITCH / 2.0;
            out.add(text("stream", LABELS - 10, middle + 4, node.getKey()));
            out.add(Element.of("path", "rail")
                    .attribute("d", "M" + LABELS + " " + Element.number(middle) + "h" + PLOT));
            out.add(Element.of("g")
                    .attribute("transform", "translate(" + LABELS + " " + Element.number(middle) + ")")
                    .add(node.getValue()));
            out.add(text(
                    "note",
                    LABELS + PLOT + 8,
                    middle + 4,
                    node.getValue().size() == 1 ? "1 change" : node.getValue().size() + " changes"));
            y += NODE_PITCH;
        }
        return y;
    }

    private static Element mark(
            Map<String, List<Element>> marks, String node, String cssClass, Axis axis, MonotonicTime at) {
        String x = Element.number(axis.at(at));
        Element mark = Element.of("path", cssClass)
                .attribute(
                        "d",
                        switch (cssClass) {
                            case "session" -> "M" + x + " -5l5 5l-5 5l-5 -5z";
                            case "process" -> "M" + x + " -5m-4 0h8v9h-8z";
                            default -> "M" + x + " -5v10";
                        });
        marks.computeIfAbsent(node, key -> new ArrayList<>()).add(mark);
        return mark;
    }

    private double drawStalls(Axis axis, double from, Element out) {
        boolean[] stalled = new boolean[axis.columns()];
        Duration longest = Duration.ZERO;
        for (Stalled stall : history.all(Stalled.class)) {
            MonotonicTime start = stall.at().plus(stall.duration().negated());
            if (stall.duration().compareTo(VISIBLE_STALL) < 0
                    || stall.at().compareTo(axis.from()) < 0
                    || start.compareTo(axis.to()) > 0) {
                continue;
            }
            longest = stall.duration().compareTo(longest) > 0 ? stall.duration() : longest;
            int last = (int) Math.min(stalled.length - 1, Math.floor(axis.at(stall.at())));
            for (int column = (int) Math.max(0, Math.floor(axis.at(start))); column <= last; column++) {
                stalled[column] = true;
            }
        }
        if (longest.isZero()) {
            return from;
        }
        double middle = from + NODE_PITCH / 2.0 + 4;
        StringBuilder data = new StringBuilder();
        for (int column = 0; column < stalled.length; column++) {
            int end = column;
            while (end < stalled.length && stalled[end]) {
                end++;
            }
            if (end > column) {
                data.append('M').append(column).append(" 0h").append(end - column);
                column = end;
            }
        }
        out.add(text("stream", LABELS - 10, middle + 4, "host stalled"));
        out.add(Element.of("path", "stall")
                .attribute("transform", "translate(" + LABELS + " " + Element.number(middle) + ")")
                .attribute("d", data.toString())
                .add(Element.of("title")
                        .text("when a sender or the whole host did not run for " + Wording.time(VISIBLE_STALL)
                                + " or more")));
        out.add(text("note", LABELS + PLOT + 8, middle + 4, "longest " + Wording.time(longest)));
        return from + NODE_PITCH + 8;
    }

    // ---- axis ----

    private static void drawAxis(Axis axis, double bottom, Element out) {
        List<MonotonicTime> ticks = axis.ticks();
        boolean millis =
                ticks.stream().allMatch(tick -> tick.since(axis.zero()).abs().compareTo(Duration.ofSeconds(1)) <= 0);
        for (MonotonicTime tick : ticks) {
            double x = LABELS + axis.at(tick);
            out.add(Element.of("path", "grid")
                    .attribute("d", "M" + Element.number(x) + " " + TOP + "V" + Element.number(bottom + 4)));
            double value = tick.since(axis.zero()).toNanos() / (millis ? 1e6 : 1e9);
            String number = Element.number(value);
            out.add(text("tick", x, bottom + 17, number.equals("0") ? "0" : number + (millis ? " ms" : " s")));
        }
    }

    private void drawInstants(Axis axis, double bottom, Element out) {
        result.event().ifPresent(event -> drawInstant(axis, event, "▼ " + result.fault(), bottom, out));
        result.reversion().ifPresent(event -> drawInstant(axis, event, "▲ repaired", bottom, out));
    }

    private static void drawInstant(Axis axis, ConvergenceEvent event, String name, double bottom, Element out) {
        if (!axis.shows(event.middle())) {
            return;
        }
        double x = LABELS + axis.at(event.middle());
        double before = LABELS + Math.max(0, axis.at(event.before()));
        double at = LABELS + Math.min(axis.columns(), axis.at(event.at()));
        out.add(Element.of("rect", "bounds")
                .attribute("x", before)
                .attribute("y", TOP - 6)
                .attribute("width", at - before)
                .attribute("height", bottom - TOP + 10));
        out.add(Element.of("path", "instant")
                .attribute("d", "M" + Element.number(x) + " " + (TOP - 6) + "V" + Element.number(bottom + 4))
                .add(Element.of("title").text(name + ", known to ± " + Wording.time(event.uncertainty()))));
        boolean roomOnTheRight = x < LABELS + PLOT * 0.7;
        out.add(text(
                "instant-name" + (roomOnTheRight ? "" : " beyond"), roomOnTheRight ? x - 5 : x + 5, TOP - 12, name));
    }

    private static Element text(String cssClass, double x, double y, String text) {
        return Element.of("text", cssClass).attribute("x", x).attribute("y", y).text(text);
    }
}

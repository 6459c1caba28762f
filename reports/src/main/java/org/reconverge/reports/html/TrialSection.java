package org.reconverge.reports.html;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.reconverge.model.check.ClientResult;
import org.reconverge.model.check.ConnectionLoss;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.EmulatorUse;
import org.reconverge.model.check.Layers;
import org.reconverge.model.check.Milestones;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.Phases;
import org.reconverge.model.check.ProbeLog;
import org.reconverge.model.check.ProbeLog.Fate;
import org.reconverge.model.check.ProbeResult;
import org.reconverge.model.check.SessionResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.TunnelResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.Stalled;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.reports.ReportInput.Trial;
import org.reconverge.reports.markup.Element;

/** A trial on the page: verdict, timelines, and the two tables that RFC 7747 §6 asks for. */
final class TrialSection {

    private final Trial trial;
    private final TrialResult result;
    private final FailoverSpec spec;
    private final String id;

    TrialSection(Trial trial, FailoverSpec spec, String id) {
        this.trial = trial;
        this.result = trial.result();
        this.spec = spec;
        this.id = id;
    }

    Element element(boolean open) {
        Element details = Element.of("details").attribute("id", id);
        if (open) {
            details.attribute("open", "open");
        }
        details.add(Element.of("summary").text("Trial " + result.trial()).add(HtmlReport.badge(result.verdict())));
        addAll(details, "", result.reasons());
        addAll(details, "Note: ", result.notes());
        addAll(
                details,
                "Emulator ",
                result.emulators().stream().map(TrialSection::use).toList());
        Optional<History> history = Optional.empty();
        try {
            history = Optional.of(trial.history().get());
        } catch (RuntimeException e) {
            // Its verdict still stands in the evidence, and a damaged trial must not hide the others.
            details.add(
                    Element.of("p", "fail").text("The history cannot be read, so nothing is drawn: " + e.getMessage()));
        }
        history.ifPresent(known -> timelines(known, details));
        table("Event", result.event(), ClientResult::event, details);
        table("Reversion", result.reversion(), ClientResult::reversion, details);
        milestones("What the routers did after the event", result.eventMilestones(), details);
        milestones("What the routers did after the reversion", result.reversionMilestones(), details);
        history.ifPresent(known -> details.add(circumstances(known)));
        return details;
    }

    private static void addAll(Element out, String prefix, List<String> texts) {
        if (!texts.isEmpty()) {
            Element list = Element.of("ul");
            texts.forEach(text -> list.add(Element.of("li").text(prefix + text)));
            out.add(list);
        }
    }

    private void timelines(History history, Element out) {
        Timeline timeline = new Timeline(result, history, spec, id);
        timeline.overview()
                .ifPresentOrElse(
                        drawing -> picture("The whole trial", drawing, out),
                        () -> out.add(Element.of("p", "fail").text("No probe was sent in this trial.")));
        timeline.eventCloseUp().ifPresent(drawing -> picture("The event, close up", drawing, out));
        timeline.reversionCloseUp().ifPresent(drawing -> picture("The reversion, close up", drawing, out));
    }

    private static void picture(String title, Element drawing, Element out) {
        out.add(Element.of("h4").text(title), Element.of("div", "scroll").add(drawing));
    }

    // ---- tables ----

    private void table(
            String title,
            Optional<ConvergenceEvent> event,
            Function<ClientResult, Optional<PhaseResult>> phase,
            Element out) {
        out.add(Element.of("h4").text(title));
        if (event.isEmpty()) {
            out.add(Element.of("p").text("There was none."));
            return;
        }
        Table table = new Table(
                "dense",
                "Probe",
                "#Offered",
                "#Answered",
                "#Lost",
                "#Late",
                "#Dupli\u00adcated",
                "#Out of order",
                "#First route",
                "#Full conver\u00adgence",
                "#Loss of connectivity",
                "#Longest outage",
                "Served by, and how it ended");
        for (ClientResult client : result.clients()) {
            phase.apply(client).ifPresent(seen -> seen.probes().forEach(probe -> row(probe, table)));
        }
        out.add(table.element());
        out.add(Element.of("p", "muted")
                .text("The instant of the " + title.toLowerCase(Locale.ROOT) + " is known to ± "
                        + Wording.time(event.get().uncertainty()) + "; all times are from it."
                        + undecided(phase)));
        layers(phase, out);
    }

    private void layers(Function<ClientResult, Optional<PhaseResult>> phase, Element out) {
        Table table = new Table(
                "dense", "Client", "Layer", "What became of it", "#Back after", "#Own share", "Verdict, and why");
        boolean any = false;
        for (ClientResult client : result.clients()) {
            Optional<Layers> layers = phase.apply(client).flatMap(PhaseResult::layers);
            layers.ifPresent(known -> layers(client.client(), known, table));
            any |= layers.isPresent();
        }
        if (any) {
            out.add(
                    Element.of("p", "muted")
                            .text("Layer by layer. The own share is what a layer took after the one below was back."),
                    table.element());
        }
    }

    private static void layers(String client, Layers layers, Table table) {
        table.row()
                .cell(Element.of("span", "nowrap").text(client))
                .cell("network")
                .lines(phases(layers.phases()))
                .cell(Wording.measured(layers.network().recovery()))
                .cell(Wording.NOTHING)
                .cell(verdict(layers.network().verdict(), layers.network().reasons()));
        layers.tunnel()
                .ifPresent(tunnel -> table.row()
                        .cell("")
                        .cell("tunnel")
                        .lines(tunnel(tunnel))
                        .cell(Wording.measured(tunnel.recovery()))
                        .cell(Wording.measured(tunnel.share()))
                        .cell(verdict(tunnel.verdict(), tunnel.reasons())));
        layers.sessions()
                .forEach(session -> table.row()
                        .cell("")
                        .cell(session.name())
                        .lines(session(session))
                        .cell(Wording.measured(session.recovery()))
                        .cell(Wording.measured(session.share()))
                        .cell(verdict(session.verdict(), session.reasons())));
    }

    private static String use(EmulatorUse use) {
        return String.format(
                Locale.ROOT,
                "of %s: at most %.0f MB resident, %.0f %% of a processor, %.0f %% in its busiest second",
                use.where(),
                use.resident() / 1e6,
                100 * use.cpu(),
                100 * use.busiest());
    }

    private static List<String> phases(Phases phases) {
        List<String> lines = new ArrayList<>();
        phases.detect().ifPresent(time -> lines.add("detected after " + Wording.time(time)));
        phases.withdraw().ifPresent(time -> lines.add("first route changed " + Wording.time(time) + " later"));
        phases.converge().ifPresent(time -> lines.add("converged " + Wording.time(time) + " later"));
        return lines;
    }

    private static List<String> tunnel(TunnelResult tunnel) {
        List<String> lines = new ArrayList<>();
        lines.add(tunnel.continuity()
                        .map(continuity ->
                                continuity.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": ")
                        .orElse("")
                + tunnel.because());
        if (!tunnel.roamed().isEmpty()) {
            lines.add("roamed to " + String.join(", ", tunnel.roamed()));
        }
        tunnel.firstAnswer().ifPresent(time -> lines.add("first answer inside after " + Wording.measured(time)));
        tunnel.outage().ifPresent(time -> lines.add("longest outage inside " + Wording.measured(time)));
        return lines;
    }

    private static List<String> session(SessionResult session) {
        SessionResult.Values values = session.values();
        SessionResult.Commands commands = session.commands();
        List<String> lines = new ArrayList<>();
        lines.add(session.kept() + " kept, " + session.restored() + " restored, " + session.down() + " down of "
                + session.sessions());
        session.median()
                .filter(time -> session.sessions() > 1)
                .ifPresent(time ->
                        lines.add("first " + Wording.measured(session.fastest()) + ", median " + Wording.measured(time)
                                + ", p95 " + Wording.measured(session.p95()) + "; " + session.inTime() + " of "
                                + session.sessions() + " within the budget"));
        session.reconnects()
                .filter(storm -> storm.attempts() > 0 && session.sessions() > 1)
                .ifPresent(storm -> lines.add(
                        storm.attempts() + " attempts to connect, at most " + storm.busiestSecond() + " in a second"));
        counted("connections ended", session.breaks()).ifPresent(lines::add);
        counted("opened again", session.starts()).ifPresent(lines::add);
        if (values.arose() > 0) {
            lines.add(
                    "values: " + values.acknowledged() + " of " + values.arose() + " acknowledged, " + values.missing()
                            + " of them lost; " + values.duplicated() + " duplicated, " + values.outOfOrder()
                            + " out of order, " + values.discarded() + " discarded");
        }
        if (commands.executed() + commands.unanswered() > 0) {
            lines.add("commands: " + commands.executed() + " executed, " + commands.repeated() + " more than once, "
                    + commands.stray() + " after their selection had ended; " + commands.unanswered() + " unanswered");
        }
        return lines;
    }

    private static Optional<String> counted(String what, Map<String, Integer> counts) {
        return counts.isEmpty()
                ? Optional.empty()
                : Optional.of(what + ": "
                        + counts.entrySet().stream()
                                .map(count -> count.getKey() + (count.getValue() == 1 ? "" : " × " + count.getValue()))
                                .collect(Collectors.joining("; ")));
    }

    private static List<Element> verdict(Verdict verdict, List<String> reasons) {
        List<Element> cells = new ArrayList<>();
        cells.add(HtmlReport.badge(verdict));
        reasons.forEach(reason -> cells.add(Element.of("span", "line").text(reason)));
        return cells;
    }

    private String undecided(Function<ClientResult, Optional<PhaseResult>> phase) {
        long undecided = result.clients().stream()
                .flatMap(client -> phase.apply(client).stream())
                .flatMap(seen -> seen.probes().stream())
                .mapToLong(ProbeResult::undecided)
                .sum();
        return undecided == 0
                ? ""
                : " Of the offered probes, " + undecided
                        + " had neither been answered nor reached their threshold when the history ended.";
    }

    private static void row(ProbeResult probe, Table table) {
        List<Element> end = new ArrayList<>();
        end.add(Element.of("span", "line")
                .text(probe.servedBefore().orElse("no site") + " → "
                        + probe.servedAfter().orElse("no site")
                        + (probe.moves().isEmpty()
                                ? ""
                                : ", " + Wording.count(probe.moves().size(), "move"))));
        end.add(Element.of("span", "line")
                .text(Wording.recovery(probe.recovery()) + ", good for " + Wording.time(probe.sustained())));
        probe.connectionLosses().stream()
                .map(TrialSection::connection)
                .forEach(text -> end.add(Element.of("span", "line muted").text(text)));
        if (!probe.wrongSources().isEmpty()) {
            end.add(Element.of("span", "line fail").text("answered from " + String.join(", ", probe.wrongSources())));
        }
        table.row()
                .cell(Element.of("span", "nowrap").text(probe.probe()))
                .cell(String.valueOf(probe.offered()))
                .cell(String.valueOf(probe.answered()))
                .cell(String.valueOf(probe.lost()))
                .cell(String.valueOf(probe.late()))
                .cell(String.valueOf(probe.duplicated()))
                .cell(String.valueOf(probe.outOfOrder()))
                .cell(Wording.measured(probe.firstRouteConvergence()))
                .cell(Wording.measured(probe.fullConvergence()))
                .cell(Wording.measured(probe.lossOfConnectivity()))
                .cell(Wording.measured(probe.outage()))
                .cell(end);
    }

    private static String connection(ConnectionLoss loss) {
        return "connection lost at " + Wording.time(loss.after())
                + (loss.reason().isEmpty() ? "" : " (" + loss.reason() + ")")
                + loss.reconnected()
                        .map(time -> ", back " + Wording.time(time) + " later")
                        .orElse(", not back");
    }

    private static void milestones(String title, Optional<Milestones> milestones, Element out) {
        if (milestones.isEmpty() || milestones.get().nodes().isEmpty()) {
            return;
        }
        Table table = new Table("fit", "Node", "#Route changes", "#First", "#Last", "Sessions", "Processes");
        milestones
                .get()
                .nodes()
                .forEach(node -> table.row()
                        .cell(node.node())
                        .cell(String.valueOf(node.routeChanges()))
                        .cell(node.firstRouteChange().map(Wording::time).orElse(Wording.NOTHING))
                        .cell(node.lastRouteChange().map(Wording::time).orElse(Wording.NOTHING))
                        .lines(node.sessions().stream()
                                .map(session ->
                                        Wording.time(session.after()) + " " + session.protocol() + " " + session.peer()
                                                + " " + session.state()
                                                + (session.reason().isEmpty() ? "" : " (" + session.reason() + ")"))
                                .toList())
                        .lines(node.processes().stream()
                                .map(process -> Wording.time(process.after()) + " " + process.process()
                                        + (process.running() ? " started" : " ended"))
                                .toList()));
        out.add(Element.of("h4").text(title), table.element());
    }

    // ---- circumstances ----

    /** How the fault was applied, and how noisy the host was. */
    private Element circumstances(History history) {
        Element facts = Element.of("dl");
        facts.add(Element.of("dt").text("Injection"));
        Element injection = Element.of("dd");
        MonotonicTime zero = result.event().map(ConvergenceEvent::middle).orElse(new MonotonicTime(0));
        for (InjectionPhase phase : history.all(InjectionPhase.class)) {
            injection.add(Element.of("span", "line")
                    .text((result.event().isPresent() ? Wording.time(phase.at().since(zero)) + " " : "")
                            + phase.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": "
                            + phase.fault()
                            + (phase.detail().isEmpty() ? "" : " (" + phase.detail() + ")")));
        }
        facts.add(injection);
        facts.add(Element.of("dt").text("Noise floor"), Element.of("dd").text(noise(history)));
        eventByTheWallClock(history)
                .ifPresent(time -> facts.add(
                        Element.of("dt").text("Event by the wall clock"),
                        Element.of("dd").text(time.toString())));
        trial.capture()
                .ifPresent(file -> facts.add(
                        Element.of("dt").text("On the wires"),
                        Element.of("dd")
                                .text(file + ", for Wireshark; each interface is the endpoint that sent the frame,"
                                        + " whether or not it arrived")));
        facts.add(Element.of("dt").text("Seed"), Element.of("dd").text(String.valueOf(result.seed())));
        return facts;
    }

    /** Returns when the event was by the clock of captures and logs. */
    private Optional<Instant> eventByTheWallClock(History history) {
        return result.event()
                .flatMap(event -> history.all(ClockSync.class).stream()
                        .min(Comparator.comparing((ClockSync sync) ->
                                event.middle().since(sync.at()).abs()))
                        .map(sync -> sync.wall().plus(event.middle().since(sync.at()))));
    }

    private String noise(History history) {
        List<Stalled> stalls = history.all(Stalled.class);
        String stalled = stalls.stream()
                .max(Comparator.comparing(Stalled::duration))
                .map(longest -> Wording.count(stalls.size(), "stall") + " of senders or host noted, the longest "
                        + Wording.time(longest.duration()) + " (" + longest.where()
                        + result.event()
                                .map(event -> ", " + relative(longest.at().since(event.middle())))
                                .orElse("")
                        + ")")
                .orElse("no stall of senders or host noted");
        return stalled + "; "
                + result.event().map(event -> lostBefore(history, event)).orElse("no event");
    }

    private static String relative(Duration after) {
        return after.isNegative()
                ? Wording.time(after.negated()) + " before the event"
                : Wording.time(after) + " after the event";
    }

    private static String lostBefore(History history, ConvergenceEvent event) {
        ProbeLog log = ProbeLog.of(history);
        // The last ones may have been caught by the event on their way.
        MonotonicTime until = event.before().plus(Duration.ofMillis(-100));
        List<ProbeLog.Probe> before = log.probes().stream()
                .flatMap(probe -> log.probes(probe).stream())
                .filter(probe -> probe.sent().compareTo(until) < 0)
                .toList();
        long lost = before.stream()
                .filter(probe -> probe.fate() == Fate.LOST || probe.fate() == Fate.LATE)
                .count();
        List<Duration> roundTrips = before.stream()
                .filter(probe -> probe.fate() == Fate.GOOD)
                .flatMap(probe -> probe.received().stream().map(received -> received.since(probe.sent())))
                .sorted()
                .toList();
        String times = roundTrips.isEmpty()
                ? ""
                : "; round trip there: median " + Wording.time(roundTrips.get(roundTrips.size() / 2)) + ", longest "
                        + Wording.time(roundTrips.get(roundTrips.size() - 1));
        return Wording.count(lost, "probe") + " of " + before.size() + " lost before the event" + times;
    }
}

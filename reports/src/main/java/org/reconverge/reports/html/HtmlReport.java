package org.reconverge.reports.html;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.check.LayerRow;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FaultText;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.Scenario;
import org.reconverge.reports.ReportInput;
import org.reconverge.reports.ReportInput.Trial;
import org.reconverge.reports.graph.TopologyGraph;
import org.reconverge.reports.markup.Element;

/**
 * The report of a campaign as one HTML page that needs nothing else: style sheet and pictures are inside, there is no
 * script, and its content security policy forbids every load. It follows the reader's light or dark theme, and prints.
 *
 * <p>The page is also well-formed XML. Its size is about 60 kB for each trial that is drawn; see {@link #MOST_DRAWN}.
 */
public final class HtmlReport {

    /**
     * How many trials of a scenario are drawn. Of more than that, the page draws those that did not pass first, then the
     * one with the longest outage, then the others in their order; every trial is in the tables.
     */
    public static final int MOST_DRAWN = 10;

    private static final int MOST_REASONS = 6;
    private static final int MOST_PROBLEMS = 20;

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final ReportInput input;
    private final FailoverSpec spec;
    private final CampaignSummary summary;
    private final Map<String, List<Trial>> byScenario = new LinkedHashMap<>();
    private final List<String> scenarios;

    private HtmlReport(ReportInput input) {
        this.input = input;
        this.spec = input.spec();
        this.summary = input.summary();
        for (Trial trial : input.trials()) {
            byScenario
                    .computeIfAbsent(trial.result().scenario(), key -> new ArrayList<>())
                    .add(trial);
        }
        this.scenarios = List.copyOf(byScenario.keySet());
    }

    /**
     * Writes the report of an evidence directory into a file, which is replaced if it exists.
     *
     * @throws UncheckedIOException if it cannot be written
     * @throws org.reconverge.model.evidence.EvidenceException if the evidence lacks what no report can do without
     */
    public static void write(EvidenceDirectory evidence, Path file) {
        write(ReportInput.of(evidence), file);
    }

    /**
     * Writes the report into a file, which is replaced if it exists.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static void write(ReportInput input, Path file) {
        String page = render(input);
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, page, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the report " + file, e);
        }
    }

    /** Returns the report as the text of an HTML file. */
    public static String render(ReportInput input) {
        return "<!DOCTYPE html>\n" + new HtmlReport(input).page().render() + "\n";
    }

    private Element page() {
        String title = "Failover report: " + input.topology().name();
        Element head = Element.of("head")
                .add(
                        Element.of("meta").attribute("charset", "utf-8"),
                        Element.of("meta")
                                .attribute("http-equiv", "Content-Security-Policy")
                                .attribute("content", "default-src 'none'; style-src 'unsafe-inline'"),
                        Element.of("meta")
                                .attribute("name", "viewport")
                                .attribute("content", "width=device-width, initial-scale=1"),
                        Element.of("title").text(title),
                        Element.style(PageStyle.css()));
        Element body = Element.of("body").add(header(title), results(), tested());
        body.add(Element.of("h2").text("Scenarios and trials")).add(legend());
        for (int i = 0; i < scenarios.size(); i++) {
            body.add(scenario(i));
        }
        body.add(environment(), method());
        return Element.of("html")
                .attribute("xmlns", "http://www.w3.org/1999/xhtml")
                .attribute("lang", "en")
                .add(head, body);
    }

    // ---- what came out ----

    private Element header(String title) {
        List<TrialResult> results = input.trials().stream().map(Trial::result).toList();
        String when = results.stream()
                .flatMap(result -> result.started().stream())
                .min(Comparator.naturalOrder())
                .map(started -> ", " + MINUTE.format(started.truncatedTo(ChronoUnit.MINUTES)))
                .orElse("");
        Element headline = Element.of("div", "headline " + Wording.cssClass(summary.verdict()))
                .add(Element.of("p", "verdict").text(Wording.verdict(summary.verdict())))
                .add(Element.of("p").text(counts(results)))
                .add(Element.of("p").text(claim()));
        List<Row> missed = summary.rows().stream()
                .filter(row -> row.verdict() != Verdict.PASS && !row.reasons().isEmpty())
                .toList();
        if (!missed.isEmpty()) {
            Element list = Element.of("ul");
            missed.stream()
                    .limit(MOST_REASONS)
                    .forEach(row -> list.add(Element.of("li")
                            .text(row.scenario() + ", " + row.client() + ": "
                                    + row.reasons().get(0)
                                    + (row.reasons().size() == 1
                                            ? ""
                                            : " (and " + (row.reasons().size() - 1) + " more)"))));
            if (missed.size() > MOST_REASONS) {
                list.add(Element.of("li").text("and " + (missed.size() - MOST_REASONS) + " more rows of the table"));
            }
            headline.add(list);
        }
        return Element.of("header")
                .add(
                        Element.of("p", "kicker").text("run " + input.run() + when + " · environment: emulated"),
                        Element.of("h1").text(title),
                        headline)
                .add(evidence());
    }

    private Element evidence() {
        if (input.problems().isEmpty()) {
            return Element.of("p", "muted")
                    .text("Every verdict was computed again from the recorded histories when this page was written, and"
                            + " is the one that was given then. Every file matches its digest.");
        }
        Element problems = Element.of("div", "headline fail")
                .add(Element.of("p").add(Element.of("strong").text("The evidence is not as it should be")));
        Element list = Element.of("ul");
        input.problems().stream()
                .limit(MOST_PROBLEMS)
                .forEach(problem -> list.add(Element.of("li").text(problem)));
        if (input.problems().size() > MOST_PROBLEMS) {
            list.add(Element.of("li").text("and " + (input.problems().size() - MOST_PROBLEMS) + " more"));
        }
        return problems.add(list);
    }

    private String counts(List<TrialResult> results) {
        String each = List.of(Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE).stream()
                .map(verdict -> Map.entry(
                        verdict,
                        results.stream()
                                .filter(result -> result.verdict() == verdict)
                                .count()))
                .filter(count -> count.getValue() > 0)
                .map(count -> count.getValue() + " "
                        + switch (count.getKey()) {
                            case PASS -> "passed";
                            case FAIL -> "failed";
                            case INCONCLUSIVE -> "proved nothing";
                        })
                .collect(Collectors.joining(", "));
        return Wording.count(results.size(), "trial") + " of " + Wording.count(scenarios.size(), "scenario")
                + (each.isEmpty() ? "" : ": " + each) + ".";
    }

    private String claim() {
        List<String> claims = summary.rows().stream().map(Row::claim).distinct().toList();
        return switch (claims.size()) {
            case 0 -> "No trial was run, so nothing is claimed.";
            case 1 -> "For each client in each scenario: " + claims.get(0) + ".";
            default -> "What the trials support differs by scenario and client; the table says it for each.";
        };
    }

    private Element results() {
        Table table = new Table(
                "wide",
                "Scenario",
                "Client",
                "Served by",
                "#Outage",
                "#Full convergence",
                "#Moves",
                "After repair",
                "Verdict, and why");
        boolean sameClaim = summary.rows().stream().map(Row::claim).distinct().count() == 1;
        for (Row row : summary.rows()) {
            int index = scenarios.indexOf(row.scenario());
            Element name = index < 0
                    ? Element.of("span").text(row.scenario())
                    : Element.of("a").attribute("href", "#s" + (index + 1)).text(row.scenario());
            List<Element> served = new ArrayList<>();
            served.add(Element.of("span", "line").add(sites(row.servedBefore())));
            if (!row.servedBefore().equals(row.servedAfter())) {
                served.add(Element.of("span", "line").text("→ ").add(sites(row.servedAfter())));
            }
            table.row()
                    .cell(name)
                    .cell(Element.of("span", "nowrap").text(row.client()))
                    .cell(served)
                    .lines(Wording.spread(row.outage(), row.trials()))
                    .lines(recovery(row))
                    .cell(String.valueOf(row.moves()))
                    .cell(reversion(row))
                    .cell(verdictAndReasons(row, !sameClaim));
            row.layers().ifPresent(layers -> layers.forEach(layer -> row(layer, row, table)));
        }
        return Element.of("section").add(Element.of("h2").text("Results"), table.element());
    }

    private static void row(LayerRow layer, Row row, Table table) {
        int trials = row.trials();
        List<String> state = new ArrayList<>();
        if (!layer.state().isEmpty()) {
            state.add(layer.state());
        }
        layer.share()
                // Short, or the column takes the place of the verdicts; the accuracy is that of the time beside it.
                .ifPresent(share -> state.add((trials == 1 ? "took " : "took at most ")
                        + Wording.time(share.max().value())
                        + layer.budget()
                                .map(budget -> " of " + Wording.time(budget))
                                .orElse("")));
        layer.rpo().ifPresent(lost -> state.add(lost == 0 ? "no acknowledged value lost" : lost + " values lost"));
        table.row()
                .cell("")
                .cell(Element.of("span", "muted nowrap").text("\u2003" + layer.layer()))
                .lines(state)
                .lines(Wording.spread(layer.outage(), trials))
                .lines(Wording.spread(layer.recovery(), trials))
                .cell("")
                .cell(layer.reversion()
                        .map(HtmlReport::badge)
                        .orElseGet(() -> Element.of("span", "muted").text("not judged")))
                // The layer that a control misses by has not failed: it did what it was to show.
                .cell(
                        row.control().isPresent() && layer.verdict() == Verdict.FAIL
                                ? Element.of("span", "muted").text("missed")
                                : badge(layer.verdict()));
    }

    private static List<String> recovery(Row row) {
        return row.control()
                .flatMap(CampaignSummary.Control::describe)
                .map(List::of)
                .orElseGet(() -> Wording.spread(row.recovery(), row.trials()));
    }

    private static List<Element> reversion(Row row) {
        List<Element> cells = new ArrayList<>();
        if (row.reversion().isEmpty()) {
            cells.add(Element.of("span", "muted").text("not judged"));
            return cells;
        }
        cells.add(badge(row.reversion().get()));
        cells.add(Element.of("span", "line muted")
                .text("outage " + String.join(", ", Wording.spread(row.reversionOutage(), 1))));
        cells.add(Element.of("span", "line muted").text(Wording.count(row.reversionMoves(), "move")));
        return cells;
    }

    private static List<Element> verdictAndReasons(Row row, boolean withClaim) {
        List<Element> cells = new ArrayList<>();
        cells.add(badge(row.verdict()));
        row.control()
                .ifPresent(control -> cells.add(Element.of("span", "line muted").text("control: must miss its time")));
        if (row.trials() > 1) {
            cells.add(Element.of("span", "line muted").text(row.passed() + " of " + row.trials() + " passed"));
        }
        row.reasons().forEach(reason -> cells.add(Element.of("span", "reason").text(reason)));
        if (withClaim) {
            cells.add(Element.of("span", "reason muted").text(row.claim()));
        }
        return cells;
    }

    static Element badge(Verdict verdict) {
        return Element.of("span", "badge " + Wording.cssClass(verdict)).text(Wording.verdict(verdict));
    }

    private Element sites(List<String> names) {
        Element sites = Element.of("span");
        if (names.isEmpty()) {
            return sites.text("no site");
        }
        for (int i = 0; i < names.size(); i++) {
            sites.add(site(names.get(i), spec));
            if (i + 1 < names.size()) {
                sites.text(" and ");
            }
        }
        return sites;
    }

    static Element site(String name, FailoverSpec spec) {
        int index = List.copyOf(spec.sites().keySet()).indexOf(name);
        return Element.of("span", "nowrap")
                .add(Element.of("span", "swatch " + Lane.siteClass(index)))
                .text(name);
    }

    // ---- what was tested ----

    private Element tested() {
        Element facts = Element.of("dl");
        fact(
                facts,
                "Topology",
                input.topology().name() + ", "
                        + Wording.count(input.topology().nodes().size(), "node") + ", "
                        + Wording.count(input.topology().links().size(), "link"));
        fact(facts, "Service", "anycast " + String.join(" and ", spec.addresses()));
        fact(
                facts,
                "Sites",
                spec.sites().values().stream()
                        .map(site -> site.name() + " (" + String.join(", ", site.nodes()) + ")")
                        .collect(Collectors.joining("; ")));
        fact(
                facts,
                "Clients",
                spec.clients().values().stream().map(HtmlReport::client).collect(Collectors.joining("; ")));
        fact(
                facts,
                "Budget",
                "recovery within " + Wording.time(spec.budget().rto())
                        + " unless a scenario asks for less; recovered means that every probe succeeds for "
                        + Wording.time(spec.validation()));
        fact(
                facts,
                "Every fault",
                "is seen to bite, taken back and checked for residue; the way back is judged as strictly as the way out");
        TopologyGraph graph = TopologyGraph.of(input.topology(), Optional.of(spec), input.configs());
        return Element.of("section")
                .add(
                        Element.of("h2").text("What was tested"),
                        facts,
                        Element.of("div", "scroll").add(graph.picture("topology")));
    }

    private static String client(ClientSpec client) {
        String firewall = client.firewall() == ClientSpec.Firewall.STRICT_IP
                ? ", its firewall passes the service addresses only"
                : "";
        String tunnel = client.tunnel()
                .map(known -> ", " + known.profile().name().toLowerCase(java.util.Locale.ROOT) + " "
                        + known.type().name().toLowerCase(java.util.Locale.ROOT) + " tunnel")
                .orElse("");
        String sessions = client.sessions().stream()
                .map(session -> ", " + Wording.count(session.sessions(), session.name() + " session"))
                .collect(java.util.stream.Collectors.joining());
        return client.name() + " (home " + client.home() + firewall + tunnel + sessions + ")";
    }

    private static void fact(Element facts, String name, String value) {
        facts.add(Element.of("dt").text(name), Element.of("dd").text(value));
    }

    private Element legend() {
        Element legend = Element.of("div", "legend");
        spec.sites().keySet().forEach(site -> legend.add(site(site, spec)));
        swatch(legend, "lost", "probe lost");
        swatch(legend, "late", "answered after the threshold, which counts as lost");
        legend.add(Element.of("span").text("▲ below a lane: recovered"));
        legend.add(Element.of("span").text("dashed line: end of the budget"));
        legend.add(Element.of("span").text("gap in a lane: no probe was sent"));
        return legend;
    }

    private static void swatch(Element legend, String cssClass, String text) {
        legend.add(
                Element.of("span").add(Element.of("span", "swatch " + cssClass)).text(text));
    }

    // ---- scenarios ----

    private Element scenario(int index) {
        String name = scenarios.get(index);
        List<Trial> trials = byScenario.getOrDefault(name, List.of());
        Verdict verdict = trials.stream()
                .map(trial -> trial.result().verdict())
                .reduce(Verdict::and)
                .orElse(Verdict.INCONCLUSIVE);
        Element section = Element.of("section", "scenario")
                .attribute("id", "s" + (index + 1))
                .add(Element.of("div", "scenario-title").add(Element.of("h3").text(name), badge(verdict)));
        Optional<Scenario> scenario = Optional.ofNullable(spec.scenarios().get(name));
        scenario.map(Scenario::description)
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> section.add(Element.of("p").text(text)));
        Element facts = Element.of("dl");
        scenario.ifPresent(known -> facts.add(
                Element.of("dt").text("Fault"),
                Element.of("dd").add(Element.of("code").text(FaultText.format(known.fault())))));
        facts.add(Element.of("dt").text("Expected"));
        Element expected = Element.of("dd");
        for (String client : spec.clients().keySet()) {
            expected.add(Element.of("span", "line")
                    .text(client + " "
                            + Wording.expectation(
                                    scenario.flatMap(known ->
                                            Optional.ofNullable(known.expect().get(client))),
                                    spec.budget().rto())));
        }
        section.add(facts.add(expected));
        if (trials.size() > 1) {
            section.add(trialTable(trials));
        }
        List<Trial> drawn = drawn(trials);
        if (drawn.size() < trials.size()) {
            section.add(Element.of("p", "muted")
                    .text(drawn.size() + " of " + trials.size()
                            + " trials are drawn: those that did not pass first, then the one with the longest outage,"
                            + " then the first ones. The evidence holds the history of every trial."));
        }
        for (Trial trial : drawn) {
            boolean open = trials.size() == 1
                    || trial == drawn.get(0)
                    || trial.result().verdict() != Verdict.PASS;
            String id = "s" + (index + 1) + "t" + (trials.indexOf(trial) + 1);
            section.add(new TrialSection(trial, spec, id).element(open));
        }
        return section;
    }

    private static Element trialTable(List<Trial> trials) {
        Table table = new Table("fit", "#Trial", "Client", "Served by", "#Outage", "#Outage after repair", "Verdict");
        for (Trial trial : trials) {
            trial.result()
                    .clients()
                    .forEach(client -> table.row()
                            .cell(String.valueOf(trial.result().trial()))
                            .cell(client.client())
                            .cell(client.event()
                                    .map(event -> Wording.sites(event.servedBefore()) + " → "
                                            + Wording.sites(event.servedAfter()))
                                    .orElse(Wording.NOTHING))
                            .cell(Wording.measured(client.event().flatMap(event -> event.outage())))
                            .cell(Wording.measured(client.reversion().flatMap(reversion -> reversion.outage())))
                            .cell(badge(client.verdict())));
        }
        return table.element();
    }

    private static List<Trial> drawn(List<Trial> trials) {
        if (trials.size() <= MOST_DRAWN) {
            return trials;
        }
        List<Trial> chosen = new ArrayList<>();
        trials.stream()
                .filter(trial -> trial.result().verdict() != Verdict.PASS)
                .limit(MOST_DRAWN)
                .forEach(chosen::add);
        trials.stream()
                .max(Comparator.comparing(HtmlReport::longestOutage))
                .filter(trial -> !chosen.contains(trial) && chosen.size() < MOST_DRAWN)
                .ifPresent(chosen::add);
        trials.stream()
                .filter(trial -> !chosen.contains(trial))
                .limit(MOST_DRAWN - (long) chosen.size())
                .toList()
                .forEach(chosen::add);
        return trials.stream().filter(chosen::contains).toList();
    }

    private static Duration longestOutage(Trial trial) {
        return trial.result().clients().stream()
                .flatMap(client -> client.event().stream())
                .flatMap(event -> event.outage().stream())
                .map(outage -> outage.value())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    // ---- how ----

    private Element environment() {
        Element facts = Element.of("dl");
        fact(facts, "environment", "emulated");
        input.environment().entrySet().stream()
                .filter(entry -> !entry.getKey().equals("environment"))
                .forEach(entry -> fact(facts, entry.getKey(), entry.getValue()));
        input.again()
                .ifPresent(command -> facts.add(
                        Element.of("dt").text("run it again"),
                        Element.of("dd").add(Element.of("code").text(command))));
        Element section = Element.of("section")
                .add(
                        Element.of("h2").text("Environment"),
                        Element.of("p")
                                .text("Routers, sites and clients ran in containers on one host, joined by virtual"
                                        + " wires. A lab proves design and configuration; it does not prove the"
                                        + " production network."),
                        facts);
        if (!input.digests().isEmpty()) {
            Table table = new Table("fit", "File", "SHA-256");
            input.digests()
                    .forEach((file, digest) ->
                            table.row().cell(file).cell(Element.of("code").text(digest)));
            section.add(Element.of("details")
                    .attribute("class", "digest")
                    .add(
                            Element.of("summary")
                                    .text("Digests of the evidence: "
                                            + Wording.count(input.digests().size(), "file")),
                            table.element()));
        }
        return section;
    }

    private Element method() {
        Table probes = new Table(
                "fit", "Client", "Probe", "Sent to", "#Rate (OL)", "#Sampling interval (PSI)", "#Delay threshold");
        for (ClientSpec client : spec.clients().values()) {
            for (ProbeSpec probe : client.probes()) {
                probes.row()
                        .cell(client.name())
                        .cell(probe.name())
                        .cell(probe.type().name().toLowerCase(Locale.ROOT) + " " + probe.address() + ", port "
                                + probe.port())
                        .cell(probe.rate().toString())
                        .cell(Wording.time(probe.rate().interval()))
                        .cell(Wording.time(probe.threshold()));
            }
        }
        Table values = new Table("wide", "Value", "What it is", "Accuracy");
        value(
                values,
                "Convergence event",
                "The instant the fault takes effect (RFC 6412 §3.2.2): the injector reads the clock right before and"
                        + " right after",
                "± half the time between the two readings");
        value(
                values,
                "Outage",
                "The longest run of lost probes of one stream: how long the client was without the service at a"
                        + " stretch",
                "The probes around the loss bound it: ± 1 / OL and the time on the way");
        value(
                values,
                "Full convergence",
                "From the event to the first good probe after the last lost one (RFC 6412 §3.6.2), rate-derived",
                "Adapted from RFC 6413 §6: the last lost and the first good probe bound it, plus the injector's bounds");
        value(
                values,
                "First route",
                "From the event to the first probe that another site answered (RFC 6412 §3.6.1)",
                "As above: − (PSI + g) to + (PSI + 1 / OL), with g the time between probes to one address");
        value(
                values,
                "Loss of connectivity",
                "Lost probes / OL (RFC 6412 §3.6.5), loss-derived: an average, read beside full convergence",
                "± 1 / OL for each loss period");
        value(
                values,
                "Move",
                "Another site than before answers the next request",
                "At most one is accepted for an event and one for its reversion unless the spec says otherwise");
        value(
                values,
                "Verdict",
                "PASS if value + accuracy ≤ budget, FAIL if value − accuracy > budget, otherwise INCONCLUSIVE. A fault"
                        + " that was not seen to bite, a client that was not on the faulted path, a host that stalled:"
                        + " all INCONCLUSIVE, never PASS",
                "Every reply must come from the address that was asked");
        return Element.of("section")
                .add(
                        Element.of("h2").text("Method"),
                        Element.of("p")
                                .text("Adapted from RFC 6412, RFC 6413 and RFC 7747, which describe a device; this is"
                                        + " a platform. Clients send numbered probes to the service address at a fixed"
                                        + " rate, and every reply names the site that answered. A reply later than the"
                                        + " threshold counts as lost. All times are readings of one monotonic clock."
                                        + " A client counts as recovered when all its probes have succeeded for "
                                        + Wording.time(spec.validation())
                                        + " (sustained convergence validation time, RFC 6412 §3.7.5)."
                                        + " The noise of the host stands with every trial."),
                        probes.element(),
                        values.element());
    }

    private static void value(Table table, String name, String meaning, String accuracy) {
        table.row().cell(Element.of("strong").text(name)).cell(meaning).cell(accuracy);
    }
}

package org.reconverge.reports.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.TrialCheck;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.model.evidence.EvidenceWriter;
import org.reconverge.model.evidence.Run;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.HistoryWriter;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.Rate;
import org.reconverge.model.spec.Scenario;
import org.reconverge.model.spec.Site;
import org.reconverge.model.spec.TunnelSpec;
import org.reconverge.model.spec.Via;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.reports.ParsedXml;
import org.reconverge.reports.ReportInput;
import org.reconverge.reports.ReportInput.Trial;
import org.reconverge.topologies.BundledTopologies;
import org.w3c.dom.Element;

class HtmlReportTest {

    @TempDir
    Path directory;

    private FailoverSpec spec;
    private Topology topology;

    @BeforeEach
    void readTheLab() {
        spec = FailoverSpecFile.read(
                BundledTopologies.unpack("two-site", directory.resolve("lab")).resolveSibling("network.failover.yml"));
        topology = TopologyFile.read(spec.topology());
    }

    private ReportInput input(History... histories) {
        List<Trial> trials = new ArrayList<>();
        for (History history : histories) {
            trials.add(new Trial(TrialCheck.judge(history, spec, "fibre-cut"), () -> history));
        }
        return input(trials);
    }

    private ReportInput input(List<Trial> trials) {
        return new ReportInput(
                "20261122-131500-two-site",
                topology,
                spec,
                RouterConfig.of(topology),
                CampaignSummary.of(trials.stream().map(Trial::result).toList()),
                trials,
                List.of(),
                Map.of("kernel", "6.18"),
                Map.of("run.json", "00ff"),
                Optional.of("./reconverge run two-site --seed 7"));
    }

    private static ParsedXml parse(ReportInput input) {
        return ParsedXml.of(HtmlReport.render(input));
    }

    private static long lostIn(Element drawing) {
        return ParsedXml.under(drawing, "rect").stream()
                .filter(rect -> rect.hasAttribute("data-lost"))
                .mapToLong(rect -> Long.parseLong(rect.getAttribute("data-lost")))
                .sum();
    }

    private static List<Element> lanes(Element drawing) {
        return ParsedXml.under(drawing, "g").stream()
                .filter(group -> group.getAttribute("class").equals("lane"))
                .toList();
    }

    @Test
    void aTrialHasAnOverviewAndTwoCloseUpsWithALaneForEachProbe() {
        RecordedTrial trial = new RecordedTrial(spec).outage("gw-north", 200);

        List<Element> drawings = parse(input(trial.history())).all("svg", "timeline");

        assertThat(drawings).hasSize(3);
        assertThat(drawings).allSatisfy(drawing -> assertThat(lanes(drawing)).hasSize(8));
        assertThat(trial.lost()).isGreaterThan(40);
        assertThat(lostIn(drawings.get(0))).isEqualTo(trial.lost());
        assertThat(lostIn(drawings.get(1))).isEqualTo(trial.lost());
        assertThat(lostIn(drawings.get(2))).isZero();
    }

    @Test
    void aTrialThatNobodyNoticedHasNoCloseUps() {
        ParsedXml page = parse(input(new RecordedTrial(spec).history()));

        assertThat(page.all("svg", "timeline")).hasSize(1);
        assertThat(page.root().getTextContent()).contains("nothing lost");
    }

    @Test
    void eventAndReversionHaveATableEach() {
        ParsedXml page =
                parse(input(new RecordedTrial(spec).outage("gw-north", 200).history()));

        List<Element> tables = page.all("table", "dense");
        assertThat(tables).hasSize(2);
        assertThat(tables)
                .allSatisfy(table -> assertThat(ParsedXml.under(table, "tr")).hasSize(9));
        List<String> cells = ParsedXml.under(
                        ParsedXml.under(tables.get(0), "tr").get(1), "td")
                .stream()
                .map(Element::getTextContent)
                .toList();
        assertThat(cells).startsWith("gw-north/udp-ipv4", "1000", "980", "20", "0", "0", "0");
        assertThat(cells.get(9)).isEqualTo("200 ms ± 11 ms");
    }

    @Test
    void thePageLoadsNothingRunsNothingAndPromisesNothing() {
        String text = HtmlReport.render(
                input(new RecordedTrial(spec).outage("gw-north", 200).history()));
        ParsedXml page = ParsedXml.of(text);

        assertThat(page.all("script")).isEmpty();
        assertThat(page.all("link")).isEmpty();
        assertThat(page.all("*")).noneMatch(element -> element.hasAttribute("src"));
        assertThat(page.all("a")).allMatch(link -> link.getAttribute("href").startsWith("#"));
        assertThat(text).doesNotContain("url(").doesNotContain("@import").doesNotContainIgnoringCase("compliant");
        assertThat(page.all("meta"))
                .anyMatch(meta -> meta.getAttribute("content").startsWith("default-src 'none'"));
        assertThat(page.root().getTextContent()).contains("environment: emulated");
    }

    @Test
    void idsAreUniqueAndReferencesFindThem() {
        ParsedXml page = parse(input(
                new RecordedTrial(spec).outage("gw-north", 200).history(),
                new RecordedTrial(spec).number(2).outage("gw-north", 300).history()));

        List<String> ids = page.all("*").stream()
                .map(element -> element.getAttribute("id"))
                .filter(id -> !id.isEmpty())
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(page.all("a"))
                .allMatch(link -> ids.contains(link.getAttribute("href").substring(1)));
        assertThat(page.all("svg"))
                .allSatisfy(svg -> assertThat(ids)
                        .contains(svg.getAttribute("aria-labelledby").split(" ")));
    }

    @Test
    void theLayersOfAClientWithATunnelAreTold() {
        ClientSpec north = spec.client("gw-north");
        List<ProbeSpec> probes = new ArrayList<>(north.probes(Via.NETWORK));
        probes.add(new ProbeSpec(
                "tunnel-udp",
                Via.TUNNEL,
                ProbeSpec.Type.UDP,
                "198.18.0.1",
                7000,
                new Rate(100),
                Duration.ofSeconds(2)));
        ClientSpec client = new ClientSpec(
                "gw-north",
                "gw-north",
                "berlin",
                north.firewall(),
                Optional.of(new TunnelSpec(
                        TunnelSpec.Type.WIREGUARD, TunnelSpec.Profile.ASSISTED, Optional.empty(), "198.18.1.1")),
                probes,
                List.of());
        spec = new FailoverSpec(
                spec.file(),
                spec.topology(),
                spec.addresses(),
                spec.sites(),
                spec.budget(),
                Map.of("gw-north", client),
                spec.scenarios(),
                spec.steadyState(),
                spec.validation(),
                Map.of());
        RecordedTrial trial = new RecordedTrial(spec)
                .outage("gw-north", 200)
                .with(tunnel(-2900, "a", "203.0.113.10:51820"))
                .with(tunnel(190, "b", "198.51.100.20:51820"));

        String page = parse(input(trial.history())).root().getTextContent();

        assertThat(page)
                .contains("gw-north (home berlin")
                .contains("assisted wireguard tunnel")
                .contains("resumed, roamed")
                .contains("resumed: new keys after 190")
                .contains("roamed to 198.51.100.20")
                .contains("detected after 12");
    }

    private static TunnelChanged tunnel(long at, String keys, String endpoint) {
        return new TunnelChanged(
                RecordedTrial.at(at),
                "gw-north",
                TunnelChanged.CLIENT,
                TunnelChanged.State.UP,
                keys,
                endpoint,
                "198.18.1.1",
                "");
    }

    @Test
    void textOfOthersIsOnlyEverText() {
        String hostile = "</td></svg><script>alert('x')</script>\" onload=\"alert(1)";
        Site berlin = spec.site("berlin");
        Site site = new Site(hostile, berlin.nodes(), berlin.concentrator());
        ClientSpec north = spec.client("gw-north");
        ClientSpec client = new ClientSpec(hostile, "gw-north", hostile, north.firewall(), north.probes());
        Scenario cut = spec.scenario("fibre-cut");
        spec = new FailoverSpec(
                spec.file(),
                spec.topology(),
                List.of(hostile),
                Map.of(hostile, site),
                spec.budget(),
                Map.of(hostile, client),
                Map.of("fibre-cut", new Scenario("fibre-cut", hostile, cut.fault(), cut.watch(), Map.of())),
                spec.steadyState(),
                spec.validation(),
                Map.of());
        ReportInput input = input(new RecordedTrial(spec).outage(hostile, 200).history());
        ReportInput worse = new ReportInput(
                hostile,
                topology,
                spec,
                input.configs(),
                input.summary(),
                input.trials(),
                List.of(hostile),
                Map.of(hostile, hostile),
                Map.of(hostile, hostile),
                Optional.of(hostile));

        ParsedXml page = parse(worse);

        assertThat(page.all("script")).isEmpty();
        assertThat(page.all("*")).noneMatch(element -> element.hasAttribute("onload"));
        assertThat(page.root().getTextContent()).contains(hostile);
    }

    @Test
    void aTrialAtATthousandProbesASecondStaysSmall() {
        RecordedTrial trial =
                new RecordedTrial(spec).every(1).outage("gw-north", 900).outage("gw-south", 50);

        ReportInput input = input(trial.history());
        String page = HtmlReport.render(input);

        assertThat(trial.lost()).isGreaterThan(3000);
        assertThat(page).hasSizeLessThan(200_000);
        assertThat(lostIn(ParsedXml.of(page).all("svg", "timeline").get(0))).isEqualTo(trial.lost());
    }

    @Test
    void aHistoryThatCannotBeReadDoesNotHideTheRest() {
        TrialResult result = TrialCheck.judge(new RecordedTrial(spec).history(), spec, "fibre-cut");
        List<Trial> trials = List.of(new Trial(result, () -> {
            throw new IllegalStateException("line 7 is damaged");
        }));

        ParsedXml page = parse(input(trials));

        assertThat(page.root().getTextContent())
                .contains("The history cannot be read, so nothing is drawn: line 7 is damaged");
        assertThat(page.all("table", "dense")).hasSize(2);
    }

    @Test
    void ofManyTrialsThoseThatDidNotPassAreDrawn() {
        List<History> histories = new ArrayList<>();
        for (int i = 1; i <= 25; i++) {
            RecordedTrial trial = new RecordedTrial(spec).number(i);
            histories.add(
                    i == 20
                            ? trial.outage("gw-north", 5000).history()
                            : trial.outage("gw-north", 50).history());
        }

        ReportInput input = input(histories.toArray(History[]::new));
        ParsedXml page = parse(input);

        assertThat(input.summary().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(page.all("details").stream()
                        .filter(details -> details.getAttribute("id").startsWith("s1t")))
                .hasSize(HtmlReport.MOST_DRAWN)
                .anyMatch(details -> details.getAttribute("id").equals("s1t20"));
        assertThat(page.root().getTextContent()).contains("10 of 25 trials are drawn");
    }

    @Test
    void anEmptyCampaignHasAReport() {
        ParsedXml page = parse(input(List.of()));

        assertThat(page.root().getTextContent()).contains("? INCONCLUSIVE").contains("nothing is claimed");
    }

    @Test
    void evidenceIsReadWithEveryVerdictComputedAgain() throws Exception {
        Path evidence = directory.resolve("evidence");
        write(evidence, new RecordedTrial(spec).outage("gw-north", 200).history());

        HtmlReport.write(
                EvidenceDirectory.open(evidence),
                EvidenceDirectory.open(evidence).report());

        ParsedXml page = ParsedXml.of(Files.readString(evidence.resolve("report.html")));
        assertThat(page.root().getTextContent())
                .contains("./reconverge run two-site --seed 7")
                .contains("Every file matches its digest")
                .contains("fibre-cut/1/history.jsonl.gz");
        assertThat(EvidenceDirectory.open(evidence).problems()).isEmpty();
    }

    @Test
    void changedEvidenceIsNotPassedOver() throws Exception {
        Path evidence = directory.resolve("evidence");
        write(evidence, new RecordedTrial(spec).outage("gw-north", 200).history());
        Files.writeString(evidence.resolve("run.json"), Files.readString(evidence.resolve("run.json")) + " ");

        ReportInput input = ReportInput.of(EvidenceDirectory.open(evidence));

        assertThat(input.problems()).containsExactly("run.json was changed since the run finished");
        assertThat(parse(input).root().getTextContent())
                .contains("The evidence is not as it should be")
                .doesNotContain("Every file matches");
    }

    private void write(Path evidence, History history) {
        Run run = new Run(
                "run",
                Instant.parse("2026-11-22T13:15:00Z"),
                7,
                List.of("./reconverge", "run", "two-site", "--seed", "7"),
                Map.of("frr", "10.3"),
                "Docker 20.10",
                "6.18");
        try (EvidenceWriter writer = EvidenceWriter.create(evidence, run, spec, topology)) {
            try (HistoryWriter lines = writer.history("fibre-cut", 1)) {
                history.events().forEach(lines::append);
            }
            writer.verdict(TrialCheck.judge(history, spec, "fibre-cut"));
            writer.finish();
        }
    }
}

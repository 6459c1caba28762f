package org.reconverge.reports.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Control;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.LayerRow;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.reports.ReportInput;

class MarkdownResultsTest {

    private static final Path README = Path.of("../README.md");
    private static final Pattern BLOCK =
            Pattern.compile("<!-- results: ([a-z-]+) -->\n(.*?)<!-- end of results -->", Pattern.DOTALL);

    /** {@code 80 ms ± 21 ms}, {@code 80 ms, max 99 ms ± 21 ms}, {@code no loss}, {@code not in 63.7 s}, or nothing. */
    private static final String TIME =
            "((\\d+(\\.\\d+)? m?s, max )?\\d+(\\.\\d+)? m?s ± \\d+(\\.\\d+)? m?s|no loss|not in \\d+\\.\\d s|–)";

    private static final String SITES = "[a-z+]+( → [a-z+ ]+)?";
    private static final String VERDICT = "(PASS|FAIL|INCONCLUSIVE)";

    private static final Map<String, String> CELLS = Map.of(
            "Scenario",
            "[a-z0-9-]*",
            "Client",
            "[a-z0-9-]+",
            "Served by",
            SITES,
            "Outage",
            TIME,
            "Recovered after",
            TIME,
            "Network back after",
            TIME,
            "Tunnel",
            "(–|[a-z ]+(, " + TIME + ")?)",
            "Sessions",
            "(–|[a-z0-9]+ [a-z0-9 ]+(, " + TIME + ")?, \\d+ lost)",
            "Moves",
            "\\d+",
            "Repair",
            "(–|" + VERDICT + ", " + TIME + ")");

    private static Optional<Spread> spread(long least, long middle, long most) {
        return Optional.of(new Spread(measured(least), measured(middle), measured(most)));
    }

    private static Measured measured(long millis) {
        return new Measured(Duration.ofMillis(millis), Duration.ofMillis(11), Duration.ofMillis(11));
    }

    private static Row row(
            String client,
            String after,
            Optional<Spread> outage,
            Optional<Spread> recovery,
            int moves,
            Verdict verdict,
            List<String> reasons,
            Optional<List<LayerRow>> layers,
            Optional<Control> control) {
        return new Row(
                "site-loss-berlin",
                client,
                3,
                3,
                0,
                0,
                List.of("berlin"),
                after.isEmpty() ? List.of() : List.of(after),
                outage,
                recovery,
                moves,
                Optional.of(Verdict.PASS),
                spread(0, 0, 0),
                0,
                verdict,
                reasons,
                "",
                layers,
                control);
    }

    private static LayerRow layer(String name, String state, Optional<Spread> recovery) {
        return new LayerRow(
                name,
                state,
                recovery,
                recovery,
                recovery,
                Optional.of(Duration.ofSeconds(10)),
                name.equals("iec104") ? OptionalLong.of(0) : OptionalLong.empty(),
                Optional.of(Verdict.PASS),
                Verdict.PASS);
    }

    private static String render(Row... rows) {
        FailoverSpec spec = FailoverSpecFile.read(Path.of("../topologies/two-site/two-site.failover.yml"));
        Verdict verdict = List.of(rows).stream().map(Row::verdict).reduce(Verdict.PASS, Verdict::and);
        return MarkdownResults.of(new ReportInput(
                "20261122-131500-two-site",
                TopologyFile.read(spec.topology()),
                spec,
                Map.of(),
                new CampaignSummary(verdict, List.of(rows)),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Optional.of("./reconverge run two-site --seed 7")));
    }

    @Test
    void layersStandBesideEachOther() {
        String text = render(
                row(
                        "gw-north",
                        "frankfurt",
                        spread(80, 85, 99),
                        spread(90, 95, 110),
                        1,
                        Verdict.PASS,
                        List.of(),
                        Optional.of(List.of(
                                layer("network", "detected in 12 ms", spread(90, 95, 110)),
                                layer("tunnel", "resumed", spread(91, 91, 91)),
                                layer("iec104", "restored", spread(500, 600, 1200)))),
                        Optional.empty()),
                row(
                        "gw-south",
                        "berlin",
                        spread(0, 0, 0),
                        Optional.empty(),
                        0,
                        Verdict.PASS,
                        List.of(),
                        Optional.empty(),
                        Optional.empty()));

        assertThat(text).isEqualTo("""
                | Scenario | Client | Served by | Outage | Network back after | Tunnel | Sessions | Moves | Repair | Verdict |
                | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                | site-loss-berlin | gw-north | berlin → frankfurt | 85 ms, max 99 ms ± 11 ms | 95 ms, max 110 ms ± 11 ms | resumed, 91 ms ± 11 ms | iec104 restored, 600 ms, max 1.20 s ± 0.02 s, 0 lost | 1 | PASS, no loss | PASS |

                PASS, n = 3 of each, median and maximum. Times run from the fault, as value ± accuracy; environment: emulated. Left out: 1 client that its fault did not reach, without loss and without a move. Run again: `./reconverge run two-site --seed 7`.
                """);
        assertForm(text);
    }

    @Test
    void aControlAndAFailureSaySo() {
        String text = render(
                row(
                        "dns-sticky",
                        "",
                        spread(63_600, 63_600, 63_700),
                        Optional.empty(),
                        0,
                        Verdict.PASS,
                        List.of(),
                        Optional.empty(),
                        Optional.of(new Control(3, Optional.of(Duration.ofMillis(63_690))))),
                row(
                        "dns-ttl-30",
                        "frankfurt",
                        spread(61_000, 61_000, 61_000),
                        spread(61_000, 61_000, 61_000),
                        1,
                        Verdict.FAIL,
                        List.of("recovered after 61 s | budget 60 s"),
                        Optional.empty(),
                        Optional.empty()));

        assertThat(text)
                .contains("| site-loss-berlin | dns-sticky | berlin → no site | 63.60 s, max 63.70 s ± 0.02 s"
                        + " | not in 63.6 s | 0 | PASS, no loss | PASS (control) |")
                .contains("|  | dns-ttl-30 | berlin → frankfurt | 61.00 s ± 0.02 s | 61.00 s ± 0.02 s | 1 |")
                .contains("FAIL, n = 3 of each")
                .endsWith("\n- site-loss-berlin, dns-ttl-30: recovered after 61 s \\| budget 60 s\n");
        assertForm(text);
    }

    /** What stands in the README was pasted from {@code ./reconverge report DIR --markdown}, and nobody edited it. */
    @Test
    void theResultsInTheReadmeHaveThisForm() throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(README));
        List<String> names = new ArrayList<>();
        while (block.find()) {
            names.add(block.group(1));
            assertForm(block.group(2));
            assertThat(block.group(2)).contains("Run again: `./reconverge run " + block.group(1) + " --trials ");
        }
        assertThat(names).contains("two-site", "dns-failover");
    }

    private static void assertForm(String block) {
        List<String> lines = block.lines().toList();
        List<String> headings = cells(lines.get(0));
        assertThat(headings).isIn(MarkdownResults.PLAIN, MarkdownResults.LAYERED);
        assertThat(cells(lines.get(1))).hasSameSizeAs(headings).containsOnly("---");
        int end = lines.indexOf("");
        assertThat(end).as("rows of\n" + block).isGreaterThan(2);
        for (String line : lines.subList(2, end)) {
            List<String> cells = cells(line);
            assertThat(cells).as(line).hasSameSizeAs(headings);
            for (int i = 0; i < cells.size(); i++) {
                assertThat(cells.get(i))
                        .as(headings.get(i) + " of " + line)
                        .matches(CELLS.getOrDefault(headings.get(i), VERDICT + "( \\(control\\))?"));
            }
        }
        assertThat(lines.get(end + 1))
                .matches(VERDICT + ", n = \\d+( to \\d+)? of each.* environment: emulated\\..*Run again: `[^`]+`\\.");
    }

    private static List<String> cells(String line) {
        assertThat(line).startsWith("| ").endsWith(" |");
        return List.of(line.substring(2, line.length() - 2).split(" \\| ", -1));
    }
}

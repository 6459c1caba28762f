package org.reconverge.reports.markdown;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Control;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.LayerRow;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.Verdict;
import org.reconverge.reports.ReportInput;

/**
 * The results of a campaign as a Markdown table, for a README or a ticket: the same rows as on the terminal, without what
 * changes from run to run and means nothing, such as dates and places. Clients that a fault did not reach, and that lost
 * nothing, are counted below it.
 */
public final class MarkdownResults {

    private static final String NOTHING = "–";
    private static final String NETWORK = "network";
    private static final String TUNNEL = "tunnel";

    /** The headings of the table of a platform whose clients have neither tunnels nor sessions. */
    static final List<String> PLAIN =
            List.of("Scenario", "Client", "Served by", "Outage", "Recovered after", "Moves", "Repair", "Verdict");

    /** The headings of the table of a platform with tunnels or sessions. */
    static final List<String> LAYERED = List.of(
            "Scenario",
            "Client",
            "Served by",
            "Outage",
            "Network back after",
            "Tunnel",
            "Sessions",
            "Moves",
            "Repair",
            "Verdict");

    private final CampaignSummary summary;
    private final boolean layered;

    private MarkdownResults(CampaignSummary summary) {
        this.summary = summary;
        this.layered = summary.rows().stream().anyMatch(row -> row.layers().isPresent());
    }

    /** Returns the results of a campaign: a table, and what is to be known to read it. Lines end with a line feed. */
    public static String of(ReportInput input) {
        return new MarkdownResults(input.summary()).render(input.again());
    }

    private String render(Optional<String> again) {
        List<Row> shown =
                summary.rows().stream().filter(row -> !isUntouched(row)).toList();
        List<String> headings = layered ? LAYERED : PLAIN;
        StringBuilder text = new StringBuilder();
        line(headings, text);
        line(headings.stream().map(heading -> "---").toList(), text);
        String scenario = "";
        for (Row row : shown) {
            line(cells(row, row.scenario().equals(scenario) ? "" : row.scenario()), text);
            scenario = row.scenario();
        }
        text.append('\n').append(caption(shown, again)).append('\n');
        List<String> reasons = summary.rows().stream()
                .filter(row -> row.verdict() != Verdict.PASS)
                .flatMap(row -> row.reasons().stream()
                        .map(reason -> "- " + row.scenario() + ", " + row.client() + ": " + escape(reason)))
                .toList();
        if (!reasons.isEmpty()) {
            text.append('\n').append(String.join("\n", reasons)).append('\n');
        }
        return text.toString();
    }

    private static void line(List<String> cells, StringBuilder out) {
        out.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |")))
                .append('\n');
    }

    /** A bar would end its cell. */
    private static String escape(String text) {
        return text.replace("|", "\\|");
    }

    private static boolean isUntouched(Row row) {
        return row.verdict() == Verdict.PASS
                && row.control().isEmpty()
                && row.moves() == 0
                && isZero(row.outage())
                && row.recovery().isEmpty();
    }

    private static boolean isZero(Optional<Spread> spread) {
        return spread.filter(times -> !times.max().value().isZero()).isEmpty();
    }

    private List<String> cells(Row row, String scenario) {
        List<String> cells = new ArrayList<>(List.of(scenario, row.client(), servedBy(row), time(row.outage())));
        if (layered) {
            cells.add(layer(row, NETWORK));
            cells.add(layer(row, TUNNEL));
            cells.add(sessions(row));
        } else {
            cells.add(recovered(row));
        }
        cells.add(String.valueOf(row.moves()));
        cells.add(row.reversion().map(verdict -> repair(row, verdict)).orElse(NOTHING));
        cells.add(row.verdict() + (row.control().isPresent() ? " (control)" : ""));
        return cells.stream().map(MarkdownResults::escape).toList();
    }

    private static String servedBy(Row row) {
        String before = sites(row.servedBefore());
        String after = sites(row.servedAfter());
        return before.equals(after) ? before : before + " → " + after;
    }

    private static String sites(List<String> sites) {
        return sites.isEmpty() ? "no site" : String.join("+", sites);
    }

    private static String recovered(Row row) {
        return row.control().flatMap(Control::describe).orElseGet(() -> time(row.recovery()));
    }

    private static String repair(Row row, Verdict verdict) {
        return verdict + ", " + (isZero(row.reversionOutage()) ? "no loss" : time(row.reversionOutage()));
    }

    private static String layer(Row row, String name) {
        return layers(row).stream()
                .filter(layer -> layer.layer().equals(name))
                .findFirst()
                .map(layer -> name.equals(NETWORK) ? recoveryOf(layer) : state(layer))
                .orElseGet(() -> name.equals(NETWORK) ? recovered(row) : NOTHING);
    }

    private static String sessions(Row row) {
        String sessions = layers(row).stream()
                .filter(layer ->
                        !layer.layer().equals(NETWORK) && !layer.layer().equals(TUNNEL))
                .map(layer -> layer.layer() + " " + state(layer)
                        + (layer.rpo().isPresent() ? ", " + layer.rpo().getAsLong() + " lost" : ""))
                .collect(Collectors.joining("; "));
        return sessions.isEmpty() ? NOTHING : sessions;
    }

    private static List<LayerRow> layers(Row row) {
        return row.layers().orElse(List.of());
    }

    private static String state(LayerRow layer) {
        return layer.state() + (layer.recovery().isPresent() ? ", " + time(layer.recovery()) : "");
    }

    private static String recoveryOf(LayerRow layer) {
        return layer.recovery().isPresent() ? time(layer.recovery()) : isZero(layer.outage()) ? "no loss" : NOTHING;
    }

    /** One trial shows its value; of several stand the median and the largest. */
    private static String time(Optional<Spread> spread) {
        return spread.map(times -> {
                    if (times.max().value().isZero()) {
                        return "no loss";
                    }
                    return times.min().value().equals(times.max().value())
                            ? times.max().describe()
                            : value(times.median()) + ", max " + times.max().describe();
                })
                .orElse(NOTHING);
    }

    private static String value(Measured measured) {
        String text = measured.describe();
        return text.substring(0, text.indexOf(" ±"));
    }

    private String caption(List<Row> shown, Optional<String> again) {
        IntStream trials = summary.rows().stream().mapToInt(Row::trials);
        int[] counts = trials.distinct().sorted().toArray();
        String n = counts.length == 0
                ? "0"
                : counts.length == 1 ? String.valueOf(counts[0]) : counts[0] + " to " + counts[counts.length - 1];
        boolean several = counts.length > 0 && counts[counts.length - 1] > 1;
        int untouched = summary.rows().size() - shown.size();
        StringBuilder text = new StringBuilder();
        text.append(summary.verdict()).append(", n = ").append(n);
        text.append(several ? " of each, median and maximum." : " of each.");
        text.append(" Times run from the fault, as value ± accuracy; environment: emulated.");
        if (untouched > 0) {
            text.append(" Left out: ")
                    .append(untouched)
                    .append(untouched == 1 ? " client that its fault" : " clients that their fault")
                    .append(" did not reach, without loss and without a move.");
        }
        if (shown.stream().anyMatch(row -> row.control().isPresent())) {
            text.append(" A control must miss its time, and passes because it does.");
        }
        again.ifPresent(command -> text.append(" Run again: `").append(command).append("`."));
        return text.toString();
    }
}

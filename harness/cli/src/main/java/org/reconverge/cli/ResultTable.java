package org.reconverge.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.LayerRow;
import org.reconverge.model.check.Verdict;

/** The table at the end of a run. */
final class ResultTable {

    private static final List<String> HEADER =
            List.of("", "SERVED BY", "OUTAGE", "RECOVERED", "MOVES", "REVERSION", "VERDICT");

    private ResultTable() {}

    /**
     * Lays out a summary for a terminal of 100 columns: a line for each scenario, under it its clients, and under a client
     * its layers if it has a tunnel or sessions; the reasons of what did not pass follow the table.
     */
    static String of(CampaignSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        String scenario = "";
        for (Row row : summary.rows()) {
            if (!row.scenario().equals(scenario)) {
                rows.add(List.of(row.scenario()));
            }
            rows.add(List.of(
                    "  " + row.client(),
                    servedBy(row),
                    row.outage().map(ResultTable::outage).orElse("-"),
                    recovery(row),
                    String.valueOf(row.moves()),
                    row.reversion().map(verdict -> reversion(row, verdict)).orElse("-"),
                    row.verdict() + (row.control().isPresent() ? ", control" : "")));
            row.layers().ifPresent(layers -> layers.forEach(layer -> rows.add(cells(layer, row))));
            scenario = row.scenario();
        }
        StringBuilder text = new StringBuilder(layOut(rows));
        if (summary.rows().stream().anyMatch(row -> row.control().isPresent())) {
            text.append("control: it must miss its time, and passes because it does")
                    .append(System.lineSeparator());
        }
        for (Row row : summary.rows()) {
            if (row.verdict() != Verdict.PASS) {
                row.reasons()
                        .forEach(reason -> text.append(row.verdict())
                                .append(' ')
                                .append(row.scenario())
                                .append(", ")
                                .append(row.client())
                                .append(": ")
                                .append(reason)
                                .append(System.lineSeparator()));
            }
        }
        return text.toString();
    }

    private static List<String> cells(LayerRow layer, Row row) {
        return List.of(
                "    " + layer.layer(),
                layer.state()
                        + layer.share().map(share -> ", " + plainest(share)).orElse("")
                        + layer.budget()
                                .filter(budget -> layer.share().isPresent())
                                .map(budget -> "/" + round(budget))
                                .orElse(""),
                layer.rpo().isPresent()
                        ? layer.rpo().getAsLong() + " lost"
                        : layer.outage().map(ResultTable::outage).orElse("-"),
                layer.recovery().map(ResultTable::brief).orElse("-"),
                "",
                layer.reversion().map(Verdict::name).orElse("-"),
                row.control().isPresent() && layer.verdict() == Verdict.FAIL
                        ? "missed"
                        : layer.verdict().name());
    }

    /** What a layer took at most, without its accuracy, which the recovery beside it has. */
    private static String plainest(Spread share) {
        return plain(share.max().value());
    }

    /** A budget, of which people write whole seconds or milliseconds. */
    private static String round(Duration budget) {
        return budget.toMillis() % 1000 == 0 ? budget.toSeconds() + " s" : plain(budget);
    }

    private static String recovery(Row row) {
        return row.control()
                .flatMap(CampaignSummary.Control::describe)
                .or(() -> row.recovery().map(ResultTable::brief))
                .orElse("-");
    }

    private static String servedBy(Row row) {
        String before = String.join("+", row.servedBefore());
        String after = String.join("+", row.servedAfter());
        return before.equals(after) ? before : before + " -> " + after;
    }

    private static String outage(Spread outage) {
        return outage.max().value().isZero() ? "no loss" : worst(outage);
    }

    /** The longest of the trials, in few columns: {@code 99 ± 21 ms}. A value and its accuracy have the same unit. */
    private static String worst(Spread spread) {
        return spread.max().toString().replaceFirst(" (ms|s) ±", " ±");
    }

    /** How far the trials spread, in few columns: {@code 80 .. 99 ± 21 ms}. */
    private static String brief(Spread spread) {
        String max = worst(spread);
        if (spread.min().value().equals(spread.max().value())) {
            return max;
        }
        String unit = max.substring(max.lastIndexOf(' '));
        String min = plain(spread.min().value());
        return (min.endsWith(unit) ? min.substring(0, min.length() - unit.length()) : min) + " .. " + max;
    }

    /** One trial shows its value; several show how far they spread. */
    static String longest(Spread spread) {
        boolean one = spread.min().value().equals(spread.max().value());
        return one ? spread.max().toString() : plain(spread.min().value()) + " .. " + spread.max();
    }

    private static String plain(Duration duration) {
        return duration.toMillis() < 1000
                ? duration.toMillis() + " ms"
                : String.format(java.util.Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }

    private static String reversion(Row row, Verdict verdict) {
        Optional<Spread> outage =
                row.reversionOutage().filter(spread -> !spread.max().value().isZero());
        return verdict + ", " + outage.map(ResultTable::worst).orElse("no loss");
    }

    /** Lays out rows in columns as wide as their widest cell. */
    static String layOut(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            // A row of one cell is a heading, as long as it likes.
            for (int i = 0; row.size() > 1 && i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i))
                        .append(" ".repeat(Math.max(0, widths[i] - row.get(i).length()) + 2));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}

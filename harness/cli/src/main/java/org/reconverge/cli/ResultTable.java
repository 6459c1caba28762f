package org.reconverge.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.Verdict;

/** The table at the end of a run. */
final class ResultTable {

    private static final List<String> HEADER =
            List.of("SCENARIO", "CLIENT", "SERVED BY", "OUTAGE", "RECOVERED AFTER", "MOVES", "REVERSION", "VERDICT");

    private ResultTable() {}

    /** Lays out a summary for a terminal; the reasons of what did not pass follow the table. */
    static String of(CampaignSummary summary) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADER);
        String scenario = "";
        for (Row row : summary.rows()) {
            rows.add(List.of(
                    row.scenario().equals(scenario) ? "" : row.scenario(),
                    row.client(),
                    servedBy(row),
                    row.outage().map(ResultTable::outage).orElse("-"),
                    row.recovery().map(ResultTable::longest).orElse("-"),
                    String.valueOf(row.moves()),
                    row.reversion().map(verdict -> reversion(row, verdict)).orElse("-"),
                    row.verdict().name()));
            scenario = row.scenario();
        }
        StringBuilder text = new StringBuilder(layOut(rows));
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

    private static String servedBy(Row row) {
        String before = String.join("+", row.servedBefore());
        String after = String.join("+", row.servedAfter());
        return before.equals(after) ? before : before + " -> " + after;
    }

    private static String outage(Spread outage) {
        return outage.max().value().isZero() ? "no loss" : longest(outage);
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
        return verdict + ", "
                + outage.map(spread -> "out for " + longest(spread)).orElse("no loss");
    }

    /** Lays out rows in columns as wide as their widest cell. */
    static String layOut(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }
}

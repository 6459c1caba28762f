package org.reconverge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.reconverge.model.check.CampaignSummary;
import org.reconverge.model.check.CampaignSummary.Row;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.LayerRow;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.Verdict;

class ResultTableTest {

    private static Measured measured(long millis) {
        return new Measured(Duration.ofMillis(millis), Duration.ofMillis(11), Duration.ofMillis(11));
    }

    private static Optional<Spread> spread(long min, long max) {
        return Optional.of(new Spread(measured(min), measured(min), measured(max)));
    }

    private static LayerRow layer(
            String name, String state, Optional<Spread> outage, Optional<Spread> recovery, Optional<Spread> share) {
        boolean session = name.equals("iec104");
        return new LayerRow(
                name,
                state,
                outage,
                recovery,
                share,
                share.map(any -> Duration.ofSeconds(10)),
                session ? OptionalLong.of(3) : OptionalLong.empty(),
                Optional.of(Verdict.PASS),
                Verdict.PASS);
    }

    private static Row row(
            String client, long fastest, Verdict verdict, List<String> reasons, Optional<List<LayerRow>> layers) {
        boolean lost = layers.isPresent();
        return new Row(
                "silent-fibre-cut-with-a-long-name",
                client,
                2,
                1,
                0,
                1,
                List.of("berlin"),
                List.of(lost ? "frankfurt" : "berlin"),
                lost ? spread(fastest, 1200) : spread(0, 0),
                lost ? spread(fastest + 15, 1215) : Optional.empty(),
                lost ? 1 : 0,
                Optional.of(Verdict.PASS),
                lost ? spread(20, 21) : spread(0, 0),
                0,
                verdict,
                reasons,
                "",
                layers,
                Optional.empty());
    }

    /** A control that passes reads as one, and not as a client that was out for a minute and is fine. */
    @Test
    void aControlReadsAsOne() {
        Row control = new Row(
                "site-loss-berlin",
                "dns-sticky",
                2,
                2,
                0,
                0,
                List.of("berlin"),
                List.of("berlin"),
                spread(63_600, 63_700),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                0,
                Verdict.PASS,
                List.of(),
                "",
                Optional.empty(),
                Optional.of(new CampaignSummary.Control(2, Optional.of(Duration.ofMillis(63_680)))));

        assertThat(ResultTable.of(new CampaignSummary(Verdict.PASS, List.of(control))))
                .isEqualTo("""
                              SERVED BY  OUTAGE          RECOVERED      MOVES  REVERSION  VERDICT
                site-loss-berlin
                  dns-sticky  berlin     63.70 ± 0.02 s  not in 63.6 s  0      -          PASS, control
                control: it must miss its time, and passes because it does
                """.replace("\n", System.lineSeparator()));
    }

    @Test
    void everyLayerHasItsLine() {
        String table = ResultTable.of(new CampaignSummary(
                Verdict.INCONCLUSIVE,
                List.of(
                        row(
                                "gw-north",
                                640,
                                Verdict.INCONCLUSIVE,
                                List.of("iec104 was not steady"),
                                Optional.of(List.of(
                                        layer(
                                                "network",
                                                "detected in 12 ms",
                                                spread(350, 360),
                                                spread(350, 361),
                                                Optional.empty()),
                                        layer(
                                                "tunnel",
                                                "resumed",
                                                spread(640, 1200),
                                                spread(655, 1215),
                                                spread(300, 845)),
                                        layer(
                                                "iec104",
                                                "3 of 1000 down",
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty())))),
                        row("gw-south", 640, Verdict.PASS, List.of(), Optional.empty()))));

        assertThat(table).isEqualTo("""
                             SERVED BY             OUTAGE         RECOVERED                MOVES  REVERSION         VERDICT
                silent-fibre-cut-with-a-long-name
                  gw-north   berlin -> frankfurt   1.20 ± 0.02 s  655 ms .. 1.22 ± 0.02 s  1      PASS, 21 ± 11 ms  INCONCLUSIVE
                    network  detected in 12 ms     360 ± 11 ms    350 .. 361 ± 11 ms              PASS              PASS
                    tunnel   resumed, 845 ms/10 s  1.20 ± 0.02 s  655 ms .. 1.22 ± 0.02 s         PASS              PASS
                    iec104   3 of 1000 down        3 lost         -                               PASS              PASS
                  gw-south   berlin                no loss        -                        0      PASS, no loss     PASS
                INCONCLUSIVE silent-fibre-cut-with-a-long-name, gw-north: iec104 was not steady
                """.replace("\n", System.lineSeparator()));
    }

    @Test
    void aTableOfOneTrialFitsATerminal() {
        String table = ResultTable.of(new CampaignSummary(
                Verdict.PASS,
                List.of(
                        row(
                                "gw-north",
                                1200,
                                Verdict.PASS,
                                List.of(),
                                Optional.of(List.of(
                                        layer(
                                                "network",
                                                "detected in 12 ms",
                                                spread(350, 350),
                                                spread(350, 350),
                                                Optional.empty()),
                                        layer(
                                                "tunnel",
                                                "resumed",
                                                spread(640, 640),
                                                spread(655, 655),
                                                spread(845, 845))))),
                        row("gw-south", 1200, Verdict.PASS, List.of(), Optional.empty()))));

        assertThat(table.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }
}

package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reconverge.model.history.History;

class CampaignSummaryTest {

    private static TrialResult trial(int number, double outage) {
        return TrialCheck.judge(
                new GoldenTrial()
                        .number(number)
                        .north(gw ->
                                gw.outage(0, outage).site(outage, "frankfurt").site(20_300, "berlin"))
                        .history(),
                GoldenSpec.north().spec(),
                "fibre-cut");
    }

    @Test
    void hasARowForEachClientOverAllItsTrials() {
        CampaignSummary summary = CampaignSummary.of(List.of(trial(1, 300), trial(2, 500), trial(3, 400)));
        assertThat(summary.verdict()).isEqualTo(Verdict.PASS);
        assertThat(summary.rows()).hasSize(1);
        CampaignSummary.Row row = summary.rows().get(0);
        assertThat(row.scenario()).isEqualTo("fibre-cut");
        assertThat(row.client()).isEqualTo("gw-north");
        assertThat(row.trials()).isEqualTo(3).isEqualTo(row.passed());
        assertThat(row.servedBefore()).containsExactly("berlin");
        assertThat(row.servedAfter()).containsExactly("frankfurt");
        CampaignSummary.Spread outage = row.outage().orElseThrow();
        assertThat(outage.min().value()).isEqualTo(Duration.ofMillis(300));
        assertThat(outage.median().value()).isEqualTo(Duration.ofMillis(400));
        assertThat(outage.max().value()).isEqualTo(Duration.ofMillis(500));
        assertThat(row.moves()).isEqualTo(1);
        assertThat(row.reversion()).contains(Verdict.PASS);
        assertThat(row.reasons()).isEmpty();
        assertThat(row.claim()).isEqualTo("3 passes and no failure: too few for a claim about failovers to come");
    }

    @Test
    void isAsBadAsItsWorstTrialAndNamesIt() {
        CampaignSummary summary = CampaignSummary.of(List.of(trial(1, 300), trial(2, 1_500), trial(3, 1_500)));
        assertThat(summary.verdict()).isEqualTo(Verdict.FAIL);
        CampaignSummary.Row row = summary.rows().get(0);
        assertThat(row.reasons())
                .containsExactly("recovered after 1.50 s ± 0.02 s (still watched), budget 1 s (trials 2, 3)");
        assertThat(row.failed()).isEqualTo(2);
        assertThat(row.claim()).isEqualTo("2 of 3 failed: no claim");
    }

    @Test
    void countsATrialThatNeverGotToAClientAgainstEveryClient() {
        TrialResult broken = TrialCheck.judge(
                new GoldenTrial().injectorBounds(-4, 2).history(),
                GoldenSpec.north().spec(),
                "fibre-cut");
        assertThat(broken.clients()).isEmpty();
        CampaignSummary.Row row =
                CampaignSummary.of(List.of(trial(1, 300), broken)).rows().get(0);
        assertThat(row.inconclusive()).isEqualTo(1);
        assertThat(row.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(CampaignSummary.of(List.of(broken)).rows())
                .extracting(CampaignSummary.Row::client)
                .containsExactly(CampaignSummary.EVERY_CLIENT);
    }

    @Test
    void ofNothingProvesNothing() {
        assertThat(CampaignSummary.of(List.of()).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        TrialResult empty =
                TrialCheck.judge(new History(List.of()), GoldenSpec.north().spec(), "fibre-cut");
        assertThat(CampaignSummary.of(List.of(empty)).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    }
}

package org.reconverge.model.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1    | 0 | 0 | 1 pass and no failure: too few for a claim about failovers to come
            4    | 0 | 0 | 4 passes and no failure: too few for a claim about failovers to come
            5    | 0 | 0 | 5 passes and no failure: at least 54 % of failovers are within the budget at 95 % confidence
            58   | 0 | 0 | 58 passes and no failure: at least 94 % of failovers are within the budget at 95 % confidence
            59   | 0 | 0 | 59 passes and no failure: at least 95 % of failovers are within the budget at 95 % confidence
            298  | 0 | 0 | 298 passes and no failure: at least 98 % of failovers are within the budget at 95 % confidence
            299  | 0 | 0 | 299 passes and no failure: at least 99 % of failovers are within the budget at 95 % confidence
            2995 | 0 | 0 | 2995 passes and no failure: at least 99.9 % of failovers are within the budget at 95 % confidence
            49   | 1 | 0 | 1 of 50 failed: no claim
            0    | 0 | 3 | no trial proved anything: no claim (3 proved nothing and are not counted)
            59   | 0 | 1 | 59 passes and no failure: at least 95 % of failovers are within the budget at 95 % confidence (1 proved nothing and is not counted)
            """)
    void isWhatTheTrialsSupportAndNoMore(int passed, int failed, int inconclusive, String words) {
        assertThat(new Claim(passed, failed, inconclusive).describe()).isEqualTo(words);
    }
}

package org.reconverge.model.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleTest {

    private static Sample upTo(int n) {
        return new Sample(
                IntStream.rangeClosed(1, n).mapToObj(Duration::ofMillis).toList());
    }

    @Test
    void describesTheSpread() {
        Sample sample = new Sample(List.of(Duration.ofMillis(30), Duration.ofMillis(10), Duration.ofMillis(20)));
        assertThat(sample.min()).isEqualTo(Duration.ofMillis(10));
        assertThat(sample.median()).isEqualTo(Duration.ofMillis(20));
        assertThat(sample.max()).isEqualTo(Duration.ofMillis(30));
        assertThat(sample.mean()).isEqualTo(Duration.ofMillis(20));
        assertThat(sample.relativeStandardDeviation().orElseThrow()).isCloseTo(0.5, within(1e-9));
        assertThat(upTo(4).median()).isEqualTo(Duration.ofNanos(2_500_000));
    }

    @Test
    void takesPercentilesByNearestRank() {
        assertThat(upTo(100).percentile(95)).isEqualTo(Duration.ofMillis(95));
        assertThat(upTo(10).percentile(95)).isEqualTo(Duration.ofMillis(10));
        assertThat(upTo(20).percentile(95)).isEqualTo(Duration.ofMillis(19));
        assertThat(upTo(1).percentile(95)).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void boundsAQuantileOnlyIfThereAreEnoughTimes() {
        assertThat(upTo(58).upperBound(0.95, 0.95)).isEmpty();
        assertThat(upTo(59).upperBound(0.95, 0.95)).contains(Duration.ofMillis(59));
        assertThat(upTo(298).upperBound(0.99, 0.95)).isEmpty();
        assertThat(upTo(299).upperBound(0.99, 0.95)).contains(Duration.ofMillis(299));
        // With more times the bound comes below the maximum: the table value for 100 is rank 99.
        assertThat(upTo(100).upperBound(0.95, 0.95)).contains(Duration.ofMillis(99));
        assertThat(upTo(10_000).upperBound(0.95, 0.95).orElseThrow())
                .isBetween(Duration.ofMillis(9_500), Duration.ofMillis(9_560));
    }

    @Test
    void hasNoDeviationWhereThereIsNone() {
        assertThat(upTo(1).relativeStandardDeviation()).isEmpty();
        assertThat(new Sample(List.of(Duration.ZERO, Duration.ZERO)).relativeStandardDeviation())
                .isEmpty();
    }

    @Test
    void isNeverEmpty() {
        assertThatThrownBy(() -> new Sample(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}

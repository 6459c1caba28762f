package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredTest {

    @ParameterizedTest
    @CsvSource({
        // value, below, above in microseconds
        "16420000, 20000, 12000, 16.42 s ± 0.02 s",
        "16420000, 1000, 500, 16.420 s ± 0.001 s",
        "497300, 10400, 10000, 497 ms ± 11 ms",
        "497300, 1040, 1000, 497.3 ms ± 1.1 ms",
        "999999, 20000, 0, 1000 ms ± 20 ms",
        "1000000, 11000, 1400, 1.00 s ± 0.02 s",
        "0, 0, 10000, 0 ms ± 10 ms",
        "200000, 0, 1500000, 0.20 s ± 1.50 s",
    })
    void showsNoMoreThanTheAccuracySupports(long value, long below, long above, String text) {
        Measured measured = new Measured(micros(value), micros(below), micros(above));
        assertThat(measured.describe()).isEqualTo(text);
    }

    @Test
    void comparesWithTheWholeInterval() {
        Measured measured = new Measured(micros(100), micros(10), micros(5));
        assertThat(measured.surelyWithin(micros(105))).isTrue();
        assertThat(measured.surelyWithin(micros(104))).isFalse();
        assertThat(measured.surelyOver(micros(90))).isFalse();
        assertThat(measured.surelyOver(micros(89))).isTrue();
    }

    @Test
    void refusesANegativeAccuracy() {
        assertThatThrownBy(() -> new Measured(micros(1), micros(-1), micros(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }
}

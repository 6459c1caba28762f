package org.reconverge.model.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "300ms, PT0.3S, 300ms",
        "5s, PT5S, 5s",
        "1m, PT1M, 1m",
        "90s, PT1M30S, 90s",
        "2h, PT2H, 2h",
        "1.5s, PT1.5S, 1.5s",
        "1500ms, PT1.5S, 1.5s",
        "0.5ms, PT0.0005S, 0.5ms",
        "20us, PT0.00002S, 0.02ms",
        "0.001us, PT0.000000001S, 0.001us",
    })
    void readsAndWrites(String text, Duration duration, String written) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
        assertThat(DurationText.format(duration)).isEqualTo(written);
        assertThat(DurationText.parse(written)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "5S", "1m30s", "5sec", ".5s", "1e3s", "0.0001s"})
    void asksForAUnit(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .hasMessage("expected a duration with its unit, such as 300ms, 5s or 1m, but found '" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "0.0ms", "00h"})
    void rejectsNothing(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .hasMessage("expected a duration greater than zero, but found '" + text + "'");
    }
}

package org.reconverge.model.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySizeTest {

    @ParameterizedTest
    @CsvSource({
        "512m, 512000000",
        "512MB, 512000000",
        "512 MiB, 536870912",
        "1Gb, 1000000000",
        "1gib, 1073741824",
        "1.5k, 1500",
        "64KiB, 65536",
        "4096, 4096",
        "4096b, 4096",
        "2t, 2000000000000",
    })
    void readsAsContainerlabDoes(String text, long octets) {
        assertThat(MemorySize.parse(text)).contains(octets);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1m", "1x", "m", "1 m b", "1,5g"})
    void rejectsWhatIsNoAmount(String text) {
        assertThat(MemorySize.parse(text)).isEmpty();
    }
}

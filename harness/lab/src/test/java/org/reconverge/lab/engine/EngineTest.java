package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineTest {

    @ParameterizedTest
    @CsvSource({"1.41, 1.12, 1.41", "1.44, 1.24, 1.44", "1.52, 1.44, 1.44", "1.60, 1.50, 1.50", "1.41, , 1.41"})
    void theNewestVersionThatBothSidesSpeakIsChosen(String newest, String oldest, String chosen) {
        assertThat(Engine.negotiate(newest, oldest).getVersion()).isEqualTo(chosen);
    }

    @Test
    void aMissingEngineNamesEveryPlaceAndTheWayOut(@TempDir Path home) {
        EngineAddresses addresses = EngineAddresses.of(Map.of("DOCKER_HOST", "unix://" + home + "/no-such.sock"), home);

        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> Engine.connect(addresses))
                .withMessageContaining("no-such.sock (DOCKER_HOST): no such socket")
                .withMessageContaining("unset DOCKER_HOST")
                .matches(EngineUnavailableException::isAddressNamed);
    }
}

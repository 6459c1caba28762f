package org.reconverge.model.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reconverge.model.source.InvalidFileException;

class ImageMapTest {

    @ParameterizedTest
    @CsvSource({
        "quay.io/frrouting/frr:10.3.1, reconverge/frr",
        "frrouting/frr, reconverge/frr",
        "docker.io/frrouting/frr:latest, reconverge/frr",
        "frr:v8, reconverge/frr",
        "example.net/lab/bird:2.15, reconverge/bird",
        "ghcr.io/srl-labs/network-multitool, reconverge/host",
        "alpine:3.20, reconverge/host",
        "node-bird, reconverge/bird",
        "reconverge/frr:0123456789ab, reconverge/frr:0123456789ab",
        "docker.io/library/debian:trixie-slim, reconverge/host",
    })
    void knowsWhatPublishedLabsUse(String written, String image) {
        assertThat(ImageMap.builtIn().choose(written).image()).isEqualTo(image);
    }

    @Test
    void anUnknownImageIsUsedAsWrittenAndTheUserIsToldWhatToDo() {
        ImageMap.Choice choice = ImageMap.builtIn().choose("example.net/scada:4");

        assertThat(choice).isEqualTo(new ImageMap.Choice.AsWritten("example.net/scada:4"));
        assertThat(choice.explain())
                .isEqualTo(
                        "image 'example.net/scada:4' is used as written, for no pattern of the image map matches it; "
                                + "if it cannot be had, replace it: put 'images: {\"example.net/scada:4\": reconverge/host}' "
                                + "into the failover spec, or the entry into ~/.reconverge/images.yml");
    }

    @Test
    void theSpecComesBeforeTheUserAndTheUserBeforeTheBuiltIn(@TempDir Path home) throws IOException {
        Path user = Files.writeString(home.resolve("images.yml"), "\"frr:*\": user/frr\n\"a*\": user/a\n");
        Map<String, String> spec = new LinkedHashMap<>();
        spec.put("frr:9", "spec/nine");
        spec.put("*:9", "spec/any");
        ImageMap map = ImageMap.load(spec, user);

        assertThat(map.choose("frr:9").image()).isEqualTo("spec/nine");
        assertThat(map.choose("bird:9").image()).isEqualTo("spec/any");
        assertThat(map.choose("frr:8").image()).isEqualTo("user/frr");
        assertThat(map.choose("frr").image()).isEqualTo("reconverge/frr");
        assertThat(map.choose("frr:8").explain())
                .isEqualTo("image 'frr:8' is replaced by 'user/frr' (pattern 'frr:*' of ~/.reconverge/images.yml)");
    }

    @Test
    void charactersOtherThanTheStarStandForThemselves() {
        ImageMap.Entry entry = new ImageMap.Entry("a.b/*+c:*", "x", ImageMap.Origin.SPEC);

        assertThat(entry.matches("a.b/z/y+c:1")).isTrue();
        assertThat(entry.matches("aXb/z+c:1")).isFalse();
        assertThat(entry.matches("a.b/z+c")).isFalse();
    }

    @Test
    void aWrongUserFileIsAnErrorWithItsPlace(@TempDir Path home) throws IOException {
        Path user = Files.writeString(home.resolve("images.yml"), "frr: [a]\nbird:\n");

        assertThatThrownBy(() -> ImageMap.load(Map.of(), user))
                .isInstanceOf(InvalidFileException.class)
                .hasMessage(user + ":1:6 frr: expected an image, such as reconverge/frr, but found a list"
                        + System.lineSeparator()
                        + user + ":2:1 bird: expected an image, such as reconverge/frr, but found nothing");
    }
}

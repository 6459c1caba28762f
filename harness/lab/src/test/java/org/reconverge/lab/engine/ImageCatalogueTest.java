package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reconverge.lab.engine.RouterImage.ContextFile;

class ImageCatalogueTest {

    private static final String DEBIAN = "debian:trixie-slim";

    @Test
    void parentsComeBeforeChildren() {
        ImageCatalogue catalogue = new ImageCatalogue(
                List.of(image("a", "middle", "x"), image("middle", "z", "x"), image("z", null, "x")));

        assertThat(catalogue.names()).containsExactly("z", "middle", "a");
        assertThat(catalogue.withParents(List.of("middle")).stream().map(RouterImage::name))
                .containsExactly("z", "middle");
    }

    @Test
    void aTagChangesWithEveryInputAndWithNothingElse() {
        Map<String, String> tags = tags("base file", "frr file", DEBIAN);

        assertThat(tags.get("frr")).matches("reconverge/frr:[0-9a-f]{12}");
        assertThat(tags("base file", "frr file", DEBIAN)).isEqualTo(tags);
        assertThat(tags("base file", "other", DEBIAN).get("frr")).isNotEqualTo(tags.get("frr"));
        assertThat(tags("base file", "other", DEBIAN).get("base")).isEqualTo(tags.get("base"));
        assertThat(tags("other", "frr file", DEBIAN).get("frr")).isNotEqualTo(tags.get("frr"));
        assertThat(tags("base file", "frr file", "other").get("frr")).isNotEqualTo(tags.get("frr"));
    }

    @Test
    void textMovedFromOneFileToTheNextChangesTheTag() {
        RouterImage one = new RouterImage("i", Optional.empty(), List.of(file("a", "xy"), file("b", "z")));
        RouterImage other = new RouterImage("i", Optional.empty(), List.of(file("a", "x"), file("b", "yz")));

        assertThat(new ImageCatalogue(List.of(one)).tags(DEBIAN))
                .isNotEqualTo(new ImageCatalogue(List.of(other)).tags(DEBIAN));
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        ImageCatalogue catalogue = new ImageCatalogue(List.of(image("frr", null, "x")));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> catalogue.withParents(List.of("fr")))
                .withMessage("there is no router image 'fr'; there are frr");
    }

    @Test
    void aCircleIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageCatalogue(List.of(image("a", "b", "x"), image("b", "a", "x"))))
                .withMessageContaining("circle");
    }

    @Test
    void everyStageOfADockerfileIsLabelled() {
        String labelled = BuildContext.labelled("ARG BASE_IMAGE\nFROM ${BASE_IMAGE} AS build\nRUN x\nfrom y\n", "frr");

        assertThat(labelled).isEqualTo("""
                        ARG BASE_IMAGE
                        FROM ${BASE_IMAGE} AS build
                        LABEL org.reconverge.image.unfinished=frr
                        RUN x
                        from y
                        LABEL org.reconverge.image.unfinished=frr
                        """);
    }

    @Test
    void scriptsAreExecutable() {
        assertThat(file("start", "#!/bin/sh\n").mode()).isEqualTo(0755);
        assertThat(file("daemons", "bgpd=yes\n").mode()).isEqualTo(0644);
    }

    private static Map<String, String> tags(String baseContent, String frrContent, String debian) {
        return new ImageCatalogue(List.of(image("base", null, baseContent), image("frr", "base", frrContent)))
                .tags(debian);
    }

    private static RouterImage image(String name, @Nullable String parent, String content) {
        return new RouterImage(name, Optional.ofNullable(parent), List.of(file("Dockerfile", content)));
    }

    private static ContextFile file(String path, String content) {
        return new ContextFile(path, content.getBytes(StandardCharsets.UTF_8));
    }
}

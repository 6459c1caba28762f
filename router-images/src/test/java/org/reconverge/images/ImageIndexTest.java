package org.reconverge.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the index to the folders that were packaged. */
class ImageIndexTest {

    private static final Path PACKAGED = Path.of("target/classes/org/reconverge/images");

    private final Properties index = new Properties();

    @BeforeEach
    void readIndex() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                getClass().getResourceAsStream("/org/reconverge/images/index.properties"), "index.properties")) {
            index.load(in);
        }
    }

    @Test
    void namesEveryFolder() throws IOException {
        try (Stream<Path> folders = Files.list(PACKAGED).filter(Files::isDirectory)) {
            assertThat(list("images"))
                    .containsExactlyInAnyOrderElementsOf(
                            folders.map(folder -> folder.getFileName().toString())
                                    .toList());
        }
    }

    @Test
    void namesEveryFileOfEveryFolder() throws IOException {
        for (String image : list("images")) {
            Path folder = PACKAGED.resolve(image);
            try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
                assertThat(list(image + ".files"))
                        .as(image)
                        .containsExactlyInAnyOrderElementsOf(
                                files.map(file -> folder.relativize(file).toString())
                                        .toList());
            }
        }
    }

    @Test
    void everyParentIsListedBeforeItsChildren() {
        List<String> images = list("images");
        for (String image : images) {
            String parent = index.getProperty(image + ".parent");
            assertThat(parent).as("%s.parent", image).isNotNull();
            if (!parent.isEmpty()) {
                assertThat(images.subList(0, images.indexOf(image))).contains(parent);
            }
        }
    }

    @Test
    void everyImageSaysWhatItIs() throws IOException {
        for (String image : list("images")) {
            assertThat(Files.readString(PACKAGED.resolve(image).resolve("Dockerfile")))
                    .contains("LABEL org.reconverge.image=" + image + "\n")
                    .containsPattern("ARG BASE_IMAGE=\\S+\nFROM \\$\\{BASE_IMAGE}\n");
        }
    }

    private List<String> list(String key) {
        return List.of(index.getProperty(key, "").split(","));
    }
}

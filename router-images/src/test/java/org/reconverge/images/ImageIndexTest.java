package org.reconverge.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the index to the folders of the images and to what was packaged. */
class ImageIndexTest {

    private static final String PACKAGED = "/org/reconverge/images/";

    private final Properties index = new Properties();

    @BeforeEach
    void readIndex() throws IOException {
        try (InputStream in = resource("index.properties")) {
            index.load(in);
        }
    }

    @Test
    void namesEveryImage() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(""))) {
            assertThat(list("images"))
                    .containsExactlyInAnyOrderElementsOf(
                            folders.filter(folder -> Files.exists(folder.resolve("Dockerfile")))
                                    .map(Path::toString)
                                    .toList());
        }
    }

    @Test
    void namesEveryFileOfAnImage() throws IOException {
        for (String image : list("images")) {
            try (Stream<Path> files = Files.list(Path.of(image))) {
                assertThat(list(image + ".files"))
                        .as(image)
                        .containsAll(files.filter(Files::isRegularFile)
                                .map(file -> file.getFileName().toString())
                                .filter(name -> !name.equals("pom.xml") && !name.equals("README.md"))
                                .toList());
            }
        }
    }

    @Test
    void everyNamedFileIsPackaged() throws IOException {
        for (String image : list("images")) {
            for (String file : list(image + ".files")) {
                try (InputStream in = resource(image + "/" + file)) {
                    assertThat(in.read()).as("%s/%s", image, file).isNotNegative();
                }
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
            try (InputStream in = resource(image + "/Dockerfile")) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("LABEL org.reconverge.image=" + image + "\n")
                        .containsPattern("ARG BASE_IMAGE=\\S+\nFROM \\$\\{BASE_IMAGE}\n");
            }
        }
    }

    private List<String> list(String key) {
        return List.of(index.getProperty(key, "").split(","));
    }

    private InputStream resource(String name) {
        return Objects.requireNonNull(getClass().getResourceAsStream(PACKAGED + name), name);
    }
}

package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Image;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.engine.RouterImage.ContextFile;

/** Builds small images on the real engine; they differ from the router images by name only. */
class ImageStoreIT {

    @TempDir
    private static Path memory;

    private static Engine engine;

    @BeforeAll
    static void connect() {
        engine = Engine.connect();
    }

    @AfterAll
    static void removeImages() {
        tags().forEach(tag ->
                engine.client().removeImageCmd(tag).withForce(true).exec());
        engine.close();
    }

    @Test
    void anImageIsBuiltOnceAndNoOrphansRemainAfterTenRebuilds() {
        List<String> progress = new ArrayList<>();

        for (int version = 0; version < 10; version++) {
            ImageStore store = store("version " + version, progress);
            String tag = store.ensure("it-child");
            int reports = progress.size();

            assertThat(tags()).hasSize(2).contains(tag);
            assertThat(store.ensure("it-child")).isEqualTo(tag);
            assertThat(progress).as("nothing is built twice").hasSize(reports);
        }

        assertThat(dangling()).isEmpty();
    }

    @Test
    void aChildHoldsTheFilesOfItsParentAndScriptsAreExecutable() {
        String tag = store("content", new ArrayList<>()).ensure("it-child");

        String id = engine.client()
                .createContainerCmd(tag)
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode("none"))
                .withLabels(Map.of(Labels.ROLE, "throw-away"))
                .withCmd("/check")
                .exec()
                .getId();
        try {
            engine.client().startContainerCmd(id).exec();
            int exitCode = engine.client().waitContainerCmd(id).start().awaitStatusCode();
            assertThat(exitCode).isZero();
        } finally {
            engine.client().removeContainerCmd(id).withForce(true).exec();
        }
    }

    @Test
    void aFailedBuildShowsItsLogAndLeavesNothingOnceTheNextSucceeds() {
        store("before", new ArrayList<>()).ensure("it-child");
        ImageStore broken = new ImageStore(
                engine,
                ProgressListener.silent(),
                new ImageCatalogue(List.of(image("it-parent", Optional.empty(), """
                        ARG BASE_IMAGE
                        FROM ${BASE_IMAGE}
                        RUN echo fine > /fine
                        RUN echo the reason; exit 7
                        """))),
                users("."));

        assertThatExceptionOfType(ImageBuildException.class)
                .isThrownBy(() -> broken.ensure("it-parent"))
                .withMessageContaining("the reason")
                .withMessageContaining("returned a non-zero code: 7");
        assertThat(dangling()).as("control: the failed build left a layer").isNotEmpty();
        store("after", new ArrayList<>()).ensure("it-child");

        assertThat(dangling()).isEmpty();
    }

    @Test
    void severalBuildersAtOnceAgree() {
        List<CompletableFuture<String>> builders = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> store("together", new ArrayList<>()).ensure("it-child")))
                .toList();

        assertThat(builders.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    }

    @Test
    void anImageThatAContainerUsesOutlivesANewVersion() {
        String old = store("used", new ArrayList<>()).ensure("it-child");
        String id =
                engine.client().createContainerCmd(old).withCmd("true").exec().getId();
        try {
            String current = store("newer", new ArrayList<>()).ensure("it-child");

            assertThat(tags()).contains(old, current);
        } finally {
            engine.client().removeContainerCmd(id).exec();
        }
        store("newest", new ArrayList<>()).ensure("it-child");
        assertThat(tags()).doesNotContain(old);
    }

    @Test
    void anImageThatAnotherCheckoutUsesOutlivesANewVersion() {
        String theirs = store("theirs", new ArrayList<>(), "..").ensure("it-child");

        String ours = store("ours", new ArrayList<>()).ensure("it-child");
        assertThat(tags()).contains(theirs, ours);

        store("theirs, later", new ArrayList<>(), "..").ensure("it-child");
        assertThat(tags()).contains(ours).doesNotContain(theirs);
    }

    private static ImageStore store(String version, List<String> progress) {
        return store(version, progress, ".");
    }

    private static ImageStore store(String version, List<String> progress, String checkout) {
        RouterImage parent = image(
                "it-parent",
                Optional.empty(),
                "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nRUN echo parent > /parent\nRUN echo '" + version
                        + "' > /version\n");
        RouterImage child = new RouterImage(
                "it-child",
                Optional.of("it-parent"),
                List.of(
                        file("Dockerfile", "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\nCOPY check /check\n"),
                        file("check", "#!/bin/sh\ntest -e /parent\n")));
        return new ImageStore(
                engine,
                (phase, detail, done, total) -> progress.add(detail),
                new ImageCatalogue(List.of(parent, child)),
                users(checkout));
    }

    private static ImageUsers users(String checkout) {
        return new ImageUsers(memory, Path.of(checkout));
    }

    private static RouterImage image(String name, Optional<String> parent, String dockerfile) {
        return new RouterImage(name, parent, List.of(file("Dockerfile", dockerfile)));
    }

    private static ContextFile file(String path, String content) {
        return new ContextFile(path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static Set<String> tags() {
        return engine.client().listImagesCmd().withReferenceFilter("reconverge/it-*").exec().stream()
                .flatMap(image -> Stream.of(image.getRepoTags()))
                .collect(Collectors.toSet());
    }

    /** What is left without a tag of the images built here; others may be building theirs. */
    private static Set<String> dangling() {
        return engine
                .client()
                .listImagesCmd()
                .withDanglingFilter(true)
                .withLabelFilter(Labels.IMAGE_UNFINISHED)
                .exec()
                .stream()
                .filter(image -> image.getLabels().values().stream().anyMatch(value -> value.startsWith("it-")))
                .map(Image::getId)
                .collect(Collectors.toSet());
    }
}

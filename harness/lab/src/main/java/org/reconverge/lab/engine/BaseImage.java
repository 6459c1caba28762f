package org.reconverge.lab.engine;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.reconverge.lab.ProgressListener;

/**
 * The Debian that the router images build on: from a registry where one answers, bootstrapped from a Debian mirror
 * where none does.
 */
final class BaseImage {

    /** The base where a registry answers. */
    static final String PULLED = "debian:trixie-slim";

    static final String BOOTSTRAP_NAME = "debian";

    private static final List<String> BOOTSTRAP =
            List.of("mmdebstrap", "--variant=minbase", "--include=ca-certificates", "trixie");

    /** The base where no registry answers; the tag changes with the way it is made. */
    static final String BOOTSTRAPPED = "reconverge/" + BOOTSTRAP_NAME + ":trixie-"
            + UUID.nameUUIDFromBytes(String.join(" ", BOOTSTRAP).getBytes(StandardCharsets.UTF_8))
                    .toString()
                    .substring(0, 8);

    private static final Duration PULL_PATIENCE = Duration.ofSeconds(10);

    private final Engine engine;
    private final ProgressListener progress;

    BaseImage(Engine engine, ProgressListener progress) {
        this.engine = engine;
        this.progress = progress;
    }

    /**
     * Returns the name of a base that the engine has now.
     *
     * @param fresh whether to ask the registry, or the mirror, even if the engine has a base
     * @throws ImageBuildException if there is none and neither way leads to one; says why for both
     */
    String obtain(boolean fresh) {
        if (!fresh && has(PULLED)) {
            return PULLED;
        }
        String pullFailure;
        try {
            progress.progress("images", "pulling " + PULLED, 0, 0);
            pull();
            return PULLED;
        } catch (IOException | RuntimeException e) {
            pullFailure = EngineMessage.of(e);
        }
        if (!fresh && has(BOOTSTRAPPED)) {
            return BOOTSTRAPPED;
        }
        progress.progress("images", "no registry answers; bootstrapping Debian from a mirror", 0, 0);
        try {
            bootstrap();
            return BOOTSTRAPPED;
        } catch (IOException e) {
            throw new ImageBuildException(
                    BOOTSTRAPPED,
                    "neither way to a plain Debian works\n  pull of " + PULLED + ": " + pullFailure + "\n  bootstrap: "
                            + e.getMessage(),
                    e);
        }
    }

    private boolean has(String image) {
        try {
            engine.client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private void pull() throws IOException {
        Pull pull = engine.client().pullImageCmd(PULLED).exec(new Pull());
        try {
            while (!pull.awaitCompletion(250, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - pull.lastSign > PULL_PATIENCE.toNanos()) {
                    pull.close();
                    throw new IOException("the registry did not answer for " + PULL_PATIENCE.toSeconds() + " s");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        Optional<String> error = pull.error();
        if (error.isPresent()) {
            throw new IOException(error.get());
        }
    }

    private void bootstrap() throws IOException {
        if (!DebianPackages.isOnPath("mmdebstrap")) {
            progress.progress("images", "installing mmdebstrap", 0, 0);
            DebianPackages.install(List.of("mmdebstrap", "debian-archive-keyring"));
        }
        Path directory = Files.createTempDirectory("reconverge-debian");
        Path rootFileSystem = directory.resolve("rootfs.tar");
        Path context = directory.resolve("context.tar");
        try {
            List<String> command = new ArrayList<>(BOOTSTRAP);
            command.add(rootFileSystem.toString());
            ExternalCommand.run(command, Map.of());
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(context))) {
                BuildContext.writeRootFileSystem(rootFileSystem, out);
            }
            try (InputStream in = Files.newInputStream(context)) {
                new ImageBuild(engine, step -> {}).run(BOOTSTRAP_NAME, BOOTSTRAPPED, in, Map.of(), false);
            }
        } finally {
            Files.deleteIfExists(context);
            Files.deleteIfExists(rootFileSystem);
            Files.deleteIfExists(directory);
        }
    }

    private static final class Pull extends StreamedAnswer<PullResponseItem> {

        private volatile long lastSign = System.nanoTime();

        @Override
        public void onNext(PullResponseItem item) {
            lastSign = System.nanoTime();
            super.onNext(item);
        }
    }
}

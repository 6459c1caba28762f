package org.reconverge.lab.engine;

import com.github.dockerjava.api.command.BuildImageCmd;
import com.github.dockerjava.api.model.BuildResponseItem;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One build by the engine's classic builder, which every engine has and which needs no session beside the request. */
final class ImageBuild {

    private static final Logger LOG = LoggerFactory.getLogger(ImageBuild.class);
    private static final int KEPT_LINES = 30;
    private static final List<String> PROXY_VARIABLES = List.of("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY");

    private final Engine engine;
    private final Consumer<String> steps;

    /**
     * Prepares a build.
     *
     * @param engine where to build
     * @param steps told each step, such as {@code Step 3/7 : RUN …}
     */
    ImageBuild(Engine engine, Consumer<String> steps) {
        this.engine = engine;
        this.steps = steps;
    }

    /**
     * Builds and tags an image.
     *
     * @param name the image's name below {@code reconverge/}
     * @param tag the full tag it gets when it is finished, and not before
     * @param context the build context, a tar archive
     * @param arguments the build arguments
     * @param cached whether layers of earlier builds may be used
     * @throws ImageBuildException if a step fails
     */
    void run(String name, String tag, InputStream context, Map<String, String> arguments, boolean cached) {
        try (BuildImageCmd build = engine.client().buildImageCmd(context)) {
            build.withTags(Set.of(tag))
                    .withDockerfilePath(BuildContext.DOCKERFILE)
                    .withLabels(Map.of(Labels.IMAGE, name, Labels.IMAGE_TAG, tag, Labels.IMAGE_UNFINISHED, ""))
                    .withNetworkMode("host")
                    .withNoCache(!cached)
                    .withRemove(true)
                    .withForcerm(true);
            arguments.forEach(build::withBuildArg);
            for (String variable : PROXY_VARIABLES) {
                passOn(variable, build);
                passOn(variable.toLowerCase(Locale.ROOT), build);
            }
            Log log = build.exec(new Log());
            try {
                log.awaitCompletion();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ImageBuildException(tag, "interrupted", e);
            }
            Optional<String> error = log.error();
            if (error.isPresent()) {
                throw new ImageBuildException(tag, error.get(), log.lastLines());
            }
        }
    }

    /** Docker knows these arguments without an ARG and keeps them out of the image. */
    private static void passOn(String variable, BuildImageCmd build) {
        String value = System.getenv(variable);
        if (value != null && !value.isBlank()) {
            build.withBuildArg(variable, value);
        }
    }

    private final class Log extends StreamedAnswer<BuildResponseItem> {

        private final Deque<String> lines = new ArrayDeque<>();

        @Override
        public void onNext(BuildResponseItem item) {
            super.onNext(item);
            if (item.getStream() != null) {
                item.getStream()
                        .lines()
                        .map(String::stripTrailing)
                        .filter(line -> !line.isEmpty())
                        .forEach(this::add);
            }
        }

        private void add(String line) {
            LOG.debug("{}", line);
            if (line.startsWith("Step ")) {
                steps.accept(line);
            }
            synchronized (lines) {
                if (lines.size() == KEPT_LINES) {
                    lines.removeFirst();
                }
                lines.addLast(line);
            }
        }

        List<String> lastLines() {
            synchronized (lines) {
                return List.copyOf(lines);
            }
        }
    }
}

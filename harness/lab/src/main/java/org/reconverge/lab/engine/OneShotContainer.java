package org.reconverge.lab.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Runs one script in a container that is thrown away. */
final class OneShotContainer {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private OneShotContainer() {}

    /**
     * Runs a script to its end.
     *
     * @param engine where
     * @param image the image, which has a POSIX shell
     * @param script the script; what it writes to either stream is its output
     * @param files a tar archive unpacked at the root before; empty for none
     * @param host how the container is run; it gets no network in any case
     * @return what the script wrote
     */
    static String run(Engine engine, String image, String script, byte[] files, HostConfig host) {
        Map<String, String> labels = new HashMap<>(Owner.current().labels());
        labels.put(Labels.LAB, "one-shot-" + UUID.randomUUID());
        labels.put(Labels.ROLE, "throw-away");
        String id = engine.client()
                .createContainerCmd(image)
                .withLabels(labels)
                .withEntrypoint("sh", "-c", "exec 2>&1\n" + script)
                .withCmd()
                .withHostConfig(host.withNetworkMode("none"))
                .exec()
                .getId();
        try {
            if (files.length > 0) {
                engine.client()
                        .copyArchiveToContainerCmd(id)
                        .withTarInputStream(new ByteArrayInputStream(files))
                        .withRemotePath("/")
                        .exec();
            }
            engine.client().startContainerCmd(id).exec();
            Output output = engine.client()
                    .logContainerCmd(id)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .exec(new Output());
            if (!output.awaitCompletion(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a script in " + image + " did not end within " + TIMEOUT.toSeconds()
                        + " s; so far it wrote: " + output.text());
            }
            return output.text();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            try {
                engine.client().removeContainerCmd(id).withForce(true).exec();
            } catch (NotFoundException | ConflictException e) {
                // Somebody else removed it, or is about to.
            }
        }
    }

    private static final class Output extends ResultCallback.Adapter<Frame> {

        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

        @Override
        public void onNext(Frame frame) {
            octets.writeBytes(frame.getPayload());
        }

        String text() {
            return octets.toString(StandardCharsets.UTF_8);
        }
    }
}

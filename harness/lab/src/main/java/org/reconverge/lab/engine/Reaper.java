package org.reconverge.lab.engine;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A container that outlives this process and removes what is left of a lab, so that even {@code kill -9} leaves
 * nothing.
 *
 * <p>It holds its standard input open to this process; the kernel closes that connection when the process ends,
 * however it ends. The container then removes every container, network and volume that carries the lab's label, and
 * the engine removes the container. It needs no port, no network and no capability, only the engine's socket.
 */
public final class Reaper implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(20);
    private static final String ROLE = "reaper";

    private final Engine engine;
    private final String container;
    private final Attachment attachment;

    private Reaper(Engine engine, String container, Attachment attachment) {
        this.engine = engine;
        this.container = container;
        this.attachment = attachment;
    }

    /**
     * Starts a reaper. Everything created from now on with the label {@link Labels#LAB} of this lab goes with this
     * process.
     *
     * @param engine where the lab runs
     * @param images provides the image to run it from
     * @param lab the lab's id, as in {@link Labels#LAB}
     * @throws IllegalStateException if it cannot reach the engine's socket
     */
    public static Reaper start(Engine engine, ImageStore images, String lab) {
        Map<String, String> labels = new HashMap<>(Owner.current().labels());
        labels.put(Labels.LAB, lab);
        labels.put(Labels.ROLE, ROLE);
        String id = engine.client()
                .createContainerCmd(images.ensure("panel"))
                .withLabels(labels)
                .withEntrypoint("perl", "-e", script())
                .withCmd("/var/run/docker.sock", Labels.LAB + "=" + lab)
                .withStdinOpen(true)
                .withStdInOnce(true)
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode("none")
                        .withAutoRemove(true)
                        .withCapDrop(Capability.ALL)
                        // Where SELinux or user namespaces are in force, the socket is out of reach without these.
                        .withSecurityOpts(List.of("label=disable"))
                        .withUsernsMode("host")
                        .withReadonlyRootfs(true)
                        .withBinds(new Bind(engine.socketOnHost(), new Volume("/var/run/docker.sock"), AccessMode.rw)))
                .exec()
                .getId();
        Attachment attachment = new Attachment();
        try {
            // Attached before it runs: had this process died in between, nobody would ever close the input.
            engine.client()
                    .attachContainerCmd(id)
                    .withStdIn(attachment.input)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(true)
                    .exec(attachment)
                    .awaitStarted(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            engine.client().startContainerCmd(id).exec();
            attachment.awaitReady();
            return new Reaper(engine, id, attachment);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            discard(engine, id, attachment);
            throw new IllegalStateException("interrupted while the reaper started", e);
        } catch (RuntimeException e) {
            discard(engine, id, attachment);
            throw e;
        }
    }

    /** Lets the reaper look once more, remove what is left all the same, and end. Returns when it is gone. */
    @Override
    public void close() {
        attachment.input.write("released\n");
        long deadline = System.nanoTime() + END_TIMEOUT.toNanos();
        try {
            attachment.awaitCompletion(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            while (exists() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            discard(engine, container, attachment);
        }
    }

    private boolean exists() {
        try {
            engine.client().inspectContainerCmd(container).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private static void discard(Engine engine, String container, Attachment attachment) {
        attachment.input.close();
        try {
            engine.client().removeContainerCmd(container).withForce(true).exec();
        } catch (NotFoundException | ConflictException e) {
            // It is gone, or the engine is removing it.
        }
        try {
            attachment.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String script() {
        try (InputStream in = Reaper.class.getResourceAsStream("reaper.pl")) {
            if (in == null) {
                throw new IllegalStateException("reaper.pl is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Attachment extends ResultCallback.Adapter<Frame> {

        private final HeldInput input = new HeldInput();
        private final CompletableFuture<Void> ready = new CompletableFuture<>();
        private final StringBuilder output = new StringBuilder();

        @Override
        public void onNext(Frame frame) {
            output.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
            if (output.indexOf("ready\n") >= 0) {
                ready.complete(null);
            }
        }

        @Override
        public void onError(Throwable failure) {
            ready.completeExceptionally(failure);
            super.onComplete();
        }

        @Override
        public void onComplete() {
            ready.completeExceptionally(
                    new IOException("it ended: " + output.toString().strip()));
            super.onComplete();
        }

        void awaitReady() throws InterruptedException {
            try {
                ready.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "the reaper does not run, so a killed process would leave its lab behind: "
                                + EngineMessage.of(e),
                        e);
            } catch (TimeoutException e) {
                throw new IllegalStateException(
                        "the reaper was not ready within " + START_TIMEOUT.toSeconds() + " s", e);
            }
        }
    }

    /** A stream that gives nothing until something is written, and ends when it is closed. */
    private static final class HeldInput extends InputStream {

        private static final byte[] END = {};

        private final LinkedBlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
        private byte[] current = {};
        private int position;
        private boolean ended;

        void write(String text) {
            chunks.add(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (position == current.length && !ended) {
                try {
                    current = chunks.take();
                    position = 0;
                    ended = current == END;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
            }
            if (ended) {
                return -1;
            }
            int count = Math.min(length, current.length - position);
            System.arraycopy(current, position, target, offset, count);
            position += count;
            return count;
        }

        @Override
        public void close() {
            chunks.add(END);
        }
    }
}

package org.reconverge.lab.stream;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process inside a container with its streams attached: either a container's main process or an exec.
 *
 * <p>Output arrives on a thread of the engine's client, in order within a stream; the order between standard output and
 * standard error is not defined.
 */
public final class ContainerProcess implements AutoCloseable {

    /** Receives output. */
    @FunctionalInterface
    public interface Sink {
        /** Takes some octets, which may end within a line or a character. */
        void accept(byte[] octets);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ContainerProcess.class);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final boolean hasInput;
    private final OutgoingStream input = new OutgoingStream();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CompletableFuture<Void> attached = new CompletableFuture<>();
    private final ResultCallback.Adapter<Frame> callback;

    private ContainerProcess(boolean hasInput, Sink out, Sink err) {
        this.hasInput = hasInput;
        callback = new ResultCallback.Adapter<>() {
            @Override
            public void onStart(Closeable stream) {
                super.onStart(stream);
                attached.complete(null);
            }

            @Override
            public void onNext(Frame frame) {
                (frame.getStreamType() == StreamType.STDERR ? err : out).accept(frame.getPayload());
            }

            @Override
            public void onError(Throwable failure) {
                attached.completeExceptionally(failure);
                ended.completeExceptionally(failure);
                super.onError(failure);
            }

            @Override
            public void onComplete() {
                ended.complete(null);
                super.onComplete();
            }
        };
    }

    /**
     * Attaches to the main process of a container that has not been started yet, so that nothing it writes is missed.
     *
     * @param withInput whether to attach standard input; the container must have been created with it open
     */
    public static ContainerProcess attach(
            DockerClient client, String container, boolean withInput, Sink out, Sink err) {
        ContainerProcess process = new ContainerProcess(withInput, out, err);
        var command = client.attachContainerCmd(container)
                .withFollowStream(true)
                .withStdOut(true)
                .withStdErr(true);
        if (withInput) {
            command.withStdIn(process.input);
        }
        command.exec(process.callback);
        process.attached.orTimeout(20, TimeUnit.SECONDS).join();
        return process;
    }

    /** Starts a command in a running container. */
    public static ContainerProcess exec(DockerClient client, String container, Sink out, Sink err, String... command) {
        String exec = client.execCreateCmd(container)
                .withAttachStdin(true)
                .withAttachStdout(true)
                .withAttachStderr(true)
                .withCmd(command)
                .exec()
                .getId();
        ContainerProcess process = new ContainerProcess(true, out, err);
        client.execStartCmd(exec).withStdIn(process.input).exec(process.callback);
        return process;
    }

    /** Sends text to the process's standard input; does nothing if the process has ended. */
    public void send(String text) {
        if (ended.isDone()) {
            return;
        }
        input.send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a future that completes when the process's output ends, however it ended. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    /**
     * Lets go of the process. The engine's client does not close one direction alone, so a process that should end must be
     * told to in its own language before.
     */
    @Override
    public void close() {
        try {
            // A write to a stream that is closed already, even of its end, ends a thread of the client with a stack
            // trace;
            // so the (daemon) thread that reads the input of a process that died is left waiting.
            if (!ended.isDone()) {
                input.close();
                if (hasInput && input.awaitDrained(PATIENCE)) {
                    ended.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.trace("closed before the process ended", e);
        }
        try {
            callback.close();
        } catch (IOException e) {
            ended.completeExceptionally(e);
        }
        ended.complete(null);
    }
}

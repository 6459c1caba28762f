package org.reconverge.lab.panel;

import com.github.dockerjava.api.DockerClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.reconverge.lab.stream.ContainerProcess;
import org.reconverge.lab.stream.LineSink;
import org.reconverge.model.history.MonotonicTime;

/**
 * The connection to the patch panel's agent. It speaks the protocol that {@code panel-agent} documents: scripts go in,
 * readings of the kernel's monotonic clock from before and after come out.
 */
final class PanelAgent implements AutoCloseable {

    /** What a script said, and between which two readings it took effect. */
    record Answer(MonotonicTime before, MonotonicTime after, String output) {}

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ContainerProcess process;
    private final AtomicLong requests = new AtomicLong();
    private final Map<String, CompletableFuture<Answer>> pending = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final Reader reader = new Reader();
    private volatile String lastError = "";

    private PanelAgent(DockerClient client, String container) {
        process = ContainerProcess.attach(client, container, true, reader, new LineSink(line -> lastError = line));
        process.ended().whenComplete((ok, failure) -> {
            PanelException gone =
                    new PanelException("the patch panel has ended" + (lastError.isEmpty() ? "" : ": " + lastError));
            ready.completeExceptionally(gone);
            pending.values().forEach(answer -> answer.completeExceptionally(gone));
        });
    }

    /** Attaches to a panel's container that has been created but not started, starts it, and waits for the agent. */
    static PanelAgent start(DockerClient client, String container) {
        PanelAgent agent = new PanelAgent(client, container);
        client.startContainerCmd(container).exec();
        agent.await(agent.ready, "the start of the patch panel");
        return agent;
    }

    /** Adds a listener for what the agent says unasked: the text after {@code "! "}. */
    void onAnnouncement(Consumer<String> listener) {
        listeners.add(listener);
    }

    /**
     * Carries out a script.
     *
     * @throws PanelException if a line of it fails
     */
    Answer run(String script) {
        String id = nextId();
        return request(id, "run " + id + " " + length(script) + "\n" + script);
    }

    /**
     * Carries out a script whose undo the agent holds from before the first line on.
     *
     * @param injection the id that {@link #revert} takes
     * @param lease after how long the agent takes it back by itself
     * @throws PanelException if a line of it fails; the undo has been carried out then
     */
    Answer inject(String injection, Duration lease, String script, String undo) {
        return request(
                injection,
                "inject " + injection + " " + lease.toMillis() + " " + length(script) + " " + length(undo) + "\n"
                        + script + undo);
    }

    /**
     * Carries out the undo of an injection.
     *
     * @throws PanelException if it is not in force (any more), or a line of the undo fails
     */
    Answer revert(String injection) {
        String id = nextId();
        return request(id, "revert " + id + " " + injection + "\n");
    }

    private String nextId() {
        return "r" + requests.incrementAndGet();
    }

    private static int length(String script) {
        return script.getBytes(StandardCharsets.UTF_8).length;
    }

    private Answer request(String id, String text) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        pending.put(id, answer);
        process.send(text);
        if (process.ended().isDone()) {
            answer.completeExceptionally(new PanelException("the patch panel has ended"));
        }
        return await(answer, text.lines().limit(3).toList().toString());
    }

    private <T> T await(CompletableFuture<T> future, String what) {
        try {
            return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new PanelException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new PanelException("no answer within " + TIMEOUT.toSeconds() + " s to " + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PanelException("interrupted while waiting for " + what, e);
        }
    }

    @Override
    public void close() {
        process.send("quit now\n");
        process.close();
    }

    /** Cuts the agent's output into answers, which have a length, and announcements, which are lines. */
    private final class Reader implements ContainerProcess.Sink {

        private final java.io.ByteArrayOutputStream buffer = new java.io.ByteArrayOutputStream();

        @Override
        public void accept(byte[] octets) {
            buffer.writeBytes(octets);
            byte[] all = buffer.toByteArray();
            int start = 0;
            while (true) {
                int end = indexOfLineEnd(all, start);
                if (end < 0) {
                    break;
                }
                String line = new String(all, start, end - start, StandardCharsets.UTF_8);
                int next = end + 1;
                if (line.startsWith("= ")) {
                    String[] words = line.split(" ");
                    int length = Integer.parseInt(words[5]);
                    if (all.length - next < length) {
                        break;
                    }
                    answered(words, new String(all, next, length, StandardCharsets.UTF_8));
                    next += length;
                } else if (line.startsWith("! ready ")) {
                    ready.complete(null);
                } else if (line.startsWith("! ")) {
                    listeners.forEach(listener -> listener.accept(line.substring(2)));
                }
                start = next;
            }
            buffer.reset();
            buffer.write(all, start, all.length - start);
        }

        private int indexOfLineEnd(byte[] all, int from) {
            for (int i = from; i < all.length; i++) {
                if (all[i] == '\n') {
                    return i;
                }
            }
            return -1;
        }

        private void answered(String[] words, String output) {
            CompletableFuture<Answer> answer = pending.remove(words[1]);
            if (answer == null) {
                return;
            }
            if (words[2].equals("0")) {
                answer.complete(new Answer(
                        new MonotonicTime(Long.parseLong(words[3])),
                        new MonotonicTime(Long.parseLong(words[4])),
                        output));
            } else {
                answer.completeExceptionally(new PanelException(output.strip()));
            }
        }
    }
}

package org.reconverge.lab.stream;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One persistent POSIX shell inside a container. A command costs a tenth of a millisecond where an exec of its own costs
 * fifty; each runs in a subshell, so that none can change the directory, the variables or the options of the next.
 */
public final class Shell implements AutoCloseable {

    /**
     * What a command said.
     *
     * @param status its exit status
     * @param output standard output and standard error together
     */
    public record Result(int status, String output) {}

    private final String name;
    private final ContainerProcess process;
    private final String marker = "reconverge-" + UUID.randomUUID();
    private final StringBuilder output = new StringBuilder();
    private CompletableFuture<Result> pending = new CompletableFuture<>();

    /**
     * Opens a shell.
     *
     * @param name the node's name, for messages
     */
    public Shell(DockerClient client, String container, String name) {
        this.name = name;
        LineSink sink = new LineSink(this::line);
        this.process = ContainerProcess.exec(client, container, sink, sink, "/bin/sh");
    }

    /**
     * Runs a command and waits for its end.
     *
     * @throws IllegalStateException if it does not end in time or the shell has gone
     */
    public synchronized Result run(String command, Duration timeout) {
        CompletableFuture<Result> result;
        synchronized (output) {
            output.setLength(0);
            pending = new CompletableFuture<>();
            result = pending;
        }
        process.ended()
                .whenComplete((ok, failure) -> result.completeExceptionally(
                        new IllegalStateException("the shell of node " + name + " has ended")));
        process.send("(eval '" + command.replace("'", "'\\''") + "') </dev/null 2>&1; printf '\\n%s %d\\n' " + marker
                + " $?\n");
        try {
            return result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "node " + name + ": the command did not end within " + timeout.toSeconds() + " s: " + command, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("node " + name + ": " + e.getMessage() + ": " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in node " + name + ": " + command, e);
        }
    }

    private void line(String line) {
        synchronized (output) {
            if (!line.startsWith(marker)) {
                output.append(line).append('\n');
                return;
            }
            int status = Integer.parseInt(line.substring(marker.length()).trim());
            // The marker's own line begins with the line end that was printed before it.
            String text = output.toString();
            pending.complete(new Result(status, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text));
        }
    }

    @Override
    public void close() {
        process.send("exit\n");
        process.close();
    }
}

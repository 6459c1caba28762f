package org.reconverge.lab.panel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.stream.ContainerProcess;
import org.reconverge.lab.stream.LineSink;
import org.reconverge.model.topology.Endpoint;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A capture of every wire of a lab in one file, which grows until this is closed: pcapng, with an interface for each end of
 * each wire, called after the endpoint that sent the frame ({@code ber-edge1:eth1}).
 *
 * <p>Each frame stands there once, as its sender put it on the wire, whether or not it arrived: what a router sends into a
 * dead fibre is there too. Times are the wall clock of the engine's host, in nanoseconds.
 */
public final class WireCapture implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WireCapture.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CAPTURING = "capturing";

    private final Path file;
    private final OutputStream out;
    private final ContainerProcess process;
    private final CompletableFuture<Void> capturing = new CompletableFuture<>();
    private final List<String> said = new ArrayList<>();
    private volatile @Nullable IOException failure;
    private long frames;
    private long dropped;
    private boolean closed;

    private WireCapture(PatchPanel panel, Path file, String comment) throws IOException {
        this.file = file;
        OutputStream plain = Files.newOutputStream(file);
        this.out = file.toString().endsWith(".gz") ? new GZIPOutputStream(plain, 1 << 16) : plain;
        this.process = panel.exec(this::write, new LineSink(this::hear), "wire-capture", comment);
        process.ended().whenComplete((ended, error) -> capturing.completeExceptionally(new PanelException(said())));
    }

    /**
     * Starts a capture; when this returns, nothing that is sent is missed.
     *
     * @param file the file, which is replaced if it exists; its directory is made; compressed if its name ends in .gz
     * @param comment stands in the file
     * @throws PanelException if it cannot be started, or the file not be written
     */
    static WireCapture start(PatchPanel panel, Path file, String comment) {
        try {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            WireCapture capture = new WireCapture(panel, file, comment);
            capture.begin(panel.wires());
            return capture;
        } catch (IOException e) {
            throw new PanelException("cannot write the capture " + file + ": " + e.getMessage());
        }
    }

    private void begin(Collection<Wire> wires) {
        StringBuilder orders = new StringBuilder();
        for (Wire wire : wires) {
            for (Endpoint end : List.of(wire.link().a(), wire.link().b())) {
                orders.append("name ")
                        .append(wire.innerEnd(end))
                        .append(' ')
                        .append(end)
                        .append('\n');
            }
        }
        process.send(orders.append("begin\n").toString());
        try {
            capturing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new PanelException("interrupted while a capture was starting");
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new PanelException("the capture " + file + " did not start: " + said());
        }
    }

    private void write(byte[] octets) {
        if (failure == null) {
            try {
                out.write(octets);
            } catch (IOException e) {
                failure = e;
            }
        }
    }

    private void hear(String line) {
        synchronized (said) {
            said.add(line);
        }
        if (line.equals(CAPTURING)) {
            capturing.complete(null);
        }
    }

    private String said() {
        synchronized (said) {
            return said.isEmpty() ? "it said nothing" : String.join("; ", said);
        }
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /** Returns how many frames the file holds; 0 before it is closed. */
    public long frames() {
        return frames;
    }

    /** Returns how many frames are missing since the kernel had no room for them; 0 before it is closed. */
    public long dropped() {
        return dropped;
    }

    /**
     * Ends the capture; the file is complete then. Closing again does nothing.
     *
     * @throws PanelException if the file could not be written
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        process.send("end\n");
        try {
            process.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the capture {} did not end: {}", file, said());
        }
        process.close();
        try {
            out.close();
        } catch (IOException e) {
            failure = e;
        }
        if (failure != null) {
            throw new PanelException("the capture " + file + " is not complete: " + failure.getMessage());
        }
        count();
    }

    private void count() {
        String last;
        synchronized (said) {
            last = said.isEmpty() ? "" : said.get(said.size() - 1);
        }
        if (!last.matches("\\d+ \\d+")) {
            LOG.warn("the capture {} was cut off: {}", file, said());
            return;
        }
        String[] numbers = last.split(" ");
        frames = Long.parseLong(numbers[0]);
        dropped = Long.parseLong(numbers[1]);
        if (dropped > 0) {
            LOG.warn(
                    "the capture {} lacks {} frames beside the {} it has: the host was too busy",
                    file,
                    dropped,
                    frames);
        }
    }
}

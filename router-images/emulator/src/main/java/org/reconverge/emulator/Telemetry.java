package org.reconverge.emulator;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Writes the lines of a history to a stream, in the order in which they are handed over.
 *
 * <p>A thread of its own writes, so that a slow reader does not hold up who measures. It may fall behind by
 * {@value #LINES_BEHIND} lines, about a minute of one probe; then handing over a line waits, and the measuring thread
 * reports the stall that this is.
 */
final class Telemetry implements Closeable {

    private static final int LINES_BEHIND = 1024;
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final String END = "";

    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_BEHIND);
    private final Thread writer;

    Telemetry(OutputStream out) {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 16 * 1024);
        writer = new Thread(() -> write(buffered), "telemetry");
        writer.setDaemon(true);
        writer.start();
    }

    void write(JsonLine line) {
        enqueue(line.toString());
    }

    /** Writes the wall clock together with the monotonic clock. */
    void clockSync() {
        // The smallest of a few brackets: a thread may be preempted between the two readings.
        long narrowest = Long.MAX_VALUE;
        long at = 0;
        Instant wall = Instant.EPOCH;
        for (int i = 0; i < 3; i++) {
            long before = System.nanoTime();
            Instant reading = Instant.now();
            long width = System.nanoTime() - before;
            if (width < narrowest) {
                narrowest = width;
                at = before + width / 2;
                wall = reading;
            }
        }
        write(new JsonLine("clock-sync").put("at", at).put("wall", wall.toString()));
    }

    /** Writes that {@code where} did not run for {@code nanos} longer than planned. */
    void stalled(long at, String where, long nanos) {
        write(new JsonLine("stalled").put("at", at).put("where", where).put("duration", nanos));
    }

    /** Writes what this process has used since its start. */
    void used(long at, String where, long cpuNanos, long residentBytes) {
        write(new JsonLine("resources-used")
                .put("at", at)
                .put("where", where)
                .put("cpu", cpuNanos)
                .put("residentBytes", residentBytes));
    }

    void note(long at, String text, Map<String, String> values) {
        write(new JsonLine("note").put("at", at).put("text", text).put("values", values));
    }

    /** Waits until all lines handed over so far are written, at most {@link #DRAIN}. */
    @Override
    public void close() {
        enqueue(END);
        try {
            writer.join(DRAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void enqueue(String line) {
        try {
            lines.put(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(OutputStream out) {
        try {
            while (true) {
                String line = lines.take();
                if (line.equals(END)) {
                    break;
                }
                out.write(line.getBytes(StandardCharsets.UTF_8));
                if (lines.isEmpty()) {
                    out.flush();
                }
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write telemetry", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.reconverge.model.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/**
 * Appends events to a new history file, one line of JSON each.
 *
 * <p>Safe for use by several threads; events stand in the order in which {@link #append} was entered. Every event has
 * left the process when {@code append} returns, so that a killed JVM loses at most the line that it was writing.
 */
public final class HistoryWriter implements AutoCloseable {

    private final Path file;
    private final BufferedWriter out;

    private HistoryWriter(Path file, BufferedWriter out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Creates a history file.
     *
     * @param file the file, which must not exist; compressed if its name ends in {@code .gz}
     * @throws UncheckedIOException if it exists or cannot be created
     */
    public static HistoryWriter create(Path file) {
        try {
            OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (file.toString().endsWith(".gz")) {
                // Flushed blocks cost a few octets a line and keep a killed run readable to its last event.
                out = new GZIPOutputStream(out, 8192, true);
            }
            return new HistoryWriter(file, new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the history " + file, e);
        }
    }

    /**
     * Appends an event.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public void append(HistoryEvent event) {
        String line = HistoryCodec.toLine(event);
        synchronized (out) {
            try {
                out.write(line);
                out.write('\n');
                out.flush();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot append to the history " + file, e);
            }
        }
    }

    /** Returns the file. */
    public Path file() {
        return file;
    }

    /**
     * Closes the file. Does nothing when called again.
     *
     * @throws UncheckedIOException if the rest cannot be written
     */
    @Override
    public void close() {
        synchronized (out) {
            try {
                out.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot close the history " + file, e);
            }
        }
    }
}

package org.reconverge.model.history;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads histories back.
 *
 * <p>A history whose end is missing, because its writer was killed or the file was cut, is read as far as it goes and
 * says so in {@link History#truncation}. Anything malformed before the last line is an error: a line in the middle does
 * not go bad by itself.
 */
public final class HistoryReader {

    private HistoryReader() {}

    /**
     * Reads a history file, compressed if its name ends in {@code .gz}.
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws MalformedHistoryException if a line before the last is not a history event; the message names the line
     */
    public static History read(Path file) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String cut = null;
        // Octet by octet as they come out: a reader on top would drop what it had decoded when the cut is met.
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 65536) : raw) {
            byte[] buffer = new byte[65536];
            int count;
            while ((count = in.read(buffer)) >= 0) {
                bytes.write(buffer, 0, count);
            }
        } catch (EOFException | ZipException e) {
            cut = "the compressed file ends in the middle, after " + bytes.size() + " octets of text";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the history " + file, e);
        }
        return parse(file + ":", bytes.toString(StandardCharsets.UTF_8).lines().toList(), cut);
    }

    /**
     * Reads the lines of a history.
     *
     * @throws MalformedHistoryException if a line before the last is not a history event; the message names the line
     */
    public static History read(Iterable<String> lines) {
        return parse("line ", lines, null);
    }

    private static History parse(String name, Iterable<String> lines, @Nullable String cut) {
        List<HistoryEvent> events = new ArrayList<>();
        Optional<String> truncation = Optional.ofNullable(cut);
        int number = 0;
        for (Iterator<String> rest = lines.iterator(); rest.hasNext(); ) {
            String line = rest.next();
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                events.add(HistoryCodec.parseLine(line));
            } catch (MalformedHistoryException e) {
                if (rest.hasNext()) {
                    throw new MalformedHistoryException(name + number + ": " + e.getMessage(), e);
                }
                truncation = Optional.of("line " + number + " is cut off after " + line.length() + " characters");
            }
        }
        return new History(events, truncation);
    }
}

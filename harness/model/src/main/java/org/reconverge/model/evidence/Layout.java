package org.reconverge.model.evidence;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.reconverge.model.json.JsonForm;

/** The names of the files in an evidence directory, and how they are written and read. */
final class Layout {

    static final String RUN = "run.json";
    static final String SUMMARY = "summary.json";
    static final String DIGESTS = "digests.json";
    static final String TOPOLOGY = "topology";
    static final String INCOMPLETE = "INCOMPLETE";
    static final String HISTORY = "history.jsonl.gz";
    static final String CAPTURE = "wires.pcapng.gz";
    static final String VERDICT = "verdict.json";
    static final String LOGS = "logs";

    /** Made from the evidence at any time, so no part of it. */
    static final String REPORT = "report.html";

    private static final JsonMapper MAPPER = JsonForm.mapper().build();

    private Layout() {}

    static JsonMapper mapper() {
        return MAPPER;
    }

    static byte[] json(Object value) {
        return (JsonForm.text(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    static <T> T read(Path file, Class<T> type) {
        try {
            return Objects.requireNonNull(MAPPER.readValue(file.toFile(), type), "the file holds null");
        } catch (IOException | NullPointerException e) {
            throw new EvidenceException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Writes a file so that it is there in full or not at all. */
    static void write(Path file, byte[] content) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(part, content);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new EvidenceException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** Returns the SHA-256 of every file that digests are kept of, by its path with slashes. */
    static SortedMap<String, String> digest(Path directory) {
        SortedMap<String, String> digests = new TreeMap<>();
        for (Path file : files(directory)) {
            String name = name(directory, file);
            if (!name.equals(DIGESTS) && !name.equals(INCOMPLETE) && !name.equals(REPORT)) {
                digests.put(name, sha256(file));
            }
        }
        return digests;
    }

    static List<Path> files(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            throw new EvidenceException("cannot list " + directory + ": " + e.getMessage(), e);
        }
    }

    static String name(Path directory, Path file) {
        return directory
                .relativize(file)
                .toString()
                .replace(file.getFileSystem().getSeparator(), "/");
    }

    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[65536];
            int count;
            while ((count = in.read(buffer)) >= 0) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new EvidenceException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * The digests of a finished run.
     *
     * @param algorithm always {@code SHA-256}
     * @param files the digest of each file in hexadecimal, by its path
     */
    record Digests(String algorithm, SortedMap<String, String> files) {}
}

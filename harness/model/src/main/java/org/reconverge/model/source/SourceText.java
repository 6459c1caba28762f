package org.reconverge.model.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The text of a user's file, and where each of its characters stands there, also after variables were expanded. */
final class SourceText {

    /** Far more than any topology needs; keeps a file that was named by mistake from filling the memory. */
    static final int LIMIT_OCTETS = 1 << 20;

    private final Path file;
    private final String original;
    private final String expanded;
    private final List<Replacement> replacements;
    private final int[] lineStarts;

    /** Whether code points and UTF-16 units differ, which the YAML reader's positions then have to be corrected for. */
    private final boolean beyondBasicPlane;

    private SourceText(Path file, String original, String expanded, List<Replacement> replacements) {
        this.file = file;
        this.original = original;
        this.expanded = expanded;
        this.replacements = replacements;
        this.lineStarts = lineStarts(original);
        this.beyondBasicPlane = expanded.chars().anyMatch(unit -> Character.isSurrogate((char) unit));
    }

    /** A stretch of the expanded text that stands for a variable of the original, in UTF-16 units. */
    private record Replacement(int expandedStart, int expandedEnd, int originalStart, int originalEnd) {}

    /** Reads a file; empty if it cannot be read as text, with the reason among the problems. */
    static Optional<SourceText> read(Path file, Problems problems) {
        Position start = new Position(file, 1, 1);
        if (Files.isDirectory(file)) {
            problems.error(start, "", "expected a file, but it is a directory");
            return Optional.empty();
        }
        byte[] octets;
        try (var in = Files.newInputStream(file)) {
            octets = in.readNBytes(LIMIT_OCTETS + 1);
        } catch (java.nio.file.NoSuchFileException e) {
            problems.error(start, "", "the file does not exist (looked for " + file.toAbsolutePath() + ")");
            return Optional.empty();
        } catch (IOException e) {
            problems.error(start, "", "the file cannot be read: " + e);
            return Optional.empty();
        }
        if (octets.length > LIMIT_OCTETS) {
            problems.error(start, "", "expected at most 1 MiB of YAML, but the file is larger; is it the right file?");
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            return Optional.of(of(file, text));
        } catch (CharacterCodingException e) {
            problems.error(start, "", "expected UTF-8 text, but the file holds other octets; save it as UTF-8");
            return Optional.empty();
        }
    }

    /** Returns a text as if it stood in {@code file}. */
    static SourceText of(Path file, String text) {
        String withoutMark = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return new SourceText(file, withoutMark, withoutMark, List.of());
    }

    /** Returns this text with variables of the shell expanded as containerlab expands them. */
    SourceText expand(Variables variables) {
        StringBuilder out = new StringBuilder(original.length());
        List<Replacement> made = new ArrayList<>();
        int from = 0;
        while (from < original.length()) {
            int dollar = original.indexOf('$', from);
            if (dollar < 0) {
                break;
            }
            out.append(original, from, dollar);
            Variables.Expansion expansion = variables.expand(original, dollar);
            made.add(new Replacement(
                    out.length(), out.length() + expansion.text().length(), dollar, expansion.end()));
            out.append(expansion.text());
            from = expansion.end();
        }
        out.append(original, from, original.length());
        return new SourceText(file, original, out.toString(), made);
    }

    /** Returns the text that the YAML reader sees. */
    String text() {
        return expanded;
    }

    /** Returns the place in the file of the {@code codePoint}th code point of {@link #text()}. */
    Position position(int codePoint) {
        int index = toOriginal(beyondBasicPlane ? utf16Index(codePoint) : codePoint);
        int end = Math.min(index, original.length());
        int found = Arrays.binarySearch(lineStarts, end);
        int line = found >= 0 ? found : -found - 2;
        return new Position(file, line + 1, original.codePointCount(lineStarts[line], end) + 1);
    }

    private int utf16Index(int codePoint) {
        int last = expanded.codePointCount(0, expanded.length());
        return expanded.offsetByCodePoints(0, Math.min(codePoint, last));
    }

    private int toOriginal(int index) {
        int shift = 0;
        for (Replacement replacement : replacements) {
            if (index < replacement.expandedStart()) {
                break;
            }
            if (index < replacement.expandedEnd()) {
                return replacement.originalStart();
            }
            shift = replacement.originalEnd() - replacement.expandedEnd();
        }
        return index + shift;
    }

    private static int[] lineStarts(String text) {
        IntStream.Builder starts = IntStream.builder().add(0);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'))) {
                starts.add(i + 1);
            }
        }
        return starts.build().toArray();
    }
}

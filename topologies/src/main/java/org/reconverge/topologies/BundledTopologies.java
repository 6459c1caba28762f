package org.reconverge.topologies;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;

/**
 * The ready-made labs on the class path, such as {@code two-site}. Containers bind files, not resources, so a lab is
 * unpacked before it is used.
 */
public final class BundledTopologies {

    private static final String INDEX = "index.txt";

    private BundledTopologies() {}

    /** Returns the names of the labs, in alphabetical order. */
    public static List<String> names() {
        return files().stream()
                .map(file -> file.substring(0, file.indexOf('/')))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Writes every file of a lab into a directory and replaces what stands there under the same names.
     *
     * @param name the lab's name, one of {@link #names()}
     * @param directory the directory that becomes the lab's; it is created if it does not exist
     * @return the lab's failover spec, {@code <directory>/<name>.failover.yml}
     * @throws IllegalArgumentException if there is no such lab
     * @throws UncheckedIOException if a file cannot be written
     */
    public static Path unpack(String name, Path directory) {
        List<String> files =
                files().stream().filter(file -> file.startsWith(name + "/")).toList();
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected one of " + String.join(", ", names()) + ", but found '" + name + "'");
        }
        try {
            for (String file : files) {
                Path target = directory.resolve(file.substring(name.length() + 1));
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                try (InputStream content = open(file)) {
                    Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the lab '" + name + "' into " + directory, e);
        }
        return directory.resolve(name + ".failover.yml");
    }

    /** Returns the path of every file of every lab, relative to this package, with forward slashes. */
    static List<String> files() {
        try (InputStream index = open(INDEX)) {
            return new String(index.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the list of bundled labs", e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        InputStream stream = BundledTopologies.class.getResourceAsStream(resource);
        if (stream == null) {
            throw new IOException("the class path has no org/reconverge/topologies/" + resource
                    + "; was the jar built with its resources?");
        }
        return stream;
    }
}

package org.reconverge.lab.engine;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which checkout of Reconverge needs which images, so that one checkout does not remove what another, at a
 * different version, is about to start.
 */
final class ImageUsers {

    private static final String LOCATION = "location";

    private final Path directory;
    private final Path self;

    /**
     * Opens the memory.
     *
     * @param directory where it is kept
     * @param self the checkout that asks, or the jar where there is none
     */
    ImageUsers(Path directory, Path self) {
        this.directory = directory;
        this.self = self;
    }

    /** Returns the memory of this user, on behalf of the code that runs. */
    static ImageUsers ofThisUser() {
        return new ImageUsers(XdgDirectories.cachePath().resolve("image-users"), checkoutOf(codeLocation()));
    }

    /** Notes that this checkout now uses these tags, by name. */
    void use(Map<String, String> tags) {
        Path file = fileOf(self);
        Properties known = read(file);
        Properties updated = new Properties();
        updated.putAll(known);
        updated.putAll(tags);
        updated.setProperty(LOCATION, self.toString());
        if (updated.equals(known)) {
            return;
        }
        try {
            Files.createDirectories(directory);
            Path draft = Files.createTempFile(directory, "draft", "");
            try (Writer writer = Files.newBufferedWriter(draft)) {
                updated.store(writer, null);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note which images are used", e);
        }
    }

    /** Returns the tags that other checkouts use; a checkout that was deleted uses none. */
    Set<String> usedByOthers() {
        Set<String> used = new HashSet<>();
        for (Path file : files()) {
            Properties properties = read(file);
            String location = properties.getProperty(LOCATION, "");
            if (!location.isEmpty() && !location.equals(self.toString()) && Files.exists(Path.of(location))) {
                properties.stringPropertyNames().stream()
                        .filter(name -> !name.equals(LOCATION))
                        .forEach(name -> used.add(properties.getProperty(name)));
            }
        }
        return used;
    }

    private List<Path> files() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> path.toString().endsWith(".properties"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path fileOf(Path location) {
        UUID id = UUID.nameUUIDFromBytes(location.toString().getBytes(StandardCharsets.UTF_8));
        return directory.resolve(id + ".properties");
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return properties;
    }

    private static Path codeLocation() {
        CodeSource source = ImageUsers.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? Path.of("") : Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the checkout that the code was built in, or the code's own location outside of one. */
    static Path checkoutOf(Path code) {
        for (@Nullable Path path = code.toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.isDirectory(path.resolve("router-images")) && Files.isRegularFile(path.resolve("pom.xml"))) {
                return path;
            }
        }
        return code.toAbsolutePath();
    }
}

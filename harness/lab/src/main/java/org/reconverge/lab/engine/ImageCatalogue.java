package org.reconverge.lab.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.reconverge.lab.engine.RouterImage.ContextFile;

/**
 * The router images that this version can build, parents before children.
 *
 * <p>Read from class-path resources. {@code index.properties} lists them: {@code <name>.files} holds the names of the
 * files separated by spaces or commas, {@code <name>.parent} the image it builds on.
 */
final class ImageCatalogue {

    private static final String RESOURCES = "org/reconverge/images";

    private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");

    private final Map<String, RouterImage> images;

    /** By base. The images are some ten megabytes, and a start asks for their tags several times. */
    private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();

    ImageCatalogue(Collection<RouterImage> images) {
        Map<String, RouterImage> byName = new LinkedHashMap<>();
        images.forEach(image -> byName.put(image.name(), image));
        Map<String, RouterImage> ordered = new LinkedHashMap<>();
        byName.values().stream()
                .sorted(Comparator.comparing(RouterImage::name))
                .forEach(image -> addParentsFirst(image, byName, ordered, new LinkedHashSet<>()));
        this.images = Collections.unmodifiableMap(ordered);
    }

    /** Returns the images on the class path. */
    static ImageCatalogue onClassPath() {
        return OnClassPath.CATALOGUE;
    }

    static ImageCatalogue read(ClassLoader loader, String resources) {
        Properties index = new Properties();
        try (InputStream in = open(loader, resources + "/index.properties")) {
            index.load(in);
            List<RouterImage> images = new ArrayList<>();
            for (String key : index.stringPropertyNames()) {
                if (key.endsWith(".files")) {
                    String name = key.substring(0, key.length() - ".files".length());
                    images.add(readImage(loader, resources, name, index));
                }
            }
            return new ImageCatalogue(images);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the router images on the class path", e);
        }
    }

    private static RouterImage readImage(ClassLoader loader, String resources, String name, Properties index)
            throws IOException {
        List<ContextFile> files = new ArrayList<>();
        for (String file : SEPARATOR.split(index.getProperty(name + ".files").strip(), -1)) {
            try (InputStream in = open(loader, resources + "/" + name + "/" + file)) {
                files.add(new ContextFile(file, in.readAllBytes()));
            }
        }
        files.sort(Comparator.comparing(ContextFile::path));
        Optional<String> parent = Optional.ofNullable(index.getProperty(name + ".parent"))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
        return new RouterImage(name, parent, files);
    }

    private static InputStream open(ClassLoader loader, String resource) throws IOException {
        InputStream in = loader.getResourceAsStream(resource);
        if (in == null) {
            throw new IOException("the resource " + resource + " is missing from the class path");
        }
        return in;
    }

    private static void addParentsFirst(
            RouterImage image, Map<String, RouterImage> byName, Map<String, RouterImage> ordered, Set<String> path) {
        if (ordered.containsKey(image.name())) {
            return;
        }
        if (!path.add(image.name())) {
            throw new IllegalArgumentException("router images build on each other in a circle: " + path);
        }
        image.parent().ifPresent(name -> {
            RouterImage parent = byName.get(name);
            if (parent == null) {
                throw new IllegalArgumentException(
                        "router image '" + image.name() + "' builds on '" + name + "', which does not exist");
            }
            addParentsFirst(parent, byName, ordered, path);
        });
        ordered.put(image.name(), image);
    }

    /** Returns every image, parents first. */
    Collection<RouterImage> images() {
        return images.values();
    }

    /** Returns the names of every image, parents first. */
    Set<String> names() {
        return images.keySet();
    }

    /**
     * Returns the named images and everything they build on, parents first.
     *
     * @throws IllegalArgumentException if there is no image of that name
     */
    List<RouterImage> withParents(Collection<String> names) {
        Set<String> wanted = new LinkedHashSet<>();
        for (String name : names) {
            Optional<String> next = Optional.of(name);
            while (next.isPresent()) {
                RouterImage image = images.get(next.get());
                if (image == null) {
                    throw new IllegalArgumentException("there is no router image '" + next.get() + "'; there are "
                            + String.join(", ", images.keySet()));
                }
                wanted.add(image.name());
                next = image.parent();
            }
        }
        return images.values().stream()
                .filter(image -> wanted.contains(image.name()))
                .toList();
    }

    /**
     * Returns the tag of every image, by name, given the Debian that they build on. A tag changes with the image's own
     * files, its parents' and the base; nothing else.
     */
    Map<String, String> tags(String base) {
        return tags.computeIfAbsent(base, this::computeTags);
    }

    private Map<String, String> computeTags(String base) {
        Map<String, String> hashes = new LinkedHashMap<>();
        Map<String, String> named = new LinkedHashMap<>();
        for (RouterImage image : images.values()) {
            String below = image.parent().map(hashes::get).orElse(base);
            String hash = hash(image, below);
            hashes.put(image.name(), hash);
            named.put(image.name(), "reconverge/" + image.name() + ":" + hash.substring(0, 12));
        }
        return Collections.unmodifiableMap(named);
    }

    private static String hash(RouterImage image, String below) {
        MessageDigest digest = sha256();
        update(digest, below.getBytes(StandardCharsets.UTF_8));
        for (ContextFile file : image.files()) {
            update(digest, file.path().getBytes(StandardCharsets.UTF_8));
            update(digest, file.content());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Adds the length too, so that no two different lists of values hash alike. */
    private static void update(MessageDigest digest, byte[] value) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
        digest.update(value);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Read when it is first asked for. */
    private static final class OnClassPath {

        static final ImageCatalogue CATALOGUE = read(ImageCatalogue.class.getClassLoader(), RESOURCES);
    }
}

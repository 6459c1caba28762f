package org.reconverge.model.topology;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.source.Problems;
import org.reconverge.model.source.YamlFile;
import org.reconverge.model.source.YamlValue;

/**
 * Which image a node is started with: what the topology writes, or a replacement where that cannot be pulled.
 *
 * <p>The entries of the failover spec come first, then those of {@code ~/.reconverge/images.yml}, then the built-in ones;
 * the first that matches wins. A pattern matches the whole image name as written, with its tag; {@code *} stands for any
 * characters.
 */
public final class ImageMap {

    /**
     * FRR and BIRD as they are published or built by the lab's author ({@code node-frr}), and the plain hosts that
     * published labs use.
     */
    private static final List<Entry> BUILT_IN = List.of(
            builtIn("*frr*", "reconverge/frr"),
            builtIn("*bird*", "reconverge/bird"),
            builtIn("*network-multitool*", "reconverge/host"),
            builtIn("*netshoot*", "reconverge/host"),
            builtIn("*nettool*", "reconverge/host"),
            builtIn("alpine", "reconverge/host"),
            builtIn("alpine:*", "reconverge/host"),
            builtIn("*/alpine", "reconverge/host"),
            builtIn("*/alpine:*", "reconverge/host"),
            builtIn("debian", "reconverge/host"),
            builtIn("debian:*", "reconverge/host"),
            builtIn("*/debian:*", "reconverge/host"),
            builtIn("ubuntu", "reconverge/host"),
            builtIn("ubuntu:*", "reconverge/host"),
            builtIn("*/ubuntu:*", "reconverge/host"),
            builtIn("busybox", "reconverge/host"),
            builtIn("busybox:*", "reconverge/host"),
            builtIn("nginx", "reconverge/host"),
            builtIn("nginx:*", "reconverge/host"),
            builtIn("*/nginx:*", "reconverge/host"));

    private static final String OWN_IMAGES = "reconverge/";

    private final List<Entry> entries;

    private ImageMap(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** Who wrote an entry. */
    public enum Origin {
        /** The failover spec: the replacement is what its author wants. */
        SPEC,
        /** {@code ~/.reconverge/images.yml}: the replacement is what the user of this machine wants. */
        USER,
        /** Reconverge: a replacement for an image that the engine does not have. */
        BUILT_IN
    }

    /**
     * A replacement.
     *
     * @param pattern the image name that is replaced, in which {@code *} stands for any characters
     * @param image what is started instead; {@code reconverge/<name>} without a tag means the image built here
     * @param origin who wrote it
     */
    public record Entry(String pattern, String image, Origin origin) {

        /** Returns whether the pattern matches the whole name. */
        public boolean matches(String name) {
            if (origin == Origin.BUILT_IN && name.startsWith(OWN_IMAGES)) {
                return false;
            }
            StringBuilder regex = new StringBuilder();
            for (String literal : pattern.split("\\*", -1)) {
                regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
            }
            return Pattern.matches(regex.toString(), name);
        }
    }

    /** The image to start a node with. */
    public sealed interface Choice {

        /** Returns the image to start. */
        String image();

        /** Says for people how the image was chosen, and what to do if it cannot be had. */
        String explain();

        /** An entry matched. */
        record Replaced(String written, Entry entry) implements Choice {

            @Override
            public String image() {
                return entry.image();
            }

            @Override
            public String explain() {
                return "image '" + written + "' is replaced by '" + entry.image() + "' (pattern '" + entry.pattern()
                        + "' of " + place(entry.origin()) + ")";
            }

            private static String place(Origin origin) {
                return switch (origin) {
                    case SPEC -> "the failover spec";
                    case USER -> "~/.reconverge/images.yml";
                    case BUILT_IN -> "the built-in image map";
                };
            }
        }

        /** No entry matched. */
        record AsWritten(String image) implements Choice {

            @Override
            public String explain() {
                return "image '" + image + "' is used as written, for no pattern of the image map matches it; if it "
                        + "cannot be had, replace it: put 'images: {\"" + image + "\": reconverge/host}' into the "
                        + "failover spec, or the entry into ~/.reconverge/images.yml";
            }
        }
    }

    private static Entry builtIn(String pattern, String image) {
        return new Entry(pattern, image, Origin.BUILT_IN);
    }

    /** Returns the built-in entries alone. */
    public static ImageMap builtIn() {
        return new ImageMap(BUILT_IN);
    }

    /**
     * Returns the map of a lab on this machine.
     *
     * @param specImages the {@code images} of the failover spec; empty without a spec
     * @throws InvalidFileException if {@code ~/.reconverge/images.yml} is there and wrong
     */
    public static ImageMap load(Map<String, String> specImages) {
        return load(specImages, Path.of(System.getProperty("user.home", "/"), ".reconverge", "images.yml"));
    }

    /**
     * Returns the map of a lab with another user file.
     *
     * @throws InvalidFileException if the user file is there and wrong
     */
    public static ImageMap load(Map<String, String> specImages, Path userFile) {
        List<Entry> entries = new ArrayList<>();
        specImages.forEach((pattern, image) -> entries.add(new Entry(pattern, image, Origin.SPEC)));
        entries.addAll(read(userFile));
        entries.addAll(BUILT_IN);
        return new ImageMap(entries);
    }

    private static List<Entry> read(Path file) {
        List<Entry> entries = new ArrayList<>();
        if (!Files.exists(file)) {
            return entries;
        }
        Problems problems = new Problems();
        YamlFile.read(file, problems)
                .ifPresent(mapping -> mapping.entries()
                        .forEach((pattern, value) ->
                                image(value).ifPresent(image -> entries.add(new Entry(pattern, image, Origin.USER)))));
        problems.throwIfErrors();
        return entries;
    }

    private static Optional<String> image(YamlValue value) {
        String expected = "an image, such as reconverge/frr";
        if (value.isNothing()) {
            value.expected(expected);
        }
        return value.text(expected);
    }

    /** Returns the entries in the order in which they are tried. */
    public List<Entry> entries() {
        return entries;
    }

    /** Returns what to start where the topology writes {@code image}. */
    public Choice choose(String image) {
        return entries.stream()
                .filter(entry -> entry.matches(image))
                .findFirst()
                .<Choice>map(entry -> new Choice.Replaced(image, entry))
                .orElseGet(() -> new Choice.AsWritten(image));
    }
}

package org.reconverge.model.topology;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.reconverge.model.source.YamlValue;

/** Resolves the files of the host that a node refers to: relative to the topology file, as containerlab does. */
final class NodeFiles {

    /** Files that containerlab itself writes into the lab directory when it deploys. */
    private static final Set<String> WRITTEN_BY_CONTAINERLAB = Set.of("ansible-inventory.yml", "topology-data.json");

    private final Path directory;
    private final String node;
    private final Path labDirectory;

    NodeFiles(Path topologyFile, String labName, String node) {
        Path parent = topologyFile.toAbsolutePath().normalize().getParent();
        this.directory = parent == null ? topologyFile.toAbsolutePath() : parent;
        this.node = node;
        this.labDirectory = directory.resolve("clab-" + labName);
    }

    /** Replaces containerlab's own variables, those with two underscores. */
    String replaceVariables(String text) {
        return text.replace("__clabDir__", labDirectory.toString())
                .replace("__clabNodeDir__", labDirectory.resolve(node).toString())
                .replace("__clabNodeName__", node);
    }

    /**
     * Returns the binds of a node. Two binds with the same target are one: the later, more specific one.
     *
     * @param instructions as written, the least specific level first
     */
    List<Bind> binds(List<YamlValue> instructions) {
        Map<String, Bind> byTarget = new LinkedHashMap<>();
        Map<String, YamlValue> placeByTarget = new LinkedHashMap<>();
        for (YamlValue instruction : instructions) {
            instruction
                    .scalar("a bind 'source:target' or 'source:target:options'")
                    .ifPresent(text -> target(text).ifPresent(target -> placeByTarget.put(target, instruction)));
        }
        for (YamlValue instruction : instructions) {
            instruction
                    .scalar("a bind")
                    .flatMap(text -> {
                        boolean overridden = target(text)
                                .map(target -> placeByTarget.get(target) != instruction)
                                .orElse(false);
                        // The source of an overridden bind need not exist.
                        return overridden ? Optional.<Bind>empty() : bind(text, instruction);
                    })
                    .ifPresent(bind -> byTarget.put(bind.target(), bind));
        }
        return List.copyOf(byTarget.values());
    }

    private static Optional<String> target(String text) {
        String[] parts = text.split(":", -1);
        return parts.length == 2 || parts.length == 3 ? Optional.of(parts[1]) : Optional.empty();
    }

    private Optional<Bind> bind(String text, YamlValue place) {
        String[] parts = text.split(":", -1);
        if (parts.length == 1 && parts[0].startsWith("/")) {
            place.warning("the anonymous volume '" + text + "' is left out: the node's own file system serves");
            return Optional.empty();
        }
        if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty() || !parts[1].startsWith("/")) {
            place.error("expected a bind 'source:target' or 'source:target:options' with an absolute target, such as "
                    + "'configs/r1/frr.conf:/etc/frr/frr.conf:ro', but found '" + text + "'");
            return Optional.empty();
        }
        String written = replaceVariables(parts[0]);
        Optional<Path> source = resolve(written, place);
        if (source.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> options = parts.length == 3 && !parts[2].isEmpty() ? Optional.of(parts[2]) : Optional.empty();
        if (!Files.exists(source.get())) {
            if (parts[0].startsWith("/") || parts[0].startsWith("~")) {
                place.warning("source '" + written + "' does not exist on this machine");
            } else if (source.get().startsWith(labDirectory)
                    && WRITTEN_BY_CONTAINERLAB.contains(
                            source.get().getFileName().toString())) {
                place.warning(
                        "left out: only containerlab writes '" + source.get().getFileName() + "'");
                return Optional.empty();
            } else {
                place.error("source '" + relative(written) + "' does not exist (looked in " + directory + ")");
                return Optional.empty();
            }
        }
        return Optional.of(new Bind(source.get(), parts[1], options));
    }

    private String relative(String written) {
        Path path = Path.of(written);
        return path.isAbsolute() && path.startsWith(directory)
                ? directory.relativize(path).toString()
                : written;
    }

    private Optional<Path> resolve(String written, YamlValue place) {
        try {
            String home = System.getProperty("user.home", "/");
            Path path = written.equals("~") || written.startsWith("~/")
                    ? Path.of(home + written.substring(1))
                    : Path.of(written);
            return Optional.of(directory.resolve(path).normalize());
        } catch (InvalidPathException e) {
            place.error("expected a path, but found '" + written + "': " + e.getReason());
            return Optional.empty();
        }
    }

    /** The variables of environment files, and the files. */
    record Environment(Map<String, String> variables, List<Path> files) {}

    /** Reads environment files; a later file overrides. */
    Environment environment(List<YamlValue> places) {
        Map<String, String> environment = new LinkedHashMap<>();
        List<Path> files = new ArrayList<>();
        for (YamlValue place : places) {
            Optional<Path> file = place.scalar("a path").flatMap(written -> resolve(replaceVariables(written), place));
            file.ifPresent(files::add);
            file.ifPresent(path -> environment.putAll(readEnvironment(path, place)));
        }
        return new Environment(environment, files);
    }

    private Map<String, String> readEnvironment(Path path, YamlValue place) {
        Map<String, String> environment = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        try {
            lines.addAll(Files.readAllLines(path));
        } catch (IOException e) {
            place.error("the environment file cannot be read (looked for " + path + ")");
        }
        for (String line : lines) {
            String entry = line.strip().replaceFirst("^export\\s+", "");
            int equals = entry.indexOf('=');
            if (!entry.startsWith("#") && equals > 0) {
                environment.put(
                        entry.substring(0, equals).strip(),
                        unquote(entry.substring(equals + 1).strip()));
            }
        }
        return environment;
    }

    private static String unquote(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}

package org.reconverge.model.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;

/**
 * What the file says of a node on one level: the node itself, its group, its kind, or the defaults.
 *
 * @param where the mapping it was read from; empty if the level says nothing
 * @param binds the bind instructions as written, with their places, because a message about one names them
 */
record NodeDefinition(
        Optional<YamlMapping> where,
        Optional<String> kind,
        Optional<String> group,
        Optional<String> image,
        Optional<String> cmd,
        Optional<String> entrypoint,
        Optional<String> networkMode,
        Optional<Duration> startupDelay,
        Optional<Long> memory,
        Optional<Double> cpu,
        List<YamlValue> binds,
        List<YamlValue> envFiles,
        List<String> exec,
        List<String> capAdd,
        List<String> devices,
        Map<String, String> env,
        Map<String, String> sysctls,
        Map<String, String> labels) {

    private static final Pattern CORES = Pattern.compile("[0-9]{1,4}(\\.[0-9]+)?");

    /** A level that says nothing. */
    static final NodeDefinition NOTHING = read(Optional.empty());

    static NodeDefinition read(YamlValue value) {
        return read(value.mapping("the settings of a node, such as 'kind: linux'"));
    }

    private static NodeDefinition read(Optional<YamlMapping> where) {
        return new NodeDefinition(
                where,
                scalar(where, "kind"),
                scalar(where, "group"),
                scalar(where, "image"),
                scalar(where, "cmd"),
                scalar(where, "entrypoint"),
                scalar(where, "network-mode"),
                startupDelay(where),
                memory(where),
                cpu(where),
                items(where, "binds"),
                items(where, "env-files"),
                scalars(where, "exec"),
                scalars(where, "cap-add"),
                scalars(where, "devices"),
                scalarMap(where, "env"),
                scalarMap(where, "sysctls"),
                scalarMap(where, "labels"));
    }

    private static Optional<YamlValue> value(Optional<YamlMapping> where, String key) {
        return where.flatMap(mapping -> mapping.get(key));
    }

    private static Optional<String> scalar(Optional<YamlMapping> where, String key) {
        // An empty text counts as not set, as it does in containerlab.
        return value(where, key).flatMap(value -> value.scalar("text")).filter(text -> !text.isEmpty());
    }

    private static List<YamlValue> items(Optional<YamlMapping> where, String key) {
        return value(where, key)
                .map(value -> value.items("a list, each item on a line of its own after '- '"))
                .orElse(List.of());
    }

    private static List<String> scalars(Optional<YamlMapping> where, String key) {
        List<String> scalars = new ArrayList<>();
        for (YamlValue item : items(where, key)) {
            item.scalar("text").ifPresent(scalars::add);
        }
        return scalars;
    }

    private static Map<String, String> scalarMap(Optional<YamlMapping> where, String key) {
        Map<String, String> map = new LinkedHashMap<>();
        value(where, key)
                .flatMap(value -> value.mapping("a mapping of names to values, such as 'NAME: value'"))
                .ifPresent(mapping -> mapping.entries()
                        .forEach((name, value) -> map.put(
                                name,
                                value.isNothing() ? "" : value.scalar("text").orElse(""))));
        return map;
    }

    /** Returns the delay; 0 counts as not set, as it does in containerlab. */
    private static Optional<Duration> startupDelay(Optional<YamlMapping> where) {
        OptionalInt seconds = value(where, "startup-delay")
                .map(value -> value.integer(0, 3600))
                .orElse(OptionalInt.empty());
        return seconds.isPresent() && seconds.getAsInt() > 0
                ? Optional.of(Duration.ofSeconds(seconds.getAsInt()))
                : Optional.empty();
    }

    private static Optional<Long> memory(Optional<YamlMapping> where) {
        return number(where, "memory", "an amount of memory, such as 512MB or 1Gb", MemorySize::parse);
    }

    private static Optional<Double> cpu(Optional<YamlMapping> where) {
        return number(
                where,
                "cpu",
                "a number of CPU cores, such as 1.5",
                text -> Optional.of(text)
                        .filter(CORES.asMatchPredicate())
                        .map(Double::valueOf)
                        .filter(cores -> cores > 0));
    }

    private static <T> Optional<T> number(
            Optional<YamlMapping> where, String key, String expected, Function<String, Optional<T>> parser) {
        return value(where, key)
                .flatMap(value -> value.scalar(expected).flatMap(text -> {
                    Optional<T> number = parser.apply(text);
                    if (number.isEmpty()) {
                        value.expected(expected);
                    }
                    return number;
                }));
    }
}

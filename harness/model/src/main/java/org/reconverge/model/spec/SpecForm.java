package org.reconverge.model.spec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.reconverge.model.source.DurationText;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;

/** The forms that recur in a spec, each with its messages. */
final class SpecForm {

    /** Names become parts of file names (evidence) and of probe ids. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

    private SpecForm() {}

    /** Notes keys that are unknown and keys without a value. */
    static void checkKeys(YamlMapping mapping, Set<String> known) {
        mapping.rejectUnknownKeys(known);
        mapping.rejectEmptyKeys();
    }

    static Map<String, YamlValue> namedEntries(YamlMapping document, String key, String expected) {
        Optional<YamlValue> value = document.require(key, expected);
        Map<String, YamlValue> entries = value.flatMap(found -> found.mapping(expected))
                .map(YamlMapping::entries)
                .orElse(Map.of());
        if (entries.isEmpty() && value.isPresent() && value.get().isMapping()) {
            value.get().error("expected at least one entry, but found none");
        }
        entries.forEach((name, entry) -> {
            if (!NAME.matcher(name).matches()) {
                entry.keyError("expected a name of letters, digits, '.', '_' and '-', at most 64 long, but found '"
                        + name + "'");
            }
        });
        return entries;
    }

    static boolean checkName(String text, YamlValue value) {
        boolean ok = NAME.matcher(text).matches();
        if (!ok) {
            value.error(
                    "expected a name of letters, digits, '.', '_' and '-', at most 64 long, but found '" + text + "'");
        }
        return ok;
    }

    /** Returns the mapping that must stand here; nothing is an error, too. */
    static Optional<YamlMapping> required(YamlValue value, String expected) {
        if (value.isNothing()) {
            value.expected(expected);
        }
        return value.mapping(expected);
    }

    static List<YamlValue> nonEmpty(Optional<YamlValue> list, String expected) {
        if (list.isEmpty()) {
            return List.of();
        }
        List<YamlValue> items = list.get().items(expected);
        if (list.get().isSequence() && items.isEmpty()) {
            list.get().error("expected at least one item, but found none");
        }
        for (YamlValue item : items) {
            if (item.isNothing()) {
                item.error("expected an item, but found nothing");
            }
        }
        return items;
    }

    static Optional<Duration> duration(YamlMapping mapping, String key) {
        return mapping.get(key).flatMap(value -> value.parsed("a duration, such as 5s", DurationText::parse));
    }

    static <T> Optional<T> choice(YamlValue value, Map<String, T> choices) {
        return value.text("one of " + String.join(", ", new TreeSet<>(choices.keySet())))
                .flatMap(text -> {
                    Optional<T> chosen = Optional.ofNullable(choices.get(text));
                    if (chosen.isEmpty()) {
                        value.error("expected one of " + String.join(", ", new TreeSet<>(choices.keySet()))
                                + ", but found '" + text + "'");
                    }
                    return chosen;
                });
    }
}

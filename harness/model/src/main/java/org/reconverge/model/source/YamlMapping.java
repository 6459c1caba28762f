package org.reconverge.model.source;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A mapping of a YAML file: its entries by key, in the order of the file, with merge keys ({@code <<}) resolved. */
public final class YamlMapping {

    private static final Pattern SIMPLE_KEY = Pattern.compile("[A-Za-z0-9_/-]+");

    private final YamlValue self;
    private final Map<String, YamlValue> entries;

    private YamlMapping(YamlValue self, Map<String, YamlValue> entries) {
        this.self = self;
        this.entries = Collections.unmodifiableMap(entries);
    }

    static YamlMapping of(MappingNode node, YamlValue self) {
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        collect(node, self, entries, Collections.newSetFromMap(new IdentityHashMap<>()));
        return new YamlMapping(self, entries);
    }

    /**
     * Adds the entries of a mapping and then of those that it merges; an entry that is there already stays, as the YAML
     * merge key says. Each mapping is visited once, so that neither a loop of aliases nor a bomb of them does harm.
     */
    private static void collect(
            MappingNode node, YamlValue self, Map<String, YamlValue> entries, Set<MappingNode> visited) {
        if (!visited.add(node)) {
            return;
        }
        Map<String, Node> own = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode key)) {
                self.problems().error(self.positionOf(keyNode), self.path(), "expected a key, but found a collection");
                continue;
            }
            String name = key.getValue();
            if (isMerge(key)) {
                continue;
            }
            Node first = own.putIfAbsent(name, key);
            if (first != null) {
                self.problems()
                        .error(
                                self.positionOf(key),
                                join(self.path(), name),
                                "the key '" + name + "' stands here twice; the first is in line "
                                        + self.positionOf(first).line());
                continue;
            }
            entries.putIfAbsent(name, self.child(tuple.getValueNode(), join(self.path(), name), key));
        }
        for (NodeTuple tuple : node.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode key && isMerge(key)) {
                for (Node merged : mergedNodes(tuple.getValueNode())) {
                    if (merged instanceof MappingNode mapping) {
                        collect(mapping, self, entries, visited);
                    } else {
                        self.problems()
                                .error(
                                        self.positionOf(merged),
                                        join(self.path(), "<<"),
                                        "expected an alias of a mapping (*name) or a list of such aliases");
                    }
                }
            }
        }
    }

    private static boolean isMerge(ScalarNode key) {
        return key.isPlain() && key.getValue().equals("<<");
    }

    private static List<Node> mergedNodes(Node value) {
        return value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
    }

    private static String join(String path, String key) {
        String shown = SIMPLE_KEY.matcher(key).matches() ? key : '"' + key + '"';
        return path.isEmpty() ? shown : path + "." + shown;
    }

    /** Returns the value that this mapping is. */
    public YamlValue asValue() {
        return self;
    }

    /** Notes an error at the mapping's own key, which is the place to report what it lacks. */
    public void error(String message) {
        self.keyError(message);
    }

    /** Returns the entries in the order of the file, those that are nothing included. */
    public Map<String, YamlValue> entries() {
        return entries;
    }

    /** Returns the value of a key, if the key is there and its value is not nothing. */
    public Optional<YamlValue> get(String key) {
        return Optional.ofNullable(entries.get(key)).filter(value -> !value.isNothing());
    }

    /**
     * Returns the value of a key that must be there, or notes that it is missing.
     *
     * @param expected what is expected, for the message
     */
    public Optional<YamlValue> require(String key, String expected) {
        Optional<YamlValue> value = get(key);
        if (value.isEmpty()) {
            Optional.ofNullable(entries.get(key))
                    .ifPresentOrElse(
                            YamlMapping::rejectEmpty,
                            () -> self.problems()
                                    .error(
                                            self.keyPosition(),
                                            self.path(),
                                            "expected '" + key + "': " + expected + ", but it is missing"));
        }
        return value;
    }

    /** Notes an error for every key without a value; such a key is an oversight more often than a default. */
    public void rejectEmptyKeys() {
        entries.values().stream().filter(YamlValue::isNothing).forEach(YamlMapping::rejectEmpty);
    }

    private static void rejectEmpty(YamlValue value) {
        value.error("expected a value, but found nothing");
    }

    /** Notes an error for every key that is not known, with the known one that was perhaps meant. */
    public void rejectUnknownKeys(Collection<String> known) {
        unknown(known)
                .forEach((key, value) ->
                        self.problems().error(value.keyPosition(), value.path(), unknownMessage(key, known)));
    }

    /** Notes a warning for every key that is not known, with the known one that was perhaps meant. */
    public void warnOfUnknownKeys(Collection<String> known) {
        unknown(known)
                .forEach((key, value) -> self.problems()
                        .warning(
                                value.keyPosition(),
                                value.path(),
                                unknownMessage(key, known) + "; the key is ignored"));
    }

    private Map<String, YamlValue> unknown(Collection<String> known) {
        Map<String, YamlValue> unknown = new LinkedHashMap<>(entries);
        unknown.keySet().removeAll(known);
        return unknown;
    }

    private static String unknownMessage(String key, Collection<String> known) {
        return "unknown key '" + key + "'" + Suggestion.or(key, new TreeSet<>(known), "known keys are");
    }
}

package org.reconverge.model.topology;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;

/** Turns the document of one topology file into a {@link Topology}; merges levels as containerlab does. */
final class TopologyReader {

    /** What container engines accept in a container's name, of which lab and node names become a part. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

    private static final Set<String> TOP_LEVEL_KEYS = Set.of("name", "prefix", "mgmt", "settings", "topology", "debug");
    private static final Set<String> TOPOLOGY_KEYS = Set.of("defaults", "kinds", "groups", "nodes", "links");

    private static final Set<String> KINDS = Set.of("linux", "bridge", "ovs-bridge");

    private static final String IMPORT_ENVIRONMENT = "__IMPORT_ENVS";

    private final Path file;
    private final Set<String> withoutManagement = new HashSet<>();
    private final IgnoredKeys ignoredKeys = new IgnoredKeys();

    TopologyReader(Path file) {
        this.file = file;
    }

    Topology read(YamlMapping document) {
        document.warnOfUnknownKeys(TOP_LEVEL_KEYS);
        document.get("mgmt")
                .ifPresent(mgmt ->
                        mgmt.keyWarning("ignored: a lab has no management network, its only interfaces are wires"));
        String name = document.require("name", "the lab's name")
                .flatMap(value -> value.scalar("the lab's name").filter(text -> checkName(text, value)))
                .orElse("");
        Optional<String> prefix = document.get("prefix").flatMap(value -> value.scalar("text"));
        Map<String, Node> nodes = new LinkedHashMap<>();
        List<Link> links = new ArrayList<>();
        document.require("topology", "a mapping with 'nodes' and 'links'")
                .map(YamlValue::asRoot)
                .flatMap(value -> value.mapping("a mapping with 'nodes' and 'links'"))
                .ifPresent(topology -> {
                    topology.warnOfUnknownKeys(TOPOLOGY_KEYS);
                    Set<String> names = readNodes(topology, name, nodes);
                    new LinkReader(names, nodes, withoutManagement).read(topology, links);
                });
        ignoredKeys.warn();
        return new Topology(name, prefix, file, nodes, links);
    }

    private static boolean checkName(String text, YamlValue value) {
        boolean ok = NAME.matcher(text).matches();
        if (!ok) {
            value.error("expected a name of letters, digits, '.', '_' and '-', but found '" + text + "'");
        }
        return ok;
    }

    /** Reads the nodes and returns their names, those of nodes with errors included. */
    private Set<String> readNodes(YamlMapping topology, String labName, Map<String, Node> nodes) {
        NodeDefinition defaults =
                topology.get("defaults").map(NodeDefinition::read).orElse(NodeDefinition.NOTHING);
        ignoredKeys.note(defaults);
        Map<String, YamlValue> kinds = entries(topology, "kinds", "a mapping of kinds to settings");
        Map<String, YamlValue> groups = entries(topology, "groups", "a mapping of groups to settings");
        Map<String, NodeDefinition> readKinds = new HashMap<>();
        Map<String, NodeDefinition> readGroups = new HashMap<>();
        // A kind or a group that no node uses is not read: it may be a vendor's, with keys that are not known here.
        Function<String, NodeDefinition> kindNamed = kind -> definition(kind, kinds, readKinds);
        Function<String, NodeDefinition> groupNamed = group -> definition(group, groups, readGroups);

        Optional<YamlMapping> declared = topology.require("nodes", "a mapping of node names to nodes")
                .flatMap(value -> value.mapping("a mapping of node names to nodes"));
        if (declared.isEmpty()) {
            return Set.of();
        }
        declared.get().entries().forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                value.keyError("expected a node name of letters, digits, '.', '_' and '-', but found '" + name + "'");
            }
            NodeDefinition own = NodeDefinition.read(value);
            ignoredKeys.note(own);
            Levels levels = Levels.of(own, defaults, kindNamed, groupNamed);
            if (levels.mostSpecific(NodeDefinition::networkMode)
                    .filter("none"::equals)
                    .isPresent()) {
                withoutManagement.add(name);
            }
            kind(levels, value).ifPresent(kind -> nodes.put(name, node(name, labName, kind, levels, value)));
        });
        return declared.get().entries().keySet();
    }

    private static Map<String, YamlValue> entries(YamlMapping topology, String key, String expected) {
        return topology.get(key)
                .flatMap(value -> value.mapping(expected))
                .map(YamlMapping::entries)
                .orElse(Map.of());
    }

    private NodeDefinition definition(
            String name, Map<String, YamlValue> written, Map<String, NodeDefinition> alreadyRead) {
        YamlValue value = written.get(name);
        if (value == null) {
            return NodeDefinition.NOTHING;
        }
        return alreadyRead.computeIfAbsent(name, key -> {
            NodeDefinition definition = NodeDefinition.read(value);
            ignoredKeys.note(definition);
            return definition;
        });
    }

    /**
     * The four levels that a node's settings come from, the least specific first.
     *
     * @param kind the node's kind as written, found on the node, its group, the default group or the defaults
     * @param group the node's group, found on the node, its kind or the defaults
     */
    private record Levels(List<NodeDefinition> definitions, Optional<String> kind, Optional<String> group) {

        static Levels of(
                NodeDefinition node,
                NodeDefinition defaults,
                Function<String, NodeDefinition> kindNamed,
                Function<String, NodeDefinition> groupNamed) {
            Optional<String> kind = node.kind()
                    .or(() -> node.group()
                            .flatMap(group -> groupNamed.apply(group).kind()))
                    .or(() -> defaults.group()
                            .flatMap(group -> groupNamed.apply(group).kind()))
                    .or(defaults::kind);
            NodeDefinition ofKind =
                    kind.filter(TopologyReader::isKnownKind).map(kindNamed).orElse(NodeDefinition.NOTHING);
            Optional<String> group = node.group().or(ofKind::group).or(defaults::group);
            NodeDefinition ofGroup = group.map(groupNamed).orElse(NodeDefinition.NOTHING);
            return new Levels(List.of(defaults, ofKind, ofGroup, node), kind, group);
        }

        /** Returns the setting of the most specific level that has it. */
        <T> Optional<T> mostSpecific(Function<NodeDefinition, Optional<T>> setting) {
            for (int i = definitions.size() - 1; i >= 0; i--) {
                Optional<T> value = setting.apply(definitions.get(i));
                if (value.isPresent()) {
                    return value;
                }
            }
            return Optional.empty();
        }

        /** Returns the items of all levels, the least specific first. */
        <T> List<T> appended(Function<NodeDefinition, List<T>> setting) {
            return definitions.stream()
                    .flatMap(level -> setting.apply(level).stream())
                    .toList();
        }

        /** Returns the items of all levels, the least specific first, each once. */
        List<String> united(Function<NodeDefinition, List<String>> setting) {
            return List.copyOf(new LinkedHashSet<>(appended(setting)));
        }

        /** Returns the entries of all levels; the more specific level overrides an entry. */
        Map<String, String> merged(Function<NodeDefinition, Map<String, String>> setting) {
            Map<String, String> merged = new LinkedHashMap<>();
            definitions.forEach(level -> merged.putAll(setting.apply(level)));
            return merged;
        }
    }

    private static boolean isKnownKind(String kind) {
        return KINDS.contains(kind.toLowerCase(Locale.ROOT));
    }

    private Optional<NodeKind> kind(Levels levels, YamlValue node) {
        if (levels.kind().isEmpty()) {
            node.keyError(
                    "expected 'kind': linux or bridge, but it is missing; set it here, or for every node in defaults.kind");
            return Optional.empty();
        }
        String written = levels.kind().get();
        YamlValue place = levels.mostSpecific(level -> level.where().flatMap(mapping -> mapping.get("kind")))
                .orElse(node);
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "linux" -> Optional.of(NodeKind.LINUX);
            case "bridge" -> Optional.of(NodeKind.BRIDGE);
            case "ovs-bridge" -> {
                place.warning("kind 'ovs-bridge' is realised as a plain Linux bridge");
                yield Optional.of(NodeKind.BRIDGE);
            }
            case "frr", "frrouting" -> {
                place.error("expected kind 'linux' or 'bridge', but found '" + written
                        + "'; use kind linux and bind frr.conf and daemons to /etc/frr");
                yield Optional.empty();
            }
            default -> {
                place.error("expected kind 'linux' or 'bridge', but found '" + written + "'"
                        + Suggestion.nearest(written, KINDS)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("; a vendor's router cannot run here, an FRR or BIRD node of kind linux can"));
                yield Optional.empty();
            }
        };
    }

    private Node node(String name, String labName, NodeKind kind, Levels levels, YamlValue value) {
        boolean container = kind == NodeKind.LINUX;
        Optional<String> image = levels.mostSpecific(NodeDefinition::image);
        if (container && image.isEmpty()) {
            value.keyError(
                    "expected 'image': a container image, such as quay.io/frrouting/frr:10.3.1, but it is missing; "
                            + "set it here, in the group, the kind or the defaults");
        }
        NodeFiles files = new NodeFiles(file, labName, name);
        NodeFiles.Environment fromFiles = files.environment(levels.appended(NodeDefinition::envFiles));
        Map<String, String> env = fromFiles.variables();
        env.putAll(levels.merged(NodeDefinition::env));
        if (env.remove(IMPORT_ENVIRONMENT) != null) {
            value.keyWarning(IMPORT_ENVIRONMENT + " is ignored: a lab must not depend on the shell it is started from");
        }
        return new Node(
                name,
                kind,
                image,
                container ? files.binds(levels.appended(NodeDefinition::binds)) : List.of(),
                levels.appended(NodeDefinition::exec).stream()
                        .map(files::replaceVariables)
                        .toList(),
                levels.mostSpecific(NodeDefinition::cmd),
                levels.mostSpecific(NodeDefinition::entrypoint),
                env,
                fromFiles.files(),
                levels.merged(NodeDefinition::sysctls),
                levels.united(NodeDefinition::capAdd),
                levels.united(NodeDefinition::devices),
                levels.mostSpecific(NodeDefinition::startupDelay).orElse(Duration.ZERO),
                levels.group(),
                levels.merged(NodeDefinition::labels),
                levels.mostSpecific(NodeDefinition::memory)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                levels.mostSpecific(NodeDefinition::cpu).map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                value.keyPosition());
    }
}

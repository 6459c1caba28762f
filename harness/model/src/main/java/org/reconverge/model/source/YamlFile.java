package org.reconverge.model.source;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads a YAML file into values that know where they stand. */
public final class YamlFile {

    /** The deepest nesting that is read; the formats of this project need eight levels. */
    private static final int DEEPEST = 64;

    /** Enough for a lab in which each of hundreds of nodes merges several anchors; repeated expansion is bounded by it. */
    private static final int MOST_ALIASES = 10_000;

    private YamlFile() {}

    /**
     * Reads the one document of a file, which must be a mapping.
     *
     * @param file the file as the user named it
     * @param problems where problems go, those of the mapping's later readers included
     * @return the document, or empty if there is none, with the reason among the problems
     */
    public static Optional<YamlMapping> read(Path file, Problems problems) {
        return SourceText.read(file, problems).flatMap(source -> parse(source, problems));
    }

    /**
     * Reads the one document of a file in which shell variables stand, as containerlab allows.
     *
     * @param environment the variables; those that are not set and have no default stay as written
     * @see #read(Path, Problems)
     */
    public static Optional<YamlMapping> read(Path file, Map<String, String> environment, Problems problems) {
        return SourceText.read(file, problems)
                .filter(source -> isNoTemplate(source, problems))
                .map(source -> source.expand(new Variables(environment)))
                .flatMap(source -> parse(source, problems));
    }

    /** Reads a text as if it stood in {@code file}. */
    public static Optional<YamlMapping> parse(Path file, String text, Problems problems) {
        return parse(SourceText.of(file, text), problems);
    }

    private static Optional<YamlMapping> parse(SourceText source, Problems problems) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchemaWithoutMerge())
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setCodePointLimit(Integer.MAX_VALUE) // SourceText has its own limit
                .build();
        try {
            if (!isShallow(source, settings, problems)) {
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(source.text());
            if (root.isEmpty()) {
                problems.error(source.position(0), "", "expected a YAML mapping, but the file is empty");
                return Optional.empty();
            }
            return YamlValue.root(root.get(), source, problems).mapping("a YAML mapping, such as 'name: two-site'");
        } catch (MarkedYamlEngineException e) {
            int index = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(mark -> mark.getIndex())
                    .orElse(0);
            problems.error(source.position(index), "", explain(e));
        } catch (ReaderException e) {
            problems.error(
                    source.position(e.getPosition()),
                    "",
                    String.format(
                            "expected text, but found the control character U+%04X; remove it", e.getCodePoint()));
        } catch (YamlEngineException e) {
            problems.error(source.position(0), "", "this is not valid YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Tells a containerlab topology from a template of one, of which only containerlab knows the variables. */
    private static boolean isNoTemplate(SourceText source, Problems problems) {
        int template = source.text().indexOf("{{");
        if (template < 0) {
            return true;
        }
        problems.error(
                source.position(source.text().codePointCount(0, template)),
                "",
                "expected YAML, but found a Go template ('{{'); render it first and name the result");
        return false;
    }

    /**
     * Goes once through the document without keeping it, because composing is recursive: a megabyte of brackets would
     * end in a stack overflow.
     */
    private static boolean isShallow(SourceText source, LoadSettings settings, Problems problems) {
        int depth = 0;
        int documents = 0;
        for (Event event : new Parse(settings).parseString(source.text())) {
            switch (event.getEventId()) {
                case DocumentStart -> {
                    documents++;
                    if (documents == 2) {
                        problems.error(position(event, source), "", "expected one YAML document, but found a second");
                        return false;
                    }
                }
                case MappingStart, SequenceStart -> {
                    depth++;
                    if (depth > DEEPEST) {
                        problems.error(
                                position(event, source),
                                "",
                                "expected at most " + DEEPEST + " levels of nesting, but found more");
                        return false;
                    }
                }
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
        }
        return true;
    }

    private static Position position(Event event, SourceText source) {
        return source.position(event.getStartMark().map(mark -> mark.getIndex()).orElse(0));
    }

    private static String explain(MarkedYamlEngineException e) {
        String problem = e.getProblem();
        if (problem.contains("\\t")) {
            return "expected spaces, but found a tab; YAML is indented with spaces only";
        }
        String context = e.getContext() == null ? "" : e.getContext() + ", ";
        return "this is not valid YAML: " + context + problem;
    }

    /** The library merges by copying, which a bomb of aliases turns into hours; {@link YamlMapping} merges instead. */
    private static final class CoreSchemaWithoutMerge extends CoreSchema {
        @Override
        public ScalarResolver getScalarResolver() {
            return new CoreScalarResolver(false);
        }
    }
}

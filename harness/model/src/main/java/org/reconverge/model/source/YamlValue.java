package org.reconverge.model.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A value of a YAML file that knows its place in the file and its path in the document.
 *
 * <p>Its methods return empty when the value is not what was asked for, and have then noted an error. A value that is
 * written as {@code null} or left out is nothing: asking it for something returns empty without an error.
 */
public final class YamlValue {

    private final Node node;
    private final SourceText source;
    private final Problems problems;
    private final String path;
    private final Position keyPosition;

    private YamlValue(Node node, SourceText source, Problems problems, String path, Position keyPosition) {
        this.node = node;
        this.source = source;
        this.problems = problems;
        this.path = path;
        this.keyPosition = keyPosition;
    }

    static YamlValue root(Node node, SourceText source, Problems problems) {
        return new YamlValue(node, source, problems, "", position(node, source));
    }

    YamlValue child(Node child, String childPath, Node key) {
        return new YamlValue(child, source, problems, childPath, position(key, source));
    }

    static Position position(Node node, SourceText source) {
        return source.position(node.getStartMark().map(mark -> mark.getIndex()).orElse(0));
    }

    Position positionOf(Node other) {
        return position(other, source);
    }

    /** Returns where the value starts; for nothing, where its key stands. */
    public Position position() {
        return isNothing() ? keyPosition : position(node, source);
    }

    /** Returns where the key of the value stands, or the value itself if it has no key. */
    public Position keyPosition() {
        return keyPosition;
    }

    /** Returns the path in the document, such as {@code nodes.ber-edge1.binds[0]}. */
    public String path() {
        return path;
    }

    /** Returns the same value as the root of all paths below it. */
    public YamlValue asRoot() {
        return new YamlValue(node, source, problems, "", keyPosition);
    }

    /** Returns whether this is {@code null} or left empty. */
    public boolean isNothing() {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    /** Returns whether this is a mapping. */
    public boolean isMapping() {
        return node instanceof MappingNode;
    }

    /** Returns whether this is a sequence. */
    public boolean isSequence() {
        return node instanceof SequenceNode;
    }

    /** Notes an error at this value. */
    public void error(String message) {
        problems.error(position(), path, message);
    }

    /** Notes an error at this value's key. */
    public void keyError(String message) {
        problems.error(keyPosition, path, message);
    }

    /** Notes a warning at this value's key. */
    public void keyWarning(String message) {
        problems.warning(keyPosition, path, message);
    }

    /** Notes a warning at this value. */
    public void warning(String message) {
        problems.warning(position(), path, message);
    }

    /** Notes that something else was expected here. */
    public void expected(String what) {
        error("expected " + what + ", but found " + found());
    }

    Problems problems() {
        return problems;
    }

    /**
     * Returns the mapping that this is.
     *
     * @param expected what is expected here, for the message
     */
    public Optional<YamlMapping> mapping(String expected) {
        if (node instanceof MappingNode mapping) {
            return Optional.of(YamlMapping.of(mapping, this));
        }
        if (!isNothing()) {
            expected(expected);
        } else if (path.isEmpty()) {
            error("expected " + expected + ", but the file is empty");
        }
        return Optional.empty();
    }

    /**
     * Returns the items of the sequence that this is; none if it is something else.
     *
     * @param expected what is expected here, for the message
     */
    public List<YamlValue> items(String expected) {
        if (!(node instanceof SequenceNode sequence)) {
            if (!isNothing()) {
                expected(expected);
            }
            return List.of();
        }
        List<YamlValue> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(child(item, path + "[" + items.size() + "]", item));
        }
        return items;
    }

    /**
     * Returns the scalar as it is written, whatever its type; containerlab reads numbers and booleans as text, too.
     *
     * @param expected what is expected here, for the message
     */
    public Optional<String> scalar(String expected) {
        if (isNothing()) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        expected(expected);
        return Optional.empty();
    }

    /**
     * Returns the text that this is; a number or a boolean that is not quoted is an error.
     *
     * @param expected what is expected here, for the message
     */
    public Optional<String> text(String expected) {
        if (isNothing()) {
            return Optional.empty();
        }
        if (node instanceof ScalarNode scalar) {
            if (scalar.getTag().equals(Tag.STR)) {
                return Optional.of(scalar.getValue());
            }
            error("expected " + expected + ", but found " + found() + "; put text that looks so in quotes");
            return Optional.empty();
        }
        expected(expected);
        return Optional.empty();
    }

    /**
     * Returns the scalar as it is written, parsed.
     *
     * @param expected what is expected here, for the message
     * @param parser turns the text into a value; an {@link IllegalArgumentException} of it becomes an error, with its
     *     message as the whole message
     */
    public <T> Optional<T> parsed(String expected, Function<String, T> parser) {
        return scalar(expected).flatMap(text -> {
            try {
                return Optional.of(parser.apply(text));
            } catch (IllegalArgumentException e) {
                error(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    /** Returns the whole number that this is, if it is one of {@code least} to {@code most}. */
    public OptionalInt integer(int least, int most) {
        if (isNothing()) {
            return OptionalInt.empty();
        }
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
            try {
                int value = Integer.decode(scalar.getValue().replaceFirst("^([+-]?)0+(?=\\d)", "$1"));
                if (value >= least && value <= most) {
                    return OptionalInt.of(value);
                }
            } catch (NumberFormatException e) {
                // Too large for an int, and so for any range that is asked for.
            }
        }
        expected("a whole number from " + least + " to " + most);
        return OptionalInt.empty();
    }

    /** Returns whether this is a boolean, and which; empty without an error if it is not. */
    public Optional<Boolean> booleanIfAny() {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)
                ? Optional.of(Boolean.parseBoolean(scalar.getValue()))
                : Optional.empty();
    }

    /** Returns whether this is this very text, quoted or not. */
    public boolean is(String text) {
        return node instanceof ScalarNode scalar && scalar.getValue().equals(text);
    }

    /** Returns what stands here, for a message: {@code the mapping}, {@code the number 5}, {@code 'text'}. */
    public String found() {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        ScalarNode scalar = (ScalarNode) node;
        String value = scalar.getValue();
        String shown = value.length() > 60 ? value.substring(0, 60) + "…" : value;
        if (scalar.getScalarStyle() != ScalarStyle.PLAIN || scalar.getTag().equals(Tag.STR)) {
            return "'" + shown + "'";
        }
        if (scalar.getTag().equals(Tag.NULL)) {
            return "nothing";
        }
        return (scalar.getTag().equals(Tag.BOOL) ? "the boolean " : "the number ") + shown;
    }
}

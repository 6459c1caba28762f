package org.reconverge.reports.markup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An element of HTML or SVG under construction.
 *
 * <p>Text and attribute values are data: they are escaped when the element is rendered, and there is no way to put markup
 * in through them. What is rendered is XML that an HTML parser reads the same way, so a page can be checked with any XML
 * parser.
 */
public final class Element {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9:-]*");

    /** Elements without content in HTML; every other one needs its end tag there. */
    private static final Set<String> VOID = Set.of("br", "col", "hr", "img", "meta");

    private final String name;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private final List<Object> content = new ArrayList<>();

    private Element(String name) {
        this.name = checked(name);
    }

    /**
     * Returns a new element without attributes and content.
     *
     * @throws IllegalArgumentException if the name is none, or one whose content HTML does not unescape
     */
    public static Element of(String name) {
        if (name.equalsIgnoreCase("script") || name.equalsIgnoreCase("style")) {
            throw new IllegalArgumentException("expected an element whose text can be escaped, but found " + name);
        }
        return new Element(name);
    }

    /** Returns a new element of a CSS class. */
    public static Element of(String name, String cssClass) {
        return of(name).attribute("class", cssClass);
    }

    /**
     * Returns a {@code style} element. HTML takes its content as it stands and XML does not, so only style sheets that
     * mean the same in both are accepted.
     *
     * @throws IllegalArgumentException if the style sheet holds {@code <}, {@code >} or {@code &}
     */
    public static Element style(String css) {
        if (css.matches("(?s).*[<>&].*")) {
            throw new IllegalArgumentException("expected a style sheet without <, > and &, but found one in: " + css);
        }
        return new Element("style").text(css);
    }

    /** Sets an attribute. */
    public Element attribute(String attribute, String value) {
        attributes.put(checked(attribute), value);
        return this;
    }

    /** Sets an attribute to a number, with one decimal where it needs one. */
    public Element attribute(String attribute, double value) {
        return attribute(attribute, number(value));
    }

    /** Appends text. */
    public Element text(String text) {
        content.add(text);
        return this;
    }

    /** Appends elements. */
    public Element add(Element... children) {
        return add(List.of(children));
    }

    /** Appends elements. */
    public Element add(Collection<Element> children) {
        content.addAll(children);
        return this;
    }

    /** Returns a number as SVG and CSS write it, with at most one decimal. */
    public static String number(double value) {
        long tenths = Math.round(value * 10);
        String sign = tenths < 0 ? "-" : "";
        long magnitude = Math.abs(tenths);
        return sign + magnitude / 10 + (magnitude % 10 == 0 ? "" : "." + magnitude % 10);
    }

    /** Renders the element and everything in it. */
    public String render() {
        StringBuilder out = new StringBuilder();
        render(out);
        return out.toString();
    }

    /** Renders the element. */
    @Override
    public String toString() {
        return render();
    }

    private void render(StringBuilder out) {
        out.append('<').append(name);
        attributes.forEach((attribute, value) -> {
            out.append(' ').append(attribute).append("=\"");
            escape(value, out);
            out.append('"');
        });
        if (VOID.contains(name) && content.isEmpty()) {
            out.append("/>");
            return;
        }
        out.append('>');
        for (Object child : content) {
            if (child instanceof Element element) {
                element.render(out);
            } else if (name.equals("style")) {
                out.append((String) child);
            } else {
                escape((String) child, out);
            }
        }
        out.append("</").append(name).append('>');
    }

    private static void escape(String text, StringBuilder out) {
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isHarmless(character) ? character : 0xfffd);
            }
        });
    }

    /** XML 1.0 §2.2 has no place for control characters; overrides of the writing direction could make text lie. */
    private static boolean isHarmless(int character) {
        boolean allowed = character == '\t'
                || character == '\n'
                || character >= 0x20 && character < 0x7f
                || character >= 0xa0 && character < 0xd800
                || character >= 0xe000 && character < 0xfffe
                || character >= 0x10000;
        boolean direction = character >= 0x202a && character <= 0x202e || character >= 0x2066 && character <= 0x2069;
        return allowed && !direction;
    }

    private static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("expected a name of letters, digits, - and :, but found '" + name + "'");
        }
        return name;
    }
}

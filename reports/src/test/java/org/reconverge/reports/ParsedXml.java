package org.reconverge.reports;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** A rendered page or picture, read back by a parser that shares no code with the renderer. */
public final class ParsedXml {

    private final Document document;

    private ParsedXml(Document document) {
        this.document = document;
    }

    /** Parses a rendered page or picture. */
    public static ParsedXml of(String text) {
        try {
            DocumentBuilder builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            builder.setErrorHandler(null);
            return new ParsedXml(
                    builder.parse(new InputSource(new StringReader(text.replaceFirst("^<!DOCTYPE html>", "")))));
        } catch (Exception e) {
            throw new AssertionError("not well-formed: " + e.getMessage(), e);
        }
    }

    /** Returns the root element. */
    public Element root() {
        return Objects.requireNonNull(document.getDocumentElement());
    }

    /** Returns the elements of a name. */
    public List<Element> all(String name) {
        return under(root(), name);
    }

    /** Returns the elements of a name that have a CSS class. */
    public List<Element> all(String name, String cssClass) {
        return under(root(), name).stream()
                .filter(element ->
                        List.of(element.getAttribute("class").split(" ")).contains(cssClass))
                .toList();
    }

    /** Returns the elements of a name inside another one. */
    public static List<Element> under(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) Objects.requireNonNull(found.item(i)));
        }
        return elements;
    }
}

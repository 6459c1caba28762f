package org.reconverge.reports.html;

import java.util.Collection;
import java.util.List;
import org.reconverge.reports.markup.Element;

/** A table under construction. Columns whose heading begins with {@code #} hold numbers. */
final class Table {

    private final String cssClass;
    private final List<String> headings;
    private final Element body = Element.of("tbody");
    private Element row = Element.of("tr");
    private int column;

    /**
     * @param cssClass how wide it is: {@code wide}, {@code dense} or {@code fit}
     */
    Table(String cssClass, String... headings) {
        this.cssClass = cssClass;
        this.headings = List.of(headings);
    }

    /** Begins a row. */
    Table row() {
        row = Element.of("tr");
        column = 0;
        body.add(row);
        return this;
    }

    /** Adds a cell. */
    Table cell(String text) {
        return cell(List.of(Element.of("span").text(text)));
    }

    /** Adds a cell. */
    Table cell(Element content) {
        return cell(List.of(content));
    }

    /** Adds a cell. */
    Table cell(Collection<Element> content) {
        Element cell = Element.of("td");
        if (isNumber(headings.get(column++))) {
            cell.attribute("class", "number");
        }
        row.add(cell.add(content));
        return this;
    }

    /** Adds a cell with a line for each text. */
    Table lines(Collection<String> texts) {
        return cell(texts.stream()
                .map(text -> Element.of("span", "line").text(text))
                .toList());
    }

    /** Returns the table, which scrolls where the page is narrow. */
    Element element() {
        Element head = Element.of("tr");
        for (String heading : headings) {
            Element cell = Element.of("th").attribute("scope", "col");
            if (isNumber(heading)) {
                cell.attribute("class", "number");
            }
            head.add(cell.text(isNumber(heading) ? heading.substring(1) : heading));
        }
        return Element.of("div", "scroll")
                .add(Element.of("table", cssClass).add(Element.of("thead").add(head), body));
    }

    private static boolean isNumber(String heading) {
        return heading.startsWith("#");
    }
}

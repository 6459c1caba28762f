package org.reconverge.reports.markup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.reports.ParsedXml;

class ElementTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\" onload=\"alert(1)",
                "' onload='alert(1)",
                "]]><!-- -->&amp;&lt;&#0;",
                "</td></table><img src=x onerror=alert(1)>",
                "plain, ümlaut, 漢字, 🙂"
            })
    void textComesBackAsItWentIn(String hostile) {
        Element element = Element.of("p").attribute("title", hostile).text(hostile);

        ParsedXml parsed = ParsedXml.of(element.render());

        assertThat(parsed.root().getTextContent()).isEqualTo(hostile);
        assertThat(parsed.root().getAttribute("title")).isEqualTo(hostile);
        assertThat(parsed.all("*")).isEmpty();
    }

    @Test
    void charactersThatXmlLacksOrThatTurnTheWritingAroundAreReplaced() {
        String rendered =
                Element.of("p").text("a\u0000b\u001b[31mc\u202ed\ud800e").render();

        assertThat(ParsedXml.of(rendered).root().getTextContent()).isEqualTo("a\ufffdb\ufffd[31mc\ufffdd\ufffde");
    }

    @Test
    void namesAndStyleSheetsAreNoWayIn() {
        assertThatThrownBy(() -> Element.of("p onload=x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Element.of("p").attribute("a=\"b\"", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Element.of("SCRIPT")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Element.style("</style><script>")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void emptyElementsEndAsHtmlWantsThem() {
        assertThat(Element.of("div").add(Element.of("br"), Element.of("td")).render())
                .isEqualTo("<div><br/><td></td></div>");
    }

    @Test
    void numbersHaveOneDecimalAndAPointInEveryLocale() {
        assertThat(Element.number(12.349)).isEqualTo("12.3");
        assertThat(Element.number(-0.25)).isEqualTo("-0.2");
        assertThat(Element.number(-0.01)).isEqualTo("0");
        assertThat(Element.number(7)).isEqualTo("7");
    }
}

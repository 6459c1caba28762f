package org.reconverge.model.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of containerlab's own library (hellt/envsubst) with the settings that containerlab gives it. */
class VariablesTest {

    private static final Variables VARIABLES = new Variables(Map.of("BAR", "bar", "FOO", "foo", "EMPTY", ""));

    private static String expand(String text) {
        return SourceText.of(Path.of("f"), text).expand(VARIABLES).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$BAR baz | bar baz",
                "$BAR$FOO | barfoo",
                "${BAR}baz | barbaz",
                "${NOTSET-$BAR} | bar",
                "${NOTSET=$BAR} | bar",
                "x${EMPTY-$BAR} | x",
                "x${EMPTY=$BAR} | x",
                "${EMPTY:-$BAR} | bar",
                "${EMPTY:=$BAR} | bar",
                "${EMPTY+hello} | hello",
                "${BAR:+hello} | hello",
                "x${NOTSET+hello} | x",
                "x${NOTSET:+hello} | x",
                "${hello:=wo_rld} ${foo:=bar_baz} | wo_rld bar_baz",
                "prop=${HOME_URL-http://localhost:8080} | prop=http://localhost:8080",
                "${A:=${B:=c}} | c",
                // What is not set, or is the shell's own, stays.
                "$NOTSET ${NOTSET} | $NOTSET ${NOTSET}",
                "$1 ${1} $_ ${_} $? $( $ | $1 ${1} $_ ${_} $? $( $",
                "hello ${ | hello ${",
                "${BAR!x} | ${BAR!x}",
                // Escapes.
                "FOO $$BAR BAZ | FOO $BAR BAZ",
                "FOO $${BAR} BAZ | FOO ${BAR} BAZ",
                "$$$BAR | $bar",
            })
    void expandsAsContainerlabDoes(String text, String expanded) {
        assertThat(expand(text)).isEqualTo(expanded);
    }

    @Test
    void aPlaceInTheExpandedTextIsAPlaceInTheFile() {
        SourceText text = SourceText.of(Path.of("f"), "a: $BAR, b: ${N:=long default}\nc: \uD83D\uDE00 $FOO d\n")
                .expand(VARIABLES);

        assertThat(text.text()).isEqualTo("a: bar, b: long default\nc: \uD83D\uDE00 foo d\n");
        assertThat(text.position(text.text().indexOf("bar"))).hasToString("f:1:4");
        assertThat(text.position(text.text().indexOf("b: "))).hasToString("f:1:10");
        assertThat(text.position(text.text().indexOf("default"))).hasToString("f:1:13");
        // Code points, not UTF-16 units: the emoji counts once.
        assertThat(text.position("a: bar, b: long default\nc: x foo ".length())).hasToString("f:2:11");
        assertThat(text.position(1_000)).hasToString("f:3:1");
    }
}

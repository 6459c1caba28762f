package org.reconverge.model.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {

    private static final List<String> NODES = List.of("ber-edge1", "ber-edge2", "fra-edge1", "transit-a");

    @Test
    void findsTheNearestWord() {
        assertThat(Suggestion.nearest("ber-egde1", NODES)).contains("ber-edge1");
        assertThat(Suggestion.nearest("BER-EDGE2", NODES)).contains("ber-edge2");
        assertThat(Suggestion.nearest("transitA", NODES)).contains("transit-a");
        assertThat(Suggestion.nearest("kiel", NODES)).isEmpty();
    }

    @Test
    void namesWhatIsKnownWhenNothingIsNear() {
        assertThat(Suggestion.or("kiel", NODES, "nodes are"))
                .isEqualTo("; nodes are ber-edge1, ber-edge2, fra-edge1, transit-a");
        assertThat(Suggestion.or("transit", NODES, "nodes are")).isEqualTo("; did you mean 'transit-a'?");
        assertThat(Suggestion.or("kiel", List.of(), "nodes are")).isEmpty();
    }
}

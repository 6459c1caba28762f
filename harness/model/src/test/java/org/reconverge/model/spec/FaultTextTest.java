package org.reconverge.model.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.topology.Endpoint;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;

class FaultTextTest {

    private static final FailoverSpec SPEC =
            FailoverSpecFile.read(Path.of("src/test/resources/labs/two-site/two-site.failover.yml"));
    private static final Topology TOPOLOGY = TopologyFile.read(SPEC.topology());

    private static Fault parse(String text) {
        return FaultText.parse(text, TOPOLOGY, SPEC.sites());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{link-down: \"transit-a:eth1\"}",
                "{carrier-loss: \"transit-a:eth1\"}",
                "{silent-drop: \"transit-a:eth1\"}",
                "{one-way-drop: \"transit-a:eth1\"}",
                "{link-flap: {endpoint: \"transit-a:eth1\", down: 200ms, up: 1.5s, times: 5}}",
                "{process-kill: \"ber-edge1:bgpd\"}",
                "{process-hang: \"ber-edge1:bgpd\"}",
                "{node-pause: \"ber-edge1\"}",
                "{node-down: \"ber-edge1\"}",
                "{site-down: \"berlin\"}",
                "{service-down: \"frankfurt\"}",
                "{concentrator-kill: \"berlin\"}",
                "{concentrator-down: \"berlin\"}",
                "{drain: \"berlin\"}",
                "{drain: \"ber-edge1\"}",
                "{all: [{link-down: \"transit-a:eth1\"}, {site-down: \"berlin\"}]}",
            })
    void readsWhatItWrites(String text) {
        assertThat(FaultText.format(parse(text))).isEqualTo(text);
    }

    @Test
    void readsTheShortFormOfACommandLine() {
        Fault cut = new Fault.LinkDown(Endpoint.parse("transit-a:eth1"));

        assertThat(parse("link-down transit-a:eth1")).isEqualTo(cut);
        assertThat(parse("link-down: transit-a:eth1")).isEqualTo(cut);
        assertThat(parse("site-down berlin"))
                .isEqualTo(new Fault.SiteDown("berlin", List.of("ber-edge1", "ber-edge2", "ber-lan", "ber-svc")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "link-down transit-a:eth9 | no link ends at 'transit-a:eth9'; the node's links end at transit-a:eth1, transit-a:eth2, transit-a:eth3, transit-a:eth4",
                "link-dwn transit-a:eth1 | unknown fault 'link-dwn'; did you mean 'link-down'?",
                "{link-dwn: 'transit-a:eth1'} | unknown fault 'link-dwn'; did you mean 'link-down'?",
                "node-down ber-lan | expected a node with processes, but 'ber-lan' is a bridge",
                "{all: [{site-down: berlin}]} | expected at least two faults, but found 1",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("in the fault '" + text + "': " + message);
    }
}

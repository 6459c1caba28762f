package org.reconverge.model.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterConfigTest {

    private static final Path TWO_SITE = Path.of("src/test/resources/labs/two-site/two-site.clab.yml");

    @Test
    void findsTheFilesAndNumbersOfEveryRouter() {
        Map<String, RouterConfig> configs = RouterConfig.of(TopologyFile.read(TWO_SITE));

        assertThat(configs).hasSize(10).doesNotContainKey("ber-lan");
        assertThat(configs).hasEntrySatisfying("ber-edge1", config -> {
            assertThat(config.asNumbers()).containsExactly(64601L);
            assertThat(config.frr())
                    .hasValueSatisfying(path -> assertThat(path).endsWith(Path.of("configs/ber-edge1/frr.conf")));
            assertThat(config.daemons()).isPresent();
            assertThat(config.bird()).isEmpty();
        });
        assertThat(configs).hasEntrySatisfying("transit-b", config -> {
            assertThat(config.asNumbers()).containsExactly(64512L);
            assertThat(config.bird()).isPresent();
        });
        assertThat(configs)
                .hasEntrySatisfying(
                        "gw-north", config -> assertThat(config.asNumbers()).isEmpty());
    }

    @Test
    void readsFrrNumbersOfEveryForm() {
        assertThat(RouterConfig.frrNumbers("router bgp 65001\n!\nrouter bgp 65002 vrf red\nrouter bgp 1.10\n"))
                .containsExactly(65001L, 65002L, 65546L);
        assertThat(RouterConfig.frrNumbers("! router bgp 1\n#router bgp 2\n neighbor 192.0.2.1 remote-as 3\n"))
                .isEmpty();
        assertThat(RouterConfig.frrNumbers("vtysh -c 'conf t' -c 'router bgp 65010' -c 'end'"))
                .containsExactly(65010L);
    }

    @Test
    void readsBirdNumbersOfEveryForm() {
        assertThat(RouterConfig.birdNumbers("protocol bgp a { local as 65001; neighbor 192.0.2.1 as 65009; }\n"
                        + "protocol bgp b { local 192.0.2.2 as 65002; }\n"
                        + "protocol bgp c { local 2001:db8::1 port 1179 as 65003; }\n"))
                .containsExactly(65001L, 65002L, 65003L);
        assertThat(RouterConfig.birdNumbers("define OURS = 4200000000;\ntemplate bgp t { local as OURS; }"))
                .containsExactly(4200000000L);
        assertThat(RouterConfig.birdNumbers("# local as 1;\n/* local as 2;\n local as 3; */ local as UNKNOWN;"))
                .isEmpty();
    }
}

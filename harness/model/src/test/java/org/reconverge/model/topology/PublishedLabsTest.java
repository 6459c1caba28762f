package org.reconverge.model.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.reconverge.model.source.Parsed;
import org.reconverge.model.source.Problem;

/** Labs written after published ones, with the features that those use; each must load unmodified. */
class PublishedLabsTest {

    private static final Path LABS = Path.of("src/test/resources/labs");

    private static Parsed<Topology> load(String file) {
        return TopologyFile.parse(LABS.resolve(file), Map.of());
    }

    private static List<String> messages(Parsed<Topology> parsed) {
        return parsed.problems().stream().map(Problem::message).toList();
    }

    @Test
    void twentyNodesWithDotsInTheirNamesSetUpByExec() {
        Parsed<Topology> parsed = load("dotted-names/dotted-names.clab.yml");
        Topology topology = parsed.value();

        assertThat(parsed.problems()).isEmpty();
        assertThat(topology.nodes()).hasSize(20);
        assertThat(topology.links()).hasSize(30);
        assertThat(topology.node("server1.dc1").group()).contains("dc1");
        assertThat(topology.node("server1.dc1").exec())
                .contains(
                        "ip -4 address add 1.1.1.0/24 dev lo",
                        "bash -c \"hostname >/var/www/html/index.nginx-debian.html\"",
                        "service nginx start")
                .endsWith("service nginx start");
        assertThat(topology.linkAt(Endpoint.parse("router2.dc1:eth5"))).isPresent();
        assertThat(topology.linksOf("router1.dc2")).hasSize(4);
        Map<String, RouterConfig> routers = RouterConfig.of(topology);
        assertThat(routers)
                .hasEntrySatisfying(
                        "router2.dc1", router -> assertThat(router.asNumbers()).containsExactly(65100L));
        assertThat(routers)
                .hasEntrySatisfying(
                        "router1.dc2", router -> assertThat(router.asNumbers()).containsExactly(64443L));
        assertThat(topology.nodes().values())
                .extracting(node ->
                        ImageMap.builtIn().choose(node.image().orElseThrow()).image())
                .containsOnly("reconverge/bird", "reconverge/frr", "node-base");
    }

    @Test
    void aManagementNetworkAnImageForTheKindAndAMonitoringStack() {
        Parsed<Topology> parsed = load("mgmt-and-kinds/lab.yml");
        Topology topology = parsed.value();

        assertThat(messages(parsed))
                .containsExactly(
                        "ignored: a lab has no management network, its only interfaces are wires",
                        "ignored: a lab has no management network (also in 2 other places)",
                        "ignored: a lab has no way out, so no port is published");
        assertThat(topology.node("leaf01").image()).contains("quay.io/frrouting/frr:10.7.0");
        assertThat(topology.node("leaf01").binds()).hasSize(3);
        assertThat(topology.node("1").group()).contains("9");
        assertThat(topology.node("grafana").env()).containsEntry("GF_PORT", "3000");
        Map<String, RouterConfig> routers = RouterConfig.of(topology);
        assertThat(routers).hasEntrySatisfying("spine01", router -> {
            assertThat(router.asNumbers()).containsExactly(65100L);
            assertThat(router.daemons()).isPresent();
        });
        assertThat(routers).hasEntrySatisfying("leaf01", router -> {
            assertThat(router.asNumbers()).containsExactly(65101L);
            assertThat(router.daemons()).isEmpty();
        });
    }

    @Test
    void segmentsOnBridgesWithLinksInTheLongForm() {
        Parsed<Topology> parsed = load("bridged-segments/bridged-segments.clab.yml");
        Topology topology = parsed.value();

        assertThat(messages(parsed))
                .containsExactly("the host link is left out: it leads to the host, and a lab has no way out");
        assertThat(topology.links())
                .extracting(Link::toString)
                .containsExactly(
                        "gw1:eth0 <-> br_wan:w-gw1",
                        "gw2:eth0 <-> br_wan:w-gw2",
                        "gw1:net0 <-> br-lan:gw1",
                        "gw2:net0 <-> br-lan:gw2",
                        "br-lan:srv-a <-> srv-a:net0");
        assertThat(RouterConfig.of(topology.node("gw1")).asNumbers()).containsExactly(65010L);
    }
}

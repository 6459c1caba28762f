package org.reconverge.reports.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.model.topology.Topology;
import org.reconverge.model.topology.TopologyFile;
import org.reconverge.reports.ParsedXml;
import org.reconverge.reports.graph.TopologyGraph.Client;
import org.reconverge.reports.graph.TopologyGraph.Edge;
import org.reconverge.reports.graph.TopologyGraph.Group;
import org.reconverge.reports.graph.TopologyGraph.Role;
import org.reconverge.reports.graph.TopologyGraph.Vertex;
import org.reconverge.topologies.BundledTopologies;
import org.w3c.dom.Element;

class TopologyGraphTest {

    private static TopologyGraph bundled(String name, Path directory) {
        FailoverSpec spec = FailoverSpecFile.read(BundledTopologies.unpack(name, directory));
        Topology topology = TopologyFile.read(spec.topology());
        return TopologyGraph.of(topology, Optional.of(spec), RouterConfig.of(topology));
    }

    @Test
    void readsRolesSitesAndAsNumbers(@TempDir Path directory) {
        TopologyGraph graph = bundled("two-site", directory);

        assertThat(graph.node("transit-a").role()).isEqualTo(Role.ROUTER);
        assertThat(graph.node("transit-a").asNumbers()).containsExactly(64501L);
        assertThat(graph.node("gw-north").clients()).containsExactly(new Client("gw-north", "berlin", Optional.of(0)));
        assertThat(graph.node("fra-svc").role()).isEqualTo(Role.SERVICE);
        assertThat(graph.sites().get(0)).isEqualTo(new Group("berlin", List.of("ber-edge1", "ber-edge2", "ber-svc")));
        assertThat(graph.links()).contains(new Edge("transit-a", "eth2", "ber-edge1", "eth1"));
    }

    @Test
    void drawsEveryNodeLinkInterfaceAndSite(@TempDir Path directory) {
        TopologyGraph graph = bundled("two-site", directory);

        ParsedXml svg = ParsedXml.of(graph.svg());

        assertThat(texts(svg, "name"))
                .containsExactlyInAnyOrderElementsOf(
                        graph.nodes().stream().map(Vertex::name).toList());
        assertThat(svg.all("path", "wire")).hasSize(17);
        assertThat(texts(svg, "interface")).hasSize(34);
        assertThat(texts(svg, "site-name")).containsExactly("site berlin", "site frankfurt");
        assertThat(texts(svg, "caption")).contains("AS 64501", "client, home berlin", "service");
        assertThat(svg.root().getAttribute("role")).isEqualTo("img");
        assertThat(svg.all("desc").get(0).getTextContent())
                .startsWith("12 nodes and 17 links. Site berlin: ber-edge1, ber-edge2, ber-svc.");
    }

    @Test
    void theSameGraphGivesTheSamePicture(@TempDir Path one, @TempDir Path other) {
        assertThat(bundled("two-site", one).svg())
                .isEqualTo(bundled("two-site", other).svg());
    }

    static Stream<TopologyGraph> labsOfUsers() {
        return Stream.of(
                fourSites(),
                leafAndSpine(),
                ring(),
                new TopologyGraph("empty", List.of(), List.of(), List.of()),
                new TopologyGraph(
                        "a node linked to itself and one that is not linked",
                        List.of(router("a", Optional.empty()), router("b", Optional.empty())),
                        List.of(new Edge("a", "eth1", "a", "eth2")),
                        List.of(new Group("empty-site", List.of()))));
    }

    @ParameterizedTest
    @MethodSource("labsOfUsers")
    void nodesAreApartAndInsideTheirSitesAndThePicture(TopologyGraph graph) {
        LayeredLayout layout = LayeredLayout.of(graph);

        for (Vertex node : graph.nodes()) {
            LayeredLayout.Cell cell = layout.cell(node.name());
            assertThat(cell.left()).as(node.name()).isGreaterThanOrEqualTo(0);
            assertThat(cell.right()).as(node.name()).isLessThanOrEqualTo(layout.width());
            assertThat(cell.bottom()).as(node.name()).isLessThanOrEqualTo(layout.height());
            for (Vertex other : graph.nodes()) {
                LayeredLayout.Cell next = layout.cell(other.name());
                boolean apart = cell.right() <= next.left()
                        || next.right() <= cell.left()
                        || cell.bottom() <= next.top
                        || next.bottom() <= cell.top;
                assertThat(node == other || apart)
                        .as(node.name() + " and " + other.name())
                        .isTrue();
            }
            for (int site = 0; site < graph.sites().size(); site++) {
                boolean member = node.site().equals(Optional.of(site));
                boolean inside = layout.site(site)
                        .filter(box -> cell.right() > box.left
                                && cell.left() < box.left + box.width
                                && cell.bottom() > box.top
                                && cell.top < box.bottom)
                        .isPresent();
                assertThat(inside).as(node.name() + " in site " + site).isEqualTo(member);
            }
        }
        ParsedXml svg = ParsedXml.of(graph.svg());
        assertThat(svg.all("path", "wire")).hasSize(graph.links().size());
        assertThat(svg.all("text", "name")).hasSize(graph.nodes().size());
    }

    @Test
    void rowsOfSitesAreLevel() {
        LayeredLayout layout = LayeredLayout.of(fourSites());

        // Only two of the sites are linked to each other, over the heads of those between.
        assertThat(List.of("e1-0", "e2-1", "e1-2", "e2-3"))
                .allMatch(node -> layout.cell(node).top == layout.cell("e1-1").top);
    }

    @Test
    void linksOfTheBundledLabDoNotCrossMoreThanTheyMust(@TempDir Path directory) {
        LayeredLayout layout = LayeredLayout.of(bundled("two-site", directory));

        // Both ISPs go to both transits, and both transits to both sites: one crossing each.
        assertThat(crossings(layout)).isEqualTo(2);
    }

    private static int crossings(LayeredLayout layout) {
        List<LayeredLayout.Cell[]> segments = new ArrayList<>();
        layout.chains().stream()
                .filter(chain -> !chain.flat())
                .forEach(chain -> IntStream.range(1, chain.cells().size())
                        .forEach(i -> segments.add(new LayeredLayout.Cell[] {
                            chain.cells().get(i - 1), chain.cells().get(i)
                        })));
        int crossings = 0;
        for (LayeredLayout.Cell[] a : segments) {
            for (LayeredLayout.Cell[] b : segments) {
                if (a[0].row == b[0].row && a[0].x < b[0].x && a[1].x > b[1].x) {
                    crossings++;
                }
            }
        }
        return crossings;
    }

    @Test
    void writesMermaid() {
        TopologyGraph graph = new TopologyGraph(
                "small",
                List.of(
                        new Vertex(
                                "gw",
                                Role.CLIENT,
                                List.of(),
                                Optional.empty(),
                                List.of(new Client("north", "berlin", Optional.of(0)))),
                        router("edge", Optional.of(0)),
                        new Vertex("svc", Role.SERVICE, List.of(), Optional.of(0), List.of())),
                List.of(new Edge("gw", "eth1", "edge", "eth1"), new Edge("edge", "eth2", "svc", "eth1")),
                List.of(new Group("berlin", List.of("edge", "svc"))));

        assertThat(graph.mermaid()).isEqualTo("""
                        flowchart TB
                          n1(["gw<br/>client north, home berlin"])
                          subgraph s1["site berlin"]
                            n2["edge<br/>AS 64500"]
                            n3[["svc<br/>service"]]
                          end
                          n1 ---|"eth1 - eth1"| n2
                          n2 ---|"eth2 - eth1"| n3
                        """);
    }

    @Test
    void namesAreNeverSyntax() {
        String hostile = "a\"]; click n1 \"javascript:alert(1)\" <img src=x> `#quot;` %%";
        TopologyGraph graph = new TopologyGraph(
                hostile,
                List.of(router(hostile, Optional.of(0))),
                List.of(),
                List.of(new Group(hostile, List.of(hostile))));

        assertThat(graph.mermaid().lines()).hasSize(4);
        assertThat(graph.mermaid()).doesNotContain("<img").doesNotContain("`").contains("a#34;#93;#59;");
        ParsedXml svg = ParsedXml.of(graph.svg());
        assertThat(svg.all("img")).isEmpty();
        assertThat(texts(svg, "name")).containsExactly(hostile);
    }

    private static List<String> texts(ParsedXml svg, String cssClass) {
        return svg.all("text", cssClass).stream().map(Element::getTextContent).toList();
    }

    private static Vertex router(String name, Optional<Integer> site) {
        return new Vertex(name, Role.ROUTER, List.of(64500L), site, List.of());
    }

    private static TopologyGraph fourSites() {
        List<Vertex> nodes = new ArrayList<>();
        List<Edge> links = new ArrayList<>();
        List<Group> sites = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Client client = new Client("client-with-a-long-name-" + i, "site" + i % 4, Optional.of(i % 4));
            nodes.add(new Vertex("gw-" + i, Role.CLIENT, List.of(), Optional.empty(), List.of(client)));
            links.add(new Edge("gw-" + i, "GigabitEthernet0/0/" + i, "access." + i % 3, "ge-0/0/" + i));
        }
        for (int i = 0; i < 3; i++) {
            nodes.add(router("access." + i, Optional.empty()));
            nodes.add(router("transit-" + i, Optional.empty()));
            for (int j = 0; j < 3; j++) {
                links.add(new Edge("access." + i, "up" + j, "transit-" + j, "down" + i));
            }
            links.add(new Edge("transit-" + i, "peer-a", "transit-" + (i + 1) % 3, "peer-b"));
        }
        for (int site = 0; site < 4; site++) {
            List<String> members = List.of("e1-" + site, "e2-" + site, "core-" + site, "svc-" + site);
            for (String member : members) {
                nodes.add(router(member, Optional.of(site)));
            }
            sites.add(new Group("site" + site, members));
            links.add(new Edge("transit-" + site % 3, "s" + site, "e1-" + site, "eth1"));
            links.add(new Edge("transit-" + (site + 1) % 3, "t" + site, "e2-" + site, "eth1"));
            links.add(new Edge("e1-" + site, "eth2", "e2-" + site, "eth2"));
            links.add(new Edge("e1-" + site, "eth3", "core-" + site, "eth1"));
            links.add(new Edge("e2-" + site, "eth3", "core-" + site, "eth2"));
            links.add(new Edge("core-" + site, "eth3", "svc-" + site, "eth1"));
            links.add(new Edge("access.0", "deep" + site, "svc-" + site, "eth9"));
        }
        links.add(new Edge("e1-0", "eth4", "e2-3", "eth4"));
        return new TopologyGraph("four sites", nodes, links, sites);
    }

    private static TopologyGraph leafAndSpine() {
        List<Vertex> nodes = new ArrayList<>();
        List<Edge> links = new ArrayList<>();
        for (int spine = 0; spine < 4; spine++) {
            nodes.add(router("spine" + spine, Optional.empty()));
        }
        for (int leaf = 0; leaf < 16; leaf++) {
            nodes.add(router("leaf" + leaf, Optional.empty()));
            nodes.add(new Vertex("host" + leaf, Role.HOST, List.of(), Optional.empty(), List.of()));
            links.add(new Edge("host" + leaf, "eth1", "leaf" + leaf, "eth5"));
            for (int spine = 0; spine < 4; spine++) {
                links.add(new Edge("leaf" + leaf, "eth" + spine, "spine" + spine, "eth" + leaf));
            }
        }
        return new TopologyGraph("leaf and spine", nodes, links, List.of());
    }

    private static TopologyGraph ring() {
        List<Vertex> nodes = new ArrayList<>();
        List<Edge> links = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            nodes.add(router("r" + i, Optional.empty()));
            links.add(new Edge("r" + i, "east", "r" + (i + 1) % 9, "west"));
        }
        return new TopologyGraph("ring", nodes, links, List.of());
    }
}

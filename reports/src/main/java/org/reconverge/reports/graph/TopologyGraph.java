package org.reconverge.reports.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.Site;
import org.reconverge.model.topology.Node;
import org.reconverge.model.topology.NodeKind;
import org.reconverge.model.topology.RouterConfig;
import org.reconverge.model.topology.Topology;
import org.reconverge.reports.markup.Element;

/**
 * A topology as a picture shows it: nodes with what they are for, links with their interfaces, and sites.
 *
 * @param name the topology's name
 * @param nodes the nodes, in the order of the file
 * @param links the links, in the order of the file
 * @param sites the sites, in the order of the spec; empty without a spec
 */
public record TopologyGraph(String name, List<Vertex> nodes, List<Edge> links, List<Group> sites) {

    /** Copies the lists, so that a graph never changes. */
    public TopologyGraph {
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
        sites = List.copyOf(sites);
    }

    /**
     * Returns the graph of a topology.
     *
     * @param topology the topology
     * @param spec its failover spec, which tells the sites and the clients
     * @param configs the routing configuration of its nodes, which tells the AS numbers
     */
    public static TopologyGraph of(Topology topology, Optional<FailoverSpec> spec, Map<String, RouterConfig> configs) {
        List<Site> sites =
                spec.map(known -> List.copyOf(known.sites().values())).orElse(List.of());
        List<ClientSpec> clients =
                spec.map(known -> List.copyOf(known.clients().values())).orElse(List.of());
        Map<String, Integer> siteOfNode = new HashMap<>();
        for (int i = 0; i < sites.size(); i++) {
            for (String node : sites.get(i).nodes()) {
                siteOfNode.putIfAbsent(node, i);
            }
        }
        List<Vertex> nodes = topology.nodes().values().stream()
                .map(node -> vertex(node, sites, clients, Optional.ofNullable(siteOfNode.get(node.name())), configs))
                .toList();
        List<Edge> links = topology.links().stream()
                .map(link -> new Edge(
                        link.a().node(),
                        link.a().interfaceName(),
                        link.b().node(),
                        link.b().interfaceName()))
                .toList();
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            int site = i;
            groups.add(new Group(
                    sites.get(i).name(),
                    nodes.stream()
                            .filter(node -> node.site().equals(Optional.of(site)))
                            .map(Vertex::name)
                            .toList()));
        }
        return new TopologyGraph(topology.name(), nodes, links, groups);
    }

    private static Vertex vertex(
            Node node,
            List<Site> sites,
            List<ClientSpec> clients,
            Optional<Integer> site,
            Map<String, RouterConfig> configs) {
        List<Client> inNode = clients.stream()
                .filter(client -> client.node().equals(node.name()))
                .map(client -> new Client(client.name(), client.home(), indexOf(client.home(), sites)))
                .toList();
        List<Long> asNumbers = Optional.ofNullable(configs.get(node.name()))
                .map(RouterConfig::asNumbers)
                .orElse(List.of());
        boolean service = sites.stream().anyMatch(any -> any.hosts().contains(node.name()));
        boolean routes = Optional.ofNullable(configs.get(node.name()))
                .map(config -> config.frr().isPresent() || config.bird().isPresent() || !asNumbers.isEmpty())
                .orElse(false);
        Role role = node.kind() == NodeKind.BRIDGE
                ? Role.SEGMENT
                : !inNode.isEmpty() ? Role.CLIENT : service ? Role.SERVICE : routes ? Role.ROUTER : Role.HOST;
        return new Vertex(node.name(), role, asNumbers, site, inNode);
    }

    private static Optional<Integer> indexOf(String name, List<Site> sites) {
        for (int i = 0; i < sites.size(); i++) {
            if (sites.get(i).name().equals(name)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    /** Returns a node. */
    Vertex node(String nodeName) {
        return nodes.stream()
                .filter(node -> node.name().equals(nodeName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown node '" + nodeName + "' in " + name));
    }

    /** Draws the graph as a document of its own, for a file. */
    public String svg() {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + new SvgDrawing(this, "topology").drawAlone().render()
                + "\n";
    }

    /**
     * Draws the graph for a page that holds {@link #css()}.
     *
     * @param id begins every id in the picture
     */
    public Element picture(String id) {
        return new SvgDrawing(this, id).drawInline();
    }

    /** Returns the style sheet of {@link #picture}. */
    public static String css() {
        return SvgDrawing.css();
    }

    /** Writes the graph as a Mermaid flowchart, for Markdown pages. */
    public String mermaid() {
        return MermaidText.of(this);
    }

    /** Describes the graph in a few sentences, for those who do not see the picture. */
    public String describe() {
        StringBuilder text = new StringBuilder()
                .append(count(nodes.size(), "node"))
                .append(" and ")
                .append(count(links.size(), "link"))
                .append('.');
        for (Group site : sites) {
            text.append(" Site ")
                    .append(site.name())
                    .append(": ")
                    .append(String.join(", ", site.nodes()))
                    .append('.');
        }
        for (Vertex node : nodes) {
            for (Client client : node.clients()) {
                text.append(" Client ")
                        .append(client.name())
                        .append(" has its home in ")
                        .append(client.home())
                        .append('.');
            }
        }
        return text.toString();
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** What a node is for. */
    public enum Role {
        /** The service is watched from here. */
        CLIENT,
        /** It has a routing configuration. */
        ROUTER,
        /** It runs the service of a site. */
        SERVICE,
        /** Any other container. */
        HOST,
        /** A layer-2 segment. */
        SEGMENT
    }

    /**
     * A node.
     *
     * @param name its name
     * @param role what it is for
     * @param asNumbers its own AS numbers
     * @param site the index of the site it stands at, if it stands at one
     * @param clients the clients that run in it
     */
    public record Vertex(String name, Role role, List<Long> asNumbers, Optional<Integer> site, List<Client> clients) {

        /** Copies the lists, so that a node never changes. */
        public Vertex {
            asNumbers = List.copyOf(asNumbers);
            clients = List.copyOf(clients);
        }

        /** Returns what stands below the name, a line each. */
        List<String> captions() {
            List<String> captions = new ArrayList<>();
            for (Client client : clients) {
                captions.add((client.name().equals(name) ? "client" : "client " + client.name()) + ", home "
                        + client.home());
            }
            if (!asNumbers.isEmpty()) {
                captions.add(asNumbers.stream().map(Objects::toString).collect(Collectors.joining(", ", "AS ", "")));
            }
            if (role == Role.SERVICE) {
                captions.add(0, "service");
            }
            if (role == Role.SEGMENT) {
                captions.add("layer-2 segment");
            }
            return captions;
        }

        /** Returns the site whose colour it has: its own, or the home of its clients. */
        Optional<Integer> colour() {
            return site.or(() -> clients.stream().findFirst().flatMap(Client::homeSite));
        }
    }

    /**
     * A client.
     *
     * @param name its name in the spec
     * @param home the name of its home site
     * @param homeSite the index of that site
     */
    public record Client(String name, String home, Optional<Integer> homeSite) {}

    /** A link: {@code interfaceA} of node {@code a} to {@code interfaceB} of node {@code b}. */
    public record Edge(String a, String interfaceA, String b, String interfaceB) {

        /** Returns the node at the other end. */
        String other(String node) {
            return node.equals(a) ? b : a;
        }

        boolean touches(String node) {
            return node.equals(a) || node.equals(b);
        }

        @Override
        public String toString() {
            return a + ":" + interfaceA + " <-> " + b + ":" + interfaceB;
        }
    }

    /** A site with the nodes that stand there. */
    public record Group(String name, List<String> nodes) {

        /** Copies the list, so that a group never changes. */
        public Group {
            nodes = List.copyOf(nodes);
        }
    }
}

package org.reconverge.model.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.source.Parsed;
import org.reconverge.model.source.Problem;

class TopologyFileTest {

    @TempDir
    Path directory;

    /** Reads a file {@code lab.clab.yml} with this text; problems are rendered without the directory. */
    private Parsed<Topology> parse(String yaml) {
        return parse(yaml, Map.of());
    }

    private Parsed<Topology> parse(String yaml, Map<String, String> environment) {
        return TopologyFile.parse(write(yaml.getBytes(StandardCharsets.UTF_8)), environment);
    }

    private Path write(byte[] content) {
        try {
            return Files.write(directory.resolve("lab.clab.yml"), content);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> problemsOf(String yaml) {
        return problemsOf(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private List<String> problemsOf(byte[] content) {
        Path file = write(content);
        InvalidFileException e =
                catchThrowableOfType(InvalidFileException.class, () -> TopologyFile.parse(file, Map.of()));
        assertThat(e).as("the file must be rejected").isNotNull();
        return render(e.problems());
    }

    private List<String> warningsOf(String yaml) {
        return render(parse(yaml).problems());
    }

    private List<String> render(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(directory + "/", "").replace(directory.toString(), "DIR"))
                .toList();
    }

    @Nested
    class Reading {

        @Test
        void everyKeyOfANode() {
            Topology topology = parse("""
                            name: lab
                            prefix: ""
                            topology:
                              nodes:
                                r1.dc-a:
                                  kind: linux
                                  image: frr:10
                                  group: core
                                  cmd: sleep infinity
                                  entrypoint: /bin/tini --
                                  startup-delay: 3
                                  memory: 512MiB
                                  cpu: 1.5
                                  env: {A: 1, B: true, C: "x y", D: }
                                  sysctls: {net.ipv4.ip_forward: 1}
                                  labels: {role: core}
                                  cap-add: [NET_BROADCAST]
                                  devices: ["/dev/net/tun"]
                                  exec:
                                    - sysctl -w net.ipv6.conf.all.forwarding=1
                                    - service frr start
                                br: {kind: bridge}
                              links:
                                - endpoints: ["r1.dc-a:eth1", "br:p1"]
                                  mtu: 9000
                            """).value();

            assertThat(topology.name()).isEqualTo("lab");
            assertThat(topology.prefix()).contains("");
            assertThat(topology.nodes().keySet()).containsExactly("r1.dc-a", "br");
            Node node = topology.node("r1.dc-a");
            assertThat(node.kind()).isEqualTo(NodeKind.LINUX);
            assertThat(node.image()).contains("frr:10");
            assertThat(node.group()).contains("core");
            assertThat(node.cmd()).contains("sleep infinity");
            assertThat(node.entrypoint()).contains("/bin/tini --");
            assertThat(node.startupDelay()).isEqualTo(Duration.ofSeconds(3));
            assertThat(node.memory()).isEqualTo(OptionalLong.of(512L << 20));
            assertThat(node.cpu()).isEqualTo(OptionalDouble.of(1.5));
            assertThat(node.env())
                    .containsExactly(
                            Map.entry("A", "1"), Map.entry("B", "true"), Map.entry("C", "x y"), Map.entry("D", ""));
            assertThat(node.sysctls()).containsExactly(Map.entry("net.ipv4.ip_forward", "1"));
            assertThat(node.labels()).containsExactly(Map.entry("role", "core"));
            assertThat(node.capAdd()).containsExactly("NET_BROADCAST");
            assertThat(node.devices()).containsExactly("/dev/net/tun");
            assertThat(node.exec()).containsExactly("sysctl -w net.ipv6.conf.all.forwarding=1", "service frr start");
            assertThat(node.position()).hasToString(topology.file() + ":5:5");
            assertThat(topology.node("br").kind()).isEqualTo(NodeKind.BRIDGE);
            assertThat(topology.node("br").image()).isEmpty();
            Link link = topology.links().get(0);
            assertThat(link).hasToString("r1.dc-a:eth1 <-> br:p1");
            assertThat(link.mtu()).isEqualTo(OptionalInt.of(9000));
            assertThat(link.position()).hasToString(topology.file() + ":24:7");
        }

        @Test
        void bothFormsOfALink() {
            Parsed<Topology> parsed = parse("""
                            name: lab
                            topology:
                              defaults: {kind: linux, image: x}
                              nodes: {a: , b: , 1: }
                              links:
                                - endpoints: [a:eth1, b:net0]
                                - type: veth
                                  endpoints:
                                    - {node: a, interface: eth2}
                                    - node: 1
                                      interface: eth1
                                      mac: 02:00:00:00:00:01
                                  mtu: 1500
                                  labels: {cost: 5}
                                  vars: {x: y}
                            """);

            assertThat(parsed.value().links())
                    .extracting(Link::toString)
                    .containsExactly("a:eth1 <-> b:net0", "a:eth2 <-> 1:eth1");
            assertThat(render(parsed.problems()))
                    .containsExactly("lab.clab.yml:12:11 links[1].endpoints[1].mac: ignored: addresses come from the "
                            + "node's own configuration or its exec");
        }

        @Test
        void anchorsAliasesAndMergeKeys() {
            Topology topology = parse("""
                            name: lab
                            topology:
                              defaults: {kind: linux}
                              nodes:
                                r1: &router
                                  image: frr
                                  env: &env {A: one}
                                r2:
                                  <<: *router
                                  env: {<<: *env, B: two}
                                r3: {<<: [{image: bird}, *router], group: g}
                            """).value();

            assertThat(topology.node("r2").image()).contains("frr");
            assertThat(topology.node("r2").env()).containsExactly(Map.entry("B", "two"), Map.entry("A", "one"));
            assertThat(topology.node("r3").image()).contains("bird");
            assertThat(topology.node("r3").env()).containsExactly(Map.entry("A", "one"));
        }

        @Test
        void variablesOfTheShellAsContainerlabExpandsThem() {
            Topology topology =
                    parse("""
                            name: ${LAB}
                            topology:
                              nodes:
                                r1:
                                  kind: linux
                                  image: ${FRR_IMAGE:=quay.io/frrouting/frr:10.3.1}
                                  memory: ${MEM:-1Gb}
                                  env: {A: "$SET", B: "${EMPTY:=or}", C: "${EMPTY=or}", D: "${SET:+yes}"}
                                  exec:
                                    - sh -c 'for i in 1 2; do echo $i $UNSET ${UNSET} $$SET $1; done'
                            """, Map.of("LAB", "blue", "SET", "set", "EMPTY", "")).value();

            assertThat(topology.name()).isEqualTo("blue");
            Node node = topology.node("r1");
            assertThat(node.image()).contains("quay.io/frrouting/frr:10.3.1");
            assertThat(node.memory()).isEqualTo(OptionalLong.of(1_000_000_000L));
            assertThat(node.env().values()).containsExactly("set", "or", "", "yes");
            assertThat(node.exec()).containsExactly("sh -c 'for i in 1 2; do echo $i $UNSET ${UNSET} $SET $1; done'");
        }

        @Test
        void bindsRelativeToTheFileWithContainerlabsOwnVariables() throws IOException {
            Files.createDirectories(directory.resolve("configs/r1"));
            Files.writeString(directory.resolve("configs/r1/frr.conf"), "!");
            Files.createDirectories(directory.resolve("clab-lab/r1/data"));
            Node node = parse("""
                            name: lab
                            topology:
                              nodes:
                                r1:
                                  kind: linux
                                  image: frr
                                  binds:
                                    - configs/__clabNodeName__/frr.conf:/etc/frr/frr.conf:ro
                                    - __clabNodeDir__/data:/data
                                    - ./configs/../configs:/configs
                                    - /tmp:/host
                                  exec: ["echo __clabNodeName__"]
                            """).value().node("r1");

            Path base = directory.toAbsolutePath();
            assertThat(node.binds())
                    .containsExactly(
                            new Bind(base.resolve("configs/r1/frr.conf"), "/etc/frr/frr.conf", Optional.of("ro")),
                            new Bind(base.resolve("clab-lab/r1/data"), "/data", Optional.empty()),
                            new Bind(base.resolve("configs"), "/configs", Optional.empty()),
                            new Bind(Path.of("/tmp"), "/host", Optional.empty()));
            assertThat(node.exec()).containsExactly("echo r1");
        }

        @Test
        void aByteOrderMarkAndWindowsLineEnds() {
            Parsed<Topology> parsed = parse("\uFEFFname: lab\r\ntopology:\r\n  nodes:\r\n    a: {kind: bridge}\r\n");

            assertThat(parsed.value().node("a").position())
                    .hasToString(parsed.value().file() + ":4:5");
        }

        @Test
        void eth0OfANodeWithoutManagementNetwork() {
            assertThat(parse("""
                            name: lab
                            topology:
                              defaults: {kind: linux, image: x, network-mode: none}
                              nodes: {a: , b: }
                              links:
                                - endpoints: [a:eth0, b:eth0]
                            """).problems()).isEmpty();
        }
    }

    /** What containerlab's types/topology.go does, key by key. */
    @Nested
    class Merging {

        private Topology merged() {
            return parse("""
                            name: lab
                            topology:
                              defaults:
                                kind: linux
                                image: from-defaults
                                cmd: cmd-defaults
                                env: {A: defaults, B: defaults, C: defaults, D: defaults}
                                exec: [echo defaults]
                                binds: ["/tmp:/shared", "/tmp:/d"]
                                cap-add: [SYS_TIME, NET_BROADCAST]
                                sysctls: {x: 1, y: 1}
                              kinds:
                                linux:
                                  group: routers
                                  image: from-kind
                                  env: {B: kind, C: kind, D: kind}
                                  exec: [echo kind]
                                  cap-add: [SYS_TIME, SYS_NICE]
                                nokia_srlinux: {type: ixrd3, whatever: [not, read]}
                              groups:
                                routers:
                                  image: from-group
                                  env: {C: group, D: group}
                                  exec: [echo group]
                                  binds: ["/usr:/shared:ro"]
                                  sysctls: {y: 2}
                                bridges: {kind: bridge}
                              nodes:
                                own:
                                  image: from-node
                                  env: {D: node}
                                  exec: [echo node]
                                  startup-delay: 0
                                inherited:
                                other: {group: none-such}
                                sw: {group: bridges}
                            """).value();
        }

        @Test
        void scalarsTakeTheMostSpecificLevel() {
            Topology topology = merged();

            assertThat(topology.node("own").image()).contains("from-node");
            assertThat(topology.node("inherited").image()).contains("from-group");
            assertThat(topology.node("other").image()).contains("from-kind");
            assertThat(topology.node("own").cmd()).contains("cmd-defaults");
        }

        @Test
        void aNodesGroupMayComeFromItsKindAndItsKindFromItsGroup() {
            Topology topology = merged();

            assertThat(topology.node("own").group()).contains("routers");
            assertThat(topology.node("other").group()).contains("none-such");
            assertThat(topology.node("sw").kind()).isEqualTo(NodeKind.BRIDGE);
        }

        @Test
        void mapsAreMergedEntryByEntry() {
            Topology topology = merged();

            assertThat(topology.node("own").env())
                    .containsExactly(
                            Map.entry("A", "defaults"),
                            Map.entry("B", "kind"),
                            Map.entry("C", "group"),
                            Map.entry("D", "node"));
            assertThat(topology.node("inherited").sysctls()).containsExactly(Map.entry("x", "1"), Map.entry("y", "2"));
        }

        @Test
        void execIsAppendedFromTheLeastSpecificLevelOn() {
            assertThat(merged().node("own").exec())
                    .containsExactly("echo defaults", "echo kind", "echo group", "echo node");
        }

        @Test
        void bindsAreAppendedAndTheSameTargetIsOverridden() {
            assertThat(merged().node("own").binds())
                    .containsExactlyInAnyOrder(
                            new Bind(Path.of("/usr"), "/shared", Optional.of("ro")),
                            new Bind(Path.of("/tmp"), "/d", Optional.empty()));
        }

        @Test
        void listsAreUnited() {
            assertThat(merged().node("own").capAdd()).containsExactly("SYS_TIME", "NET_BROADCAST", "SYS_NICE");
        }

        @Test
        void environmentFilesLieBelowTheEnvironment() throws IOException {
            Files.writeString(directory.resolve("one.env"), "# comment\nA=file\nexport B='quoted value'\n\nC=file\n");
            Files.writeString(directory.resolve("two.env"), "C=second\n");
            Node node = parse("""
                            name: lab
                            topology:
                              defaults: {kind: linux, image: x, env-files: [one.env]}
                              nodes:
                                r1: {env-files: [two.env], env: {A: env}}
                            """).value().node("r1");

            assertThat(node.env())
                    .containsOnly(Map.entry("A", "env"), Map.entry("B", "quoted value"), Map.entry("C", "second"));
        }
    }

    @Nested
    class Errors {

        @Test
        void allOfThemWithPlaceAndAdvice() {
            assertThat(problemsOf("""
                            name: two sites
                            topology:
                              defaults:
                                image: frr
                              nodes:
                                ber-edge1:
                                  kind: linx
                                  binds:
                                    - configs/ber-edge1/frr.conf:/etc/frr/frr.conf
                                    - configs:relative
                                ber-edge2:
                                  kind: linux
                                  memory: 12 apples
                                  cpu: fast
                                  startup-delay: soon
                                  exec: echo one
                                  env: [A=1]
                                fra/edge1: {kind: bridge}
                                fra-edge2:
                                  imag: x
                              links:
                                - endpoints: ["ber-edge2:eth0", "ber-egde1:eth1"]
                                - endpoints: ["ber-edge2:eth1", "fra-edge2:a-very-long-interface"]
                                - endpoints: ["ber-edge2:eth2", "ber-edge2:eth2"]
                                - endpoints: ["ber-edge2:eth3"]
                                - endpoints: ["ber-edge2", {node: ber-edge1}]
                                - mtu: 10
                                - {type: vet, endpoints: []}
                            """))
                    .containsExactly(
                            "lab.clab.yml:1:7 name: expected a name of letters, digits, '.', '_' and '-', but found 'two sites'",
                            "lab.clab.yml:7:13 nodes.ber-edge1.kind: expected kind 'linux' or 'bridge', but found 'linx'; did you mean 'linux'?",
                            "lab.clab.yml:13:15 nodes.ber-edge2.memory: expected an amount of memory, such as 512MB or 1Gb, but found '12 apples'",
                            "lab.clab.yml:14:12 nodes.ber-edge2.cpu: expected a number of CPU cores, such as 1.5, but found 'fast'",
                            "lab.clab.yml:15:22 nodes.ber-edge2.startup-delay: expected a whole number from 0 to 3600, but found 'soon'",
                            "lab.clab.yml:16:13 nodes.ber-edge2.exec: expected a list, each item on a line of its own after '- ', but found 'echo one'",
                            "lab.clab.yml:17:12 nodes.ber-edge2.env: expected a mapping of names to values, such as 'NAME: value', but found a list",
                            "lab.clab.yml:18:5 nodes.fra/edge1: expected a node name of letters, digits, '.', '_' and '-', but found 'fra/edge1'",
                            "lab.clab.yml:19:5 nodes.fra-edge2: expected 'kind': linux or bridge, but it is missing; set it here, or for every node in defaults.kind",
                            "lab.clab.yml:20:7 nodes.fra-edge2.imag: unknown key 'imag'; did you mean 'image'?; the key is ignored",
                            "lab.clab.yml:22:19 links[0].endpoints[0]: expected a wire's interface, such as eth1, but found 'eth0', which containerlab keeps for its management network; count links from eth1, or set network-mode none on the node",
                            "lab.clab.yml:22:37 links[0].endpoints[1]: unknown node 'ber-egde1'; did you mean 'ber-edge1'?",
                            "lab.clab.yml:23:37 links[1].endpoints[1]: expected an interface name of at most 15 characters, as Linux does, but found 'a-very-long-interface' with 21",
                            "lab.clab.yml:24:37 links[2].endpoints[1]: endpoint 'ber-edge2:eth2' has a link already, in line 24; an endpoint has one link, a bridge node joins several",
                            "lab.clab.yml:25:18 links[3].endpoints: expected two endpoints, but found 1",
                            "lab.clab.yml:26:19 links[4].endpoints[0]: expected an endpoint 'node:interface', such as 'ber-edge1:eth1', but found 'ber-edge2'",
                            "lab.clab.yml:26:32 links[4].endpoints[1]: expected 'interface': the name of an interface, such as eth1, but it is missing",
                            "lab.clab.yml:27:7 links[5]: expected 'endpoints': two endpoints, such as [\"a:eth1\", \"b:eth1\"], but it is missing",
                            "lab.clab.yml:27:12 links[5].mtu: expected a whole number from 68 to 65535, but found the number 10",
                            "lab.clab.yml:28:14 links[6].type: expected link type 'veth', but found 'vet'; did you mean 'veth'?");
        }

        @Test
        void aMissingBindSourceSaysWhereItWasLookedFor() {
            assertThat(problemsOf("""
                            name: lab
                            topology:
                              groups:
                                edge:
                                  binds: ["configs/__clabNodeName__/frr.conf:/etc/frr/frr.conf", "configs:relative"]
                              nodes:
                                r1: {kind: linux, image: frr, group: edge}
                                r2: {kind: linux, image: frr, group: edge}
                            """))
                    .containsExactly(
                            "lab.clab.yml:5:15 groups.edge.binds[0]: source 'configs/r1/frr.conf' does not exist (looked in DIR)",
                            "lab.clab.yml:5:15 groups.edge.binds[0]: source 'configs/r2/frr.conf' does not exist (looked in DIR)",
                            "lab.clab.yml:5:70 groups.edge.binds[1]: expected a bind 'source:target' or 'source:target:options' with an absolute target, such as 'configs/r1/frr.conf:/etc/frr/frr.conf:ro', but found 'configs:relative'");
        }

        @Test
        void aMissingImageAndAVendorsKind() {
            assertThat(problemsOf("""
                            name: lab
                            topology:
                              nodes:
                                h: {kind: linux}
                                srl: {kind: nokia_srlinux, image: srl}
                                r: {kind: frr, image: frr}
                            """))
                    .containsExactly(
                            "lab.clab.yml:4:5 nodes.h: expected 'image': a container image, such as quay.io/frrouting/frr:10.3.1, but it is missing; set it here, in the group, the kind or the defaults",
                            "lab.clab.yml:5:17 nodes.srl.kind: expected kind 'linux' or 'bridge', but found 'nokia_srlinux'; a vendor's router cannot run here, an FRR or BIRD node of kind linux can",
                            "lab.clab.yml:6:15 nodes.r.kind: expected kind 'linux' or 'bridge', but found 'frr'; use kind linux and bind frr.conf and daemons to /etc/frr");
        }

        @Test
        void placesBehindAnExpandedVariableAreThoseOfTheFile() {
            Path file = write("""
                    name: lab
                    topology:
                      nodes: {a: {kind: bridge}}
                      links: [{mtu: "${A:=a longer text than the variable}", endpoints: ["a:p1", "b:p1"]}]
                    """.getBytes(StandardCharsets.UTF_8));
            InvalidFileException e =
                    catchThrowableOfType(InvalidFileException.class, () -> TopologyFile.parse(file, Map.of("A", "x")));

            assertThat(render(e.problems()))
                    .containsExactly(
                            "lab.clab.yml:4:17 links[0].mtu: expected a whole number from 68 to 65535, but found 'x'",
                            "lab.clab.yml:4:78 links[0].endpoints[1]: unknown node 'b'; did you mean 'a'?");
        }

        @Test
        void aKeyThatStandsTwice() {
            assertThat(problemsOf("name: lab\ntopology:\n  nodes:\n    a: {kind: bridge}\n    a: {kind: bridge}\n"))
                    .containsExactly("lab.clab.yml:5:5 nodes.a: the key 'a' stands here twice; the first is in line 4");
        }

        @Test
        void filesThatAreNoTopology() throws IOException {
            assertThat(problemsOf(""))
                    .containsExactly("lab.clab.yml:1:1: expected a YAML mapping, but the file is empty");
            assertThat(problemsOf("# nothing\n---\n"))
                    .containsExactly(
                            "lab.clab.yml:3:1: expected a YAML mapping, such as 'name: two-site', but the file is empty");
            assertThat(problemsOf("- a\n- b\n"))
                    .containsExactly(
                            "lab.clab.yml:1:1: expected a YAML mapping, such as 'name: two-site', but found a list");
            assertThat(problemsOf("name: lab\ntopology:\n\tnodes: {}\n"))
                    .containsExactly(
                            "lab.clab.yml:3:1: expected spaces, but found a tab; YAML is indented with spaces only");
            assertThat(problemsOf("name: lab\ntopology: {nodes: [}\n"))
                    .singleElement()
                    .asString()
                    .startsWith("lab.clab.yml:2:20: this is not valid YAML: ");
            assertThat(problemsOf("name: a\n---\nname: b\n"))
                    .containsExactly("lab.clab.yml:2:1: expected one YAML document, but found a second");
            assertThat(problemsOf("name: \u0007\n"))
                    .containsExactly(
                            "lab.clab.yml:1:7: expected text, but found the control character U+0007; remove it");
            assertThat(problemsOf(new byte[] {'n', ':', ' ', (byte) 0xe4, '\n'}))
                    .containsExactly(
                            "lab.clab.yml:1:1: expected UTF-8 text, but the file holds other octets; save it as UTF-8");
            assertThat(problemsOf("name: lab\ntopology:\n  nodes:\n{{ range .x }}\n"))
                    .containsExactly(
                            "lab.clab.yml:4:1: expected YAML, but found a Go template ('{{'); render it first and name the result");
            assertThat(problemsOf("name: lab\n"))
                    .containsExactly(
                            "lab.clab.yml:1:1: expected 'topology': a mapping with 'nodes' and 'links', but it is missing");
        }

        @Test
        void aFileThatIsNotThereOrIsADirectory() {
            Path missing = directory.resolve("missing.clab.yml");

            assertThat(catchThrowableOfType(InvalidFileException.class, () -> TopologyFile.read(missing)))
                    .hasMessage(missing + ":1:1: the file does not exist (looked for " + missing + ")");
            assertThat(catchThrowableOfType(InvalidFileException.class, () -> TopologyFile.read(directory)))
                    .hasMessage(directory + ":1:1: expected a file, but it is a directory");
        }

        @Test
        void filesMadeToHurt() {
            assertThat(problemsOf("a: " + "[".repeat(100_000)))
                    .containsExactly("lab.clab.yml:1:67: expected at most 64 levels of nesting, but found more");
            assertThat(problemsOf("#" + "x".repeat(1 << 20)))
                    .containsExactly(
                            "lab.clab.yml:1:1: expected at most 1 MiB of YAML, but the file is larger; is it the right file?");
            StringBuilder bomb = new StringBuilder("name: lab\nx0: &x0 {a: b}\n");
            for (int i = 1; i <= 40; i++) {
                bomb.append("x%d: &x%d {<<: [*x%d, *x%d]}\n".formatted(i, i, i - 1, i - 1));
            }
            bomb.append("topology: {nodes: {n: {<<: *x40, kind: bridge}}}\n");
            assertThat(warningsOf(bomb.toString())).hasSize(42);
            assertThat(problemsOf("name: lab\ntopology: {nodes: &n {a: *n, <<: *n}}\n"))
                    .isNotEmpty();
        }
    }

    @Nested
    class Warnings {

        @Test
        void eachIgnoredKeyOnceWithItsReason() {
            assertThat(warningsOf("""
                            name: lab
                            mgmt: {network: custom}
                            topologie: {}
                            topology:
                              defaults: {kind: linux, image: x, image-pull-policy: Never}
                              nodes:
                                a: {mgmt-ipv4: 172.20.20.2, ports: ["80:80"]}
                                b: {mgmt-ipv4: 172.20.20.3, colour: red}
                                c: {mgmt-ipv4: 172.20.20.4, network-mode: "container:a", binds: [/data]}
                              nods: {}
                            """))
                    .containsExactly(
                            "lab.clab.yml:2:1 mgmt: ignored: a lab has no management network, its only interfaces are wires",
                            "lab.clab.yml:3:1 topologie: unknown key 'topologie'; did you mean 'topology'?; the key is ignored",
                            "lab.clab.yml:7:9 nodes.a.mgmt-ipv4: ignored: a lab has no management network (also in 2 other places)",
                            "lab.clab.yml:7:33 nodes.a.ports: ignored: a lab has no way out, so no port is published",
                            "lab.clab.yml:8:33 nodes.b.colour: unknown key 'colour'; the key is ignored",
                            "lab.clab.yml:9:33 nodes.c.network-mode: ignored: every node has a network namespace of its own, with wires only",
                            "lab.clab.yml:9:70 nodes.c.binds[0]: the anonymous volume '/data' is left out: the node's own file system serves",
                            "lab.clab.yml:10:3 nods: unknown key 'nods'; did you mean 'nodes'?; the key is ignored");
        }

        @Test
        void linksThatLeadOutOfTheLabAreLeftOut() {
            Parsed<Topology> parsed = parse("""
                            name: lab
                            topology:
                              nodes: {a: {kind: linux, image: x}, b: {kind: ovs-bridge}}
                              links:
                                - endpoints: ["a:eth1", "host:veth-a"]
                                - endpoints: ["mgmt-net:a-2", "a:eth2"]
                                - {type: macvlan, endpoint: {node: a, interface: eth3}, host-interface: enp0s3}
                                - {type: dummy, endpoint: {node: a, interface: dummy0}}
                                - endpoints: ["a:eth4", "b:p1"]
                            """);

            assertThat(parsed.value().links()).extracting(Link::toString).containsExactly("a:eth4 <-> b:p1");
            assertThat(render(parsed.problems()))
                    .containsExactly(
                            "lab.clab.yml:3:49 nodes.b.kind: kind 'ovs-bridge' is realised as a plain Linux bridge",
                            "lab.clab.yml:5:7 links[0]: the host link is left out: it leads to the host, and a lab has no way out",
                            "lab.clab.yml:6:7 links[1]: the mgmt-net link is left out: it leads to the management network, and a lab has no way out",
                            "lab.clab.yml:7:7 links[2]: the macvlan link is left out: it leads to an interface of the host, and a lab has no way out",
                            "lab.clab.yml:8:7 links[3]: the dummy link is left out: it leads to nowhere, and a lab has no way out");
        }

        @Test
        void bindSourcesOfThisMachineThatAreNotThere() {
            assertThat(warningsOf("""
                            name: lab
                            topology:
                              nodes:
                                a:
                                  kind: linux
                                  image: x
                                  binds:
                                    - /no/such/file:/x
                                    - __clabDir__/topology-data.json:/t.json
                            """))
                    .containsExactly(
                            "lab.clab.yml:8:11 nodes.a.binds[0]: source '/no/such/file' does not exist on this machine",
                            "lab.clab.yml:9:11 nodes.a.binds[1]: left out: only containerlab writes 'topology-data.json'");
        }
    }
}

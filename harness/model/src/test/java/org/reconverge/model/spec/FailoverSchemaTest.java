package org.reconverge.model.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.source.InvalidFileException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The schema that editors use and the reader must say the same of a file's form. */
class FailoverSchemaTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(FailoverSpecFile.schema(), InputFormat.JSON);
    private static final Path LABS = Path.of("src/test/resources/labs/two-site");

    /** A good spec; {@code %s} is where a line is put in, at the top level. */
    private static final String TOP = """
            topology: two-site.clab.yml
            service: {addresses: [203.0.113.10, "2001:db8:a::10"]}
            sites:
              berlin: {nodes: [ber-edge1, ber-edge2, ber-svc]}
              frankfurt: {nodes: [fra-edge1, fra-edge2, fra-svc]}
            """;

    private static final String BUDGET = "budget: {rto: 30s}\n";
    private static final String CLIENTS = "clients: {gw-north: {home: berlin}}\n";
    private static final String SCENARIOS = "scenarios: {cut: {fault: {link-down: \"transit-a:eth1\"}}}\n";

    @TempDir
    Path directory;

    private static boolean schemaAccepts(String yaml) {
        Object document =
                new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(yaml);
        return SCHEMA.validate(
                        JSON.<JsonNode>valueToTree(document),
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .isEmpty();
    }

    private boolean readerAccepts(String yaml) throws IOException {
        try (Stream<Path> files = Files.walk(LABS)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = directory.resolve(LABS.relativize(file));
                Files.createDirectories(copy.getParent());
                if (!Files.exists(copy)) {
                    Files.copy(file, copy);
                }
            }
        }
        Path spec = Files.writeString(directory.resolve("spec.failover.yml"), yaml);
        try {
            FailoverSpecFile.read(spec);
            return true;
        } catch (InvalidFileException e) {
            return false;
        }
    }

    static Stream<String> good() {
        return Stream.of(
                TOP + BUDGET + CLIENTS + SCENARIOS,
                TOP + "budget: {rto: 30s, detect: 300ms, converge: 1.5s, tunnel: 20s, session: 0.5m}\n" + CLIENTS
                        + SCENARIOS,
                TOP + BUDGET + CLIENTS + SCENARIOS + "steady-state: {quiet: 500ms, timeout: 1m}\nvalidation: 10s\n",
                TOP + BUDGET + CLIENTS + SCENARIOS
                        + "steady-state: {}\nimages: {}\nx-note: [anything, {a: 1}]\nx-empty:\n",
                TOP + BUDGET + CLIENTS + SCENARIOS + "images: {\"quay.io/frrouting/frr:*\": reconverge/frr}\n",
                TOP + BUDGET + SCENARIOS + "clients: {n.1_a-B: {node: gw-north, home: berlin, firewall: open}}\n",
                TOP + BUDGET + SCENARIOS
                        + "clients: {gw-north: {home: berlin, probes: [{type: udp, rate: 1/s}, {type: tcp, rate: 1000/s, name: web, threshold: 1s, to: 203.0.113.10}]}}\n",
                TOP + BUDGET + SCENARIOS + "clients: {gw-north: {home: berlin, probes: [{type: udp, rate: 001/s}]}}\n",
                TOP + BUDGET + CLIENTS
                        + "scenarios: {a: {description: \"\", fault: {node-down: ber-edge1}, watch: 1h, expect: {}}}\n",
                TOP + BUDGET + CLIENTS
                        + "scenarios: {a: {fault: {all: [{site-down: berlin}, {service-down: frankfurt}, {process-hang: \"fra-edge1:bgpd\"}]}}}\n",
                TOP + BUDGET + CLIENTS
                        + "scenarios: {a: {fault: {link-flap: {endpoint: \"transit-a:eth1\", down: 1s, up: 1s, times: 1000}}}}\n",
                TOP + BUDGET + CLIENTS
                        + "scenarios: {a: {fault: {one-way-drop: \"transit-a:eth1\"}, expect: {gw-north: {affected: maybe, served-by: berlin, within: 3s, moves: 0}}}}\n",
                TOP + BUDGET + CLIENTS
                        + "scenarios: {a: {fault: {carrier-loss: \"transit-a:eth1\"}, expect: {gw-north: {affected: false}}}}\n",
                TOP + BUDGET + SCENARIOS
                        + "clients: {gw-north: {home: berlin, tunnel: {type: wireguard, profile: assisted, keepalive: 25s}, probes: [{type: tcp, via: tunnel}, {type: udp, via: network}]}}\n",
                TOP + BUDGET
                        + "clients: {gw-north: {home: berlin, tunnel: {type: openvpn, profile: stock}}}\n"
                        + "scenarios: {a: {fault: {node-down: ber-edge1}, expect: {gw-north: {tunnel: reestablished}}}}\n",
                TOP + BUDGET + SCENARIOS
                        + "clients: {gw-north: {home: berlin, tunnel: {type: ipsec}, probes: [{type: iec104, via: tunnel, sessions: 1000, role: controlling, connect: server, t0: 1s, t1: 3s, t2: 1s, t3: 1s, k: 3, w: 2, values: 100ms, commands: 10s, port: 2405}]}}\n",
                TOP + BUDGET + SCENARIOS
                        + "clients: {gw-north: {home: berlin, probes: [{type: modbus, rate: 10/s, timeout: 500ms, sessions: 3, to: 203.0.113.10}, {type: tls, values: 1s, keepalive: 5s, timeout: 2s, port: 8884}]}}\n",
                TOP + BUDGET + SCENARIOS
                        + "clients: {gw-north: {home: berlin, probes: [{type: iec104, to: 203.0.113.10, connect: client, t1: 1s}]}}\n",
                TOP.replace("10\"]}", "10\"], port: 65535}") + BUDGET + CLIENTS + SCENARIOS);
    }

    static Stream<String> bad() {
        List<String> specs = new ArrayList<>(List.of(
                "{}\n",
                "[]\n",
                TOP + BUDGET + CLIENTS,
                TOP + BUDGET + SCENARIOS,
                TOP + CLIENTS + SCENARIOS,
                BUDGET + CLIENTS + SCENARIOS,
                TOP + BUDGET + CLIENTS + SCENARIOS + "colour: red\n",
                TOP.replace("two-site.clab.yml", "5") + BUDGET + CLIENTS + SCENARIOS,
                TOP.replace("topology: two-site.clab.yml", "topology:") + BUDGET + CLIENTS + SCENARIOS));
        for (String service : List.of(
                "{}",
                "{addresses: []}",
                "{addresses: 203.0.113.10}",
                "{addresses: [203.0.113.10, 203.0.113.10]}",
                "{addresses: [203.0.113.256]}",
                "{addresses: [203.0.113]}",
                "{addresses: [203.0.113.10/32]}",
                "{addresses: [\"[2001:db8::1]\"]}",
                "{addresses: [\"2001:db8::g\"]}",
                "{addresses: [example.net]}",
                "{addresses: [1]}",
                "{addresses: [203.0.113.10], port: 0}",
                "{addresses: [203.0.113.10], port: \"7000\"}",
                "{addresses: [203.0.113.10], port: 7000.5}",
                "{addresses: [203.0.113.10], name: x}",
                "{addresses: [203.0.113.10], port: }")) {
            specs.add(TOP.replaceFirst("(?m)^service: .*$", "service: " + service.replace("$", "\\$"))
                    + BUDGET
                    + CLIENTS
                    + SCENARIOS);
        }
        for (String berlin : List.of(
                "{}",
                "{nodes: []}",
                "{nodes: ber-svc}",
                "{nodes: [ber-svc, ber-svc]}",
                "{nodes: [1, ber-svc]}",
                "{nodes: [ber-svc], service: []}",
                "{nodes: [ber-svc], service: [ber-svc, ber-svc]}",
                "{nodes: [ber-svc], service: {host: ber-svc}}",
                "{nodes: [ber-svc], servce: ber-svc}",
                "{nodes: [ber-svc], service: }",
                "")) {
            specs.add(TOP.replaceFirst("(?m)^  berlin: .*$", "  berlin: " + berlin) + BUDGET + CLIENTS + SCENARIOS);
        }
        for (String budget : List.of(
                "{}",
                "30s",
                "{rto: 30}",
                "{rto: 0s}",
                "{rto: 30 s}",
                "{rto: 30s, total: 5s}",
                "{rto: 30s, detect: }",
                "{rto: -1s}")) {
            specs.add(TOP + "budget: " + budget + "\n" + CLIENTS + SCENARIOS);
        }
        for (String client : List.of(
                "",
                "{}",
                "{home: berlin, firewall: closed}",
                "{home: berlin, firewall: true}",
                "{home: berlin, probes: []}",
                "{home: berlin, probes: [udp]}",
                "{home: berlin, probes: [{}]}",
                "{home: berlin, probes: [{type: icmp}]}",
                "{home: berlin, probes: [{type: udp, rate: 0/s}]}",
                "{home: berlin, probes: [{type: udp, rate: 1001/s}]}",
                "{home: berlin, probes: [{type: udp, rate: 100}]}",
                "{home: berlin, probes: [{type: udp, threshold: 2}]}",
                "{home: berlin, probes: [{type: udp, name: \"a b\"}]}",
                "{home: berlin, probes: [{type: udp, to: 10.0.0.300}]}",
                "{home: berlin, tunnel: }",
                "{home: berlin, tunnel: {}}",
                "{home: berlin, tunnel: wireguard}",
                "{home: berlin, tunnel: {type: l2tp}}",
                "{home: berlin, tunnel: {type: wireguard, profile: fast}}",
                "{home: berlin, tunnel: {type: wireguard, keepalive: 25}}",
                "{home: berlin, tunnel: {type: openvpn, keepalive: 25s}}",
                "{home: berlin, tunnel: {type: wireguard, mtu: 1400}}",
                "{home: berlin, probes: [{type: udp, via: tunnel}]}",
                "{home: berlin, tunnel: {type: ipsec}, probes: [{type: udp, via: inside}]}",
                "{home: berlin, tunnel: {type: ipsec}, probes: [{type: udp, via: tunnel, to: 203.0.113.10}]}",
                "{home: berlin, probes: [{type: udp, sessions: 5}]}",
                "{home: berlin, probes: [{type: iec104, rate: 5/s}]}",
                "{home: berlin, probes: [{type: iec104, timeout: 5s}]}",
                "{home: berlin, probes: [{type: modbus, values: 5s}]}",
                "{home: berlin, probes: [{type: modbus, t1: 5s}]}",
                "{home: berlin, probes: [{type: tls, rate: 5/s}]}",
                "{home: berlin, probes: [{type: udp, timeout: 5s}]}",
                "{home: berlin, probes: [{type: tcp, sessions: 5}]}",
                "{home: berlin, probes: [{type: iec104, connect: server}]}",
                "{home: berlin, probes: [{type: iec104, role: master}]}",
                "{home: berlin, probes: [{type: iec104, sessions: 0}]}",
                "{home: berlin, probes: [{type: iec104, t1: 0s}]}",
                "{home: berlin, probes: [{type: iec104, k: 32768}]}",
                "{home: berlin, probes: [{type: dnp3}]}",
                "{home: 5}")) {
            specs.add(TOP + BUDGET + SCENARIOS + "clients: {gw-north: " + client + "}\n");
        }
        specs.add(TOP + BUDGET + SCENARIOS + "clients: {\"gw north\": {node: gw-north, home: berlin}}\n");
        specs.add(TOP + BUDGET + SCENARIOS + "clients: {" + "n".repeat(65) + ": {node: gw-north, home: berlin}}\n");
        for (String scenario : List.of(
                "",
                "{}",
                "{fault: }",
                "{fault: link-down}",
                "{fault: {}}",
                "{fault: {link-down: }}",
                "{fault: {link-down: transit-a}}",
                "{fault: {link-down: \"transit-a:\"}}",
                "{fault: {link-down: \"transit-a:eth1:2\"}}",
                "{fault: {link-down: [\"transit-a:eth1\"]}}",
                "{fault: {link-up: \"transit-a:eth1\"}}",
                "{fault: {link-down: \"transit-a:eth1\", node-down: ber-edge1}}",
                "{fault: {process-kill: ber-edge1}}",
                "{fault: {process-kill: \"ber-edge1:\"}}",
                "{fault: {process-kill: \"ber-edge1:a b\"}}",
                "{fault: {node-down: 5}}",
                "{fault: {all: []}}",
                "{fault: {all: [{node-down: ber-edge1}]}}",
                "{fault: {all: {node-down: ber-edge1}}}",
                "{fault: {all: [{node-down: ber-edge1}, {node-down: ber-edge1}]}}",
                "{fault: {all: [{node-down: ber-edge1}, {all: [{node-down: ber-edge2}, {node-down: fra-edge1}]}]}}",
                "{fault: {link-flap: \"transit-a:eth1\"}}",
                "{fault: {link-flap: {endpoint: \"transit-a:eth1\", down: 1s, up: 1s}}}",
                "{fault: {link-flap: {endpoint: \"transit-a:eth1\", down: 1s, up: 1s, times: 0}}}",
                "{fault: {link-flap: {endpoint: \"transit-a:eth1\", down: 1s, up: 0s, times: 1}}}",
                "{fault: {node-down: ber-edge1}, watch: 5}",
                "{fault: {node-down: ber-edge1}, description: 5}",
                "{fault: {node-down: ber-edge1}, repeat: 5}",
                "{fault: {node-down: ber-edge1}, expect: []}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: }}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: {affected: perhaps}}}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: {affected: \"true\"}}}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: {moves: -1}}}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: {moves: 1.5}}}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: {served: berlin}}}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: {tunnel: lost}}}",
                "{fault: {node-down: ber-edge1}, expect: {gw-north: {affected: false, within: 1s}}}")) {
            specs.add(TOP + BUDGET + CLIENTS + "scenarios: {cut: " + scenario + "}\n");
        }
        for (String rest : List.of(
                "steady-state: 5s",
                "steady-state: {quiet: 5}",
                "steady-state: {loud: 5s}",
                "steady-state:",
                "validation: 5",
                "images: [a]",
                "images: {frr: }",
                "images: {frr: \"a b\"}",
                "images: {frr: \"\"}")) {
            specs.add(TOP + BUDGET + CLIENTS + SCENARIOS + rest + "\n");
        }
        return specs.stream();
    }

    @ParameterizedTest
    @MethodSource("good")
    void bothAcceptGoodSpecs(String yaml) throws IOException {
        assertThat(schemaAccepts(yaml)).as("schema").isTrue();
        assertThat(readerAccepts(yaml)).as("reader").isTrue();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void bothRejectBadSpecs(String yaml) throws IOException {
        assertThat(schemaAccepts(yaml)).as("schema").isFalse();
        assertThat(readerAccepts(yaml)).as("reader").isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "src/test/resources/labs/two-site/two-site.failover.yml",
                "../../topologies/two-site/two-site.failover.yml",
                "../../topologies/two-site/network.failover.yml",
                "../../topologies/dns-failover/dns-failover.failover.yml",
                "../../topologies/minimal/minimal.failover.yml",
                "../../topologies/redundant-tunnels/redundant-tunnels.failover.yml",
                "../../topologies/vpn-profiles/no-src-hint.failover.yml",
                "../../topologies/vpn-profiles/stock.failover.yml",
                "../../topologies/vpn-profiles/tuned.failover.yml",
                "../../topologies/vpn-profiles/vpn-profiles.failover.yml",
            })
    void bothAcceptTheSpecsThatAreShipped(String file) throws IOException {
        assertThat(schemaAccepts(Files.readString(Path.of(file)))).isTrue();
        assertThat(FailoverSpecFile.parse(Path.of(file)).problems()).isEmpty();
    }

    @Test
    void everyPropertyIsDescribedAndTheDialectIsNamed() throws IOException {
        JsonNode schema = JSON.readTree(FailoverSpecFile.schema());

        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        List<String> undescribed = new ArrayList<>();
        collectUndescribed(schema, "", undescribed);
        assertThat(undescribed).isEmpty();
    }

    private static void collectUndescribed(JsonNode schema, String path, List<String> undescribed) {
        for (String keyword : List.of("properties", "patternProperties", "$defs")) {
            schema.path(keyword).properties().forEach(entry -> {
                String at = path + "/" + entry.getKey();
                if (!entry.getValue().has("description")) {
                    undescribed.add(at);
                }
                collectUndescribed(entry.getValue(), at, undescribed);
            });
        }
        for (String keyword : List.of("additionalProperties", "items")) {
            if (schema.path(keyword).isObject()) {
                collectUndescribed(schema.path(keyword), path + "/" + keyword, undescribed);
            }
        }
    }
}

package org.reconverge.model.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.source.Problem;

/** The messages are the product: each is compared in full. */
class FailoverSpecErrorsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void writeTopology() throws IOException {
        Files.writeString(directory.resolve("lab.clab.yml"), """
                name: lab
                topology:
                  defaults: {kind: linux, image: x}
                  nodes:
                    ber-edge1:
                    ber-svc:
                    ber-lan: {kind: bridge}
                    fra-edge1:
                    fra-svc:
                    transit-a:
                    gw-north:
                    gw-south:
                  links:
                    - endpoints: ["transit-a:eth1", "ber-edge1:eth1"]
                    - endpoints: ["transit-a:eth2", "fra-edge1:eth1"]
                    - endpoints: ["transit-a:eth3", "gw-north:eth1"]
                """);
    }

    private List<String> problemsOf(String yaml) {
        Path file = write(yaml);
        InvalidFileException e = catchThrowableOfType(InvalidFileException.class, () -> FailoverSpecFile.read(file));
        assertThat(e).as("the file must be rejected").isNotNull();
        return render(e.problems());
    }

    private Path write(String yaml) {
        try {
            return Files.writeString(directory.resolve("lab.failover.yml"), yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> render(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.toString().replace(directory + "/", "").replace(directory.toString(), "DIR"))
                .toList();
    }

    @Test
    void namesThatTheTopologyDoesNotHave() {
        assertThat(problemsOf("""
                        topology: lab.clab.yml
                        service: {addresses: [203.0.113.10]}
                        sites:
                          berlin: {nodes: [ber-edg1, ber-svc]}
                          frankfurt: {nodes: [fra-edge1, fra-svc, ber-svc], service: transit-a}
                          hamburg: {nodes: [ber-lan], service: ber-lan}
                        budget: {rto: 30s}
                        clients:
                          gw-nort: {home: berlin}
                          south: {node: kiel, home: munich}
                          lan: {node: ber-lan, home: berlin}
                          inside: {node: fra-edge1, home: berlin}
                          gw-south:
                            home: berlin
                            probes:
                              - {type: udp, to: 203.0.113.11}
                        scenarios:
                          one: {fault: {link-down: "transit-a:eth9"}, expect: {gw-east: {served-by: berlin}}}
                          two: {fault: {process-kill: "ber-edge:bgpd"}, expect: {gw-south: {served-by: kiel}}}
                          three: {fault: {site-down: bremen}}
                          four: {fault: {node-pause: ber-lan}}
                        """))
                .containsExactly(
                        "lab.failover.yml:4:20 sites.berlin.nodes[0]: unknown node 'ber-edg1'; did you mean 'ber-edge1'?",
                        "lab.failover.yml:5:43 sites.frankfurt.nodes[2]: the node 'ber-svc' stands at site 'berlin' already; a node has one site",
                        "lab.failover.yml:5:62 sites.frankfurt.service: expected one of the site's nodes, but found 'transit-a'; the site's nodes are fra-edge1, fra-svc",
                        "lab.failover.yml:6:40 sites.hamburg.service: the node 'ber-lan' is a bridge and runs no service",
                        "lab.failover.yml:9:3 clients.gw-nort: expected 'node': the node that the client runs in, but it is missing, and no node is named 'gw-nort'; did you mean 'gw-north'?",
                        "lab.failover.yml:10:17 clients.south.node: unknown node 'kiel'; nodes are ber-edge1, ber-svc, ber-lan, fra-edge1, fra-svc, transit-a, gw-north, gw-south",
                        "lab.failover.yml:10:29 clients.south.home: unknown site 'munich'; sites are berlin, frankfurt, hamburg",
                        "lab.failover.yml:11:15 clients.lan.node: the node 'ber-lan' is a bridge and runs no client",
                        "lab.failover.yml:16:25 clients.gw-south.probes[0].to: expected one of the service's addresses, but found '203.0.113.11'; did you mean '203.0.113.10'?",
                        "lab.failover.yml:18:28 scenarios.one.fault.link-down: no link ends at 'transit-a:eth9'; the node's links end at transit-a:eth1, transit-a:eth2, transit-a:eth3",
                        "lab.failover.yml:18:56 scenarios.one.expect.gw-east: unknown client 'gw-east'; clients are gw-nort, south, lan, inside, gw-south",
                        "lab.failover.yml:19:31 scenarios.two.fault.process-kill: unknown node 'ber-edge'; did you mean 'ber-edge1'?",
                        "lab.failover.yml:19:80 scenarios.two.expect.gw-south.served-by: unknown site 'kiel'; sites are berlin, frankfurt, hamburg",
                        "lab.failover.yml:20:30 scenarios.three.fault.site-down: unknown site 'bremen'; sites are berlin, frankfurt, hamburg",
                        "lab.failover.yml:21:30 scenarios.four.fault.node-pause: expected a node with processes, but 'ber-lan' is a bridge");
    }

    @Test
    void valuesOfAWrongForm() {
        assertThat(problemsOf("""
                        topology: lab.clab.yml
                        service: {addresses: [203.0.113.300, 127.0.0.1, "[2001:db8::1]", 2001:db8::1, "2001:DB8::1", localhost, 5], port: 70000}
                        sites:
                          berlin: {nodes: [ber-edge1, ber-svc], nodse: []}
                          frankfurt: {nodes: [fra-edge1]}
                        budget: {rto: 30, detect: 0s, tunnel: 5sec}
                        steady-state: {quiet: 2m}
                        validation: soon
                        clients:
                          "north sea": {node: gw-north, home: berlin, firewall: closed}
                          gw-south:
                            home: berlin
                            probes:
                              - {type: dnp3, rate: 2000/s}
                              - {rate: fast, threshold: 2}
                              - udp
                        scenarios:
                          empty:
                          none: {fault: {}}
                          two: {fault: {link-down: "transit-a:eth1", node-down: ber-edge1}}
                          flap: {fault: {link-flap: {endpoint: transit-a, down: 1s, tims: 3}}}
                          all: {fault: {all: [{link-down: "transit-a:eth1"}, {link-down: "transit-a:eth1"}, {all: []}]}}
                          late: {fault: {node-down: ber-edge1}, watch: later, expect: {gw-south: {affected: perhaps, moves: many}}}
                        images: {"frr:*": [], bird: }
                        """))
                .containsExactly(
                        "lab.failover.yml:2:23 service.addresses[0]: expected an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8:a::10, but found '203.0.113.300'",
                        "lab.failover.yml:2:38 service.addresses[1]: expected an address that can be announced, but found '127.0.0.1'",
                        "lab.failover.yml:2:49 service.addresses[2]: expected an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8:a::10, but found '[2001:db8::1]'; write it without brackets",
                        "lab.failover.yml:2:79 service.addresses[4]: the address 2001:db8::1 stands here twice",
                        "lab.failover.yml:2:94 service.addresses[5]: expected an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8:a::10, but found 'localhost'",
                        "lab.failover.yml:2:105 service.addresses[6]: expected an IPv4 or IPv6 address, such as 203.0.113.10 or 2001:db8:a::10, but found '5'",
                        "lab.failover.yml:2:115 service.port: expected a whole number from 1 to 65535, but found the number 70000",
                        "lab.failover.yml:4:41 sites.berlin.nodse: unknown key 'nodse'; did you mean 'nodes'?",
                        "lab.failover.yml:5:3 sites.frankfurt: expected 'service': the node that runs the service, but it is missing, and no node of the site has a name that ends in -svc",
                        "lab.failover.yml:6:15 budget.rto: expected a duration with its unit, such as 300ms, 5s or 1m, but found '30'",
                        "lab.failover.yml:6:27 budget.detect: expected a duration greater than zero, but found '0s'",
                        "lab.failover.yml:6:39 budget.tunnel: expected a duration with its unit, such as 300ms, 5s or 1m, but found '5sec'",
                        "lab.failover.yml:7:15 steady-state: expected quiet to be shorter than timeout, but found 2m and 1m",
                        "lab.failover.yml:8:13 validation: expected a duration with its unit, such as 300ms, 5s or 1m, but found 'soon'",
                        "lab.failover.yml:10:3 clients.\"north sea\": expected a name of letters, digits, '.', '_' and '-', at most 64 long, but found 'north sea'",
                        "lab.failover.yml:10:57 clients.\"north sea\".firewall: expected one of open, strict-ip, but found 'closed'",
                        "lab.failover.yml:14:16 clients.gw-south.probes[0].type: expected one of iec104, modbus, tcp, tls, udp, but found 'dnp3'",
                        "lab.failover.yml:14:28 clients.gw-south.probes[0].rate: expected a rate of 1/s to 1000/s, but found 2000/s",
                        "lab.failover.yml:15:9 clients.gw-south.probes[1]: expected 'type': udp, tcp, iec104, modbus or tls, but it is missing",
                        "lab.failover.yml:15:16 clients.gw-south.probes[1].rate: expected a rate, such as 100/s, but found 'fast'",
                        "lab.failover.yml:15:33 clients.gw-south.probes[1].threshold: expected a duration with its unit, such as 300ms, 5s or 1m, but found '2'",
                        "lab.failover.yml:16:9 clients.gw-south.probes[2]: expected a probe, such as '{type: udp, rate: 100/s}', but found 'udp'",
                        "lab.failover.yml:18:3 scenarios.empty: expected a scenario, such as '{fault: {link-down: \"transit-a:eth2\"}}', but found nothing",
                        "lab.failover.yml:19:17 scenarios.none.fault: expected one fault, but found 0; write '{all: [ {…}, {…} ]}' for several at once",
                        "lab.failover.yml:20:16 scenarios.two.fault: expected one fault, but found 2; write '{all: [ {…}, {…} ]}' for several at once",
                        "lab.failover.yml:21:18 scenarios.flap.fault.link-flap: expected 'up': how long carrier is back in between, but it is missing",
                        "lab.failover.yml:21:18 scenarios.flap.fault.link-flap: expected 'times': how often carrier goes, but it is missing",
                        "lab.failover.yml:21:40 scenarios.flap.fault.link-flap.endpoint: expected an endpoint 'node:interface', such as 'ber-edge1:eth1', but found 'transit-a'",
                        "lab.failover.yml:21:61 scenarios.flap.fault.link-flap.tims: unknown key 'tims'; did you mean 'times'?",
                        "lab.failover.yml:22:54 scenarios.all.fault.all[1]: the fault link-down on transit-a:eth1 stands here twice",
                        "lab.failover.yml:22:91 scenarios.all.fault.all[2].all: expected a single fault, but found another 'all'; write the faults in one list",
                        "lab.failover.yml:23:48 scenarios.late.watch: expected a duration with its unit, such as 300ms, 5s or 1m, but found 'later'",
                        "lab.failover.yml:23:85 scenarios.late.expect.gw-south.affected: expected true, false or maybe, but found 'perhaps'",
                        "lab.failover.yml:23:101 scenarios.late.expect.gw-south.moves: expected a whole number from 0 to 1000, but found 'many'",
                        "lab.failover.yml:24:19 images.\"frr:*\": expected an image, such as reconverge/frr, but found a list",
                        "lab.failover.yml:24:23 images.bird: expected an image, such as reconverge/frr, but found nothing");
    }

    @Test
    void whatContradictsItself() {
        assertThat(problemsOf("""
                        topology: lab.clab.yml
                        service: {addresses: [203.0.113.10]}
                        sites:
                          berlin: {nodes: [ber-edge1, ber-svc]}
                          frankfurt: {nodes: [fra-edge1, fra-svc]}
                        budget: {rto: 10s, session: 11s}
                        clients:
                          gw-north: {home: berlin, firewall: strict-ip}
                          second: {node: gw-north, home: berlin}
                          inside: {node: fra-edge1, home: berlin}
                          gw-south: {home: frankfurt, probes: [{type: udp}, {type: udp, rate: 10/s}]}
                        scenarios:
                          one: {fault: {site-down: berlin}, expect: {gw-north: {served-by: berlin}}}
                          two:
                            fault: {link-down: "transit-a:eth1"}
                            expect:
                              gw-north: {affected: false, served-by: frankfurt}
                              gw-south: {affected: false, within: 1s}
                        """))
                .containsExactly(
                        "lab.failover.yml:6:29 budget.session: expected at most the rto of 10s, of which this is a share, but found 11s",
                        "lab.failover.yml:9:11 clients.second: expected the firewall of client 'gw-north', which runs in the same node 'gw-north'; a node has one firewall",
                        "lab.failover.yml:10:18 clients.inside.node: the node 'fra-edge1' stands at site 'frankfurt'; a client is outside",
                        "lab.failover.yml:11:53 clients.gw-south.probes[1]: the client has a probe 'udp-ipv4' already; give this one another 'name'",
                        "lab.failover.yml:13:68 scenarios.one.expect.gw-north.served-by: expected a site that still serves, but the fault takes 'berlin' down",
                        "lab.failover.yml:17:17 scenarios.two.expect.gw-north: expected 'affected: false' or another site than the home, but found both; a client that stays unaffected stays served by 'berlin'",
                        "lab.failover.yml:18:43 scenarios.two.expect.gw-south.within: expected no 'within' beside 'affected: false'; a client that loses nothing recovers from nothing");
    }

    @Test
    void whatIsMissing() {
        assertThat(problemsOf("{}"))
                .containsExactly(
                        "lab.failover.yml:1:1: expected 'topology': the path of the topology file, such as two-site.clab.yml, but it is missing",
                        "lab.failover.yml:1:1: expected 'service': a mapping with the anycast 'addresses', but it is missing",
                        "lab.failover.yml:1:1: expected 'sites': a mapping of site names to sites, but it is missing",
                        "lab.failover.yml:1:1: expected 'budget': a mapping with 'rto', such as '{rto: 30s}', but it is missing",
                        "lab.failover.yml:1:1: expected 'clients': a mapping of client names to clients, but it is missing",
                        "lab.failover.yml:1:1: expected 'scenarios': a mapping of scenario names to scenarios, but it is missing");
        assertThat(problemsOf("""
                        topology: lab.clab.yml
                        service: {addresses: []}
                        sites: {}
                        budget: {}
                        clients:
                        scenarios: {one: {expect: {}}}
                        scenarois: {}
                        """))
                .containsExactly(
                        "lab.failover.yml:2:22 service.addresses: expected at least one item, but found none",
                        "lab.failover.yml:3:8 sites: expected at least one entry, but found none",
                        "lab.failover.yml:4:1 budget: expected 'rto': the time to recover in, such as 30s, but it is missing",
                        "lab.failover.yml:5:1 clients: expected a value, but found nothing",
                        "lab.failover.yml:6:13 scenarios.one: expected 'fault': what goes wrong, such as '{link-down: \"transit-a:eth2\"}', but it is missing",
                        "lab.failover.yml:7:1 scenarois: unknown key 'scenarois'; did you mean 'scenarios'?");
    }

    @Test
    void theErrorsOfTheTopologyAreReportedTogetherWithThoseOfTheSpec() throws IOException {
        Files.writeString(
                directory.resolve("lab.clab.yml"), "name: lab\ntopology: {nodes: {a: {kind: lnux, ports: []}}}\n");

        assertThat(problemsOf("topology: lab.clab.yml\nservice: {addresses: [203.0.113.10]}\nbudget: {rto: 1s}\n"
                        + "sites: {berlin: {nodes: [any], service: any}}\nclients: {gw: {home: berlin}}\n"
                        + "scenarios: {one: {fault: {link-up: x}}}\n"))
                .containsExactly(
                        "lab.clab.yml:2:30 nodes.a.kind: expected kind 'linux' or 'bridge', but found 'lnux'; did you mean 'linux'?",
                        "lab.failover.yml:6:26 scenarios.one.fault: unknown fault 'link-up'; faults are all, carrier-loss, concentrator-down, concentrator-kill, drain, link-down, link-flap, node-down, node-pause, one-way-drop, process-hang, process-kill, service-down, silent-drop, site-down");
    }

    @Test
    void aTimeThatAControlMustReachComesAfterTheOneThatItMisses() {
        assertThat(problemsOf("topology: lab.clab.yml\nservice: {addresses: [203.0.113.10]}\nbudget: {rto: 1s}\n"
                        + "sites: {berlin: {nodes: [any], service: any}}\nclients: {gw: {home: berlin}}\n"
                        + "scenarios: {one: {fault: {drain: berlin}, expect: {gw: {within: 5s, until: 9s}}},\n"
                        + "  two: {fault: {drain: berlin}, expect: {gw: {outcome: misses, within: 5s, until: 5s}}}}\n"))
                .contains(
                        "lab.failover.yml:6:76 scenarios.one.expect.gw.until: expected 'until' beside 'outcome: misses'; a client that must recover has 'within' alone",
                        "lab.failover.yml:7:83 scenarios.two.expect.gw.until: expected a time after 'within', which the control must miss first");
    }

    @Test
    void aTopologyThatIsNotThere() {
        assertThat(problemsOf("topology: other.clab.yml\n"))
                .contains("lab.failover.yml:1:11 topology: topology file 'other.clab.yml' does not exist (looked for "
                        + "other.clab.yml)");
    }

    @Test
    void warnings() {
        Path file = write("""
                topology: lab.clab.yml
                service: {addresses: [203.0.113.10]}
                sites: {berlin: {nodes: [ber-edge1, ber-svc]}}
                budget: {rto: 30s}
                clients: {gw-north: {home: berlin, probes: [{type: udp, rate: 1000/s}, {type: tcp}]}}
                scenarios: {cut: {fault: {link-down: "transit-a:eth1"}}}
                """);

        assertThat(render(FailoverSpecFile.parse(file).problems()))
                .containsExactly(
                        "lab.failover.yml:3:1 sites: there is one site only, so no client can fail over",
                        "lab.failover.yml:5:44 clients.gw-north.probes: the probes of this client send 1100 requests a second together; more than 1000 may disturb the measurement");
    }

    @Test
    void hostsOfAService() {
        assertThat(problemsOf("""
                        topology: lab.clab.yml
                        service: {addresses: [203.0.113.10]}
                        sites:
                          berlin: {nodes: [ber-edge1, ber-svc], service: [ber-svc, ber-svc, fra-svc]}
                          frankfurt: {nodes: [fra-edge1, fra-svc], service: []}
                        budget: {rto: 30s}
                        clients: {gw-north: {home: berlin}}
                        scenarios:
                          cut: {fault: {link-down: "transit-a:eth1"}}
                        """))
                .containsExactly(
                        "lab.failover.yml:4:60 sites.berlin.service[1]: the node 'ber-svc' stands here twice",
                        "lab.failover.yml:4:69 sites.berlin.service[2]: expected one of the site's nodes, but found 'fra-svc'; the site's nodes are ber-edge1, ber-svc",
                        "lab.failover.yml:5:53 sites.frankfurt.service: expected at least one item, but found none");
    }
}

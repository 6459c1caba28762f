package org.reconverge.model.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.source.InvalidFileException;
import org.reconverge.model.spec.SessionSpec.Iec104Parameters;

/** Tunnels, probes through them, and telecontrol sessions. */
class TunnelSpecTest {

    private static final String HEAD = """
            topology: lab.clab.yml
            service: {addresses: ["2001:db8:a::10", 203.0.113.10]}
            sites:
              berlin: {nodes: [ber-svc]}
              frankfurt: {nodes: [fra-svc]}
            budget: {rto: 30s}
            scenarios:
              loss: {fault: {site-down: berlin}, expect: {a: {tunnel: same-session}}}
            clients:
            """;

    @TempDir
    Path directory;

    private Path write(String head, String clients) throws IOException {
        Files.writeString(directory.resolve("lab.clab.yml"), """
                name: lab
                topology:
                  defaults: {kind: linux, image: x}
                  nodes: {ber-svc: , fra-svc: , a: , b: , c: }
                """);
        return Files.writeString(directory.resolve("lab.failover.yml"), head + clients.indent(2));
    }

    private FailoverSpec read(String clients) throws IOException {
        return FailoverSpecFile.read(write(HEAD, clients));
    }

    private List<String> problemsOf(String head, String clients) throws IOException {
        Path file = write(head, clients);
        InvalidFileException e = catchThrowableOfType(InvalidFileException.class, () -> FailoverSpecFile.read(file));
        assertThat(e).as("the file must be rejected").isNotNull();
        return e.problems().stream()
                .map(problem -> problem.toString().replace(directory + "/", ""))
                .toList();
    }

    @Test
    void clientsGetInnerAddressesInOrder() throws IOException {
        FailoverSpec spec = read("""
                a: {home: berlin, tunnel: {type: wireguard, keepalive: 25s}}
                b: {home: berlin}
                c: {home: berlin, tunnel: {type: openvpn, profile: stock}}
                """);

        assertThat(spec.client("a").tunnel())
                .contains(new TunnelSpec(
                        TunnelSpec.Type.WIREGUARD,
                        TunnelSpec.Profile.TUNED,
                        Optional.of(Duration.ofSeconds(25)),
                        "198.18.1.1"));
        assertThat(spec.client("b").tunnel()).isEmpty();
        assertThat(spec.client("c").tunnel())
                .contains(new TunnelSpec(
                        TunnelSpec.Type.OPENVPN, TunnelSpec.Profile.STOCK, Optional.empty(), "198.18.1.2"));
        assertThat(spec.innerAddresses()).containsExactly("198.18.0.1");
        assertThat(spec.tunnelAddress()).contains("203.0.113.10");
        assertThat(spec.scenario("loss").expect().values())
                .extracting(Expectation::tunnel)
                .containsExactly(Optional.of(Continuity.SAME_SESSION));
    }

    @Test
    void tunnelsOfOneNodeHaveEachAnAddressAndAPlatformOfTheirOwn() throws IOException {
        FailoverSpec spec = read("""
                a: {home: berlin, tunnel: {type: wireguard, from: 192.0.2.2, networks: [198.18.200.0/24]}}
                second: {node: a, home: berlin, tunnel: {type: openvpn, from: 198.51.100.2}}
                """);

        assertThat(spec.client("a").tunnel())
                .contains(new TunnelSpec(
                        TunnelSpec.Type.WIREGUARD,
                        TunnelSpec.Profile.TUNED,
                        Optional.empty(),
                        "198.18.1.1",
                        Optional.of("192.0.2.2"),
                        List.of("198.18.200.0/24"),
                        0,
                        Optional.empty()));
        assertThat(spec.client("second").tunnel().orElseThrow().number()).isEqualTo(1);
        assertThat(spec.client("second").probes(Via.TUNNEL))
                .extracting(ProbeSpec::address)
                .containsExactly("198.18.0.2");
        assertThat(spec.innerAddresses()).containsExactly("198.18.0.1", "198.18.0.2");
    }

    @Test
    void aClientWithATunnelIsProbedOutsideAndInside() throws IOException {
        FailoverSpec spec = read("""
                a: {home: berlin, tunnel: {type: ipsec}}
                b: {home: berlin, tunnel: {type: ipsec}, probes: [{type: tcp, via: tunnel, rate: 10/s}]}
                c: {home: berlin, tunnel: {type: ipsec}, probes: [{type: udp, to: 203.0.113.10, name: out}]}
                """);

        assertThat(spec.client("a").probes())
                .extracting(ProbeSpec::name, ProbeSpec::via, ProbeSpec::address)
                .containsExactly(
                        tuple("udp-ipv6", Via.NETWORK, "2001:db8:a::10"),
                        tuple("udp-ipv4", Via.NETWORK, "203.0.113.10"),
                        tuple("tunnel-udp", Via.TUNNEL, "198.18.0.1"));
        assertThat(spec.client("b").probes())
                .extracting(ProbeSpec::name)
                .containsExactly("udp-ipv6", "udp-ipv4", "tunnel-tcp");
        assertThat(spec.client("b").probes(Via.TUNNEL))
                .extracting(ProbeSpec::type, probe -> probe.rate().perSecond())
                .containsExactly(tuple(ProbeSpec.Type.TCP, 10));
        assertThat(spec.client("c").probes()).extracting(ProbeSpec::name).containsExactly("out");
    }

    @Test
    void sessionsOfModbusAndTlsHaveDefaults() throws IOException {
        FailoverSpec spec = read("""
                a: {home: berlin, tunnel: {type: ipsec}, probes: [{type: modbus}, {type: tls, sessions: 3}]}
                b: {home: berlin, probes: [{type: modbus, name: fast, rate: 20/s, timeout: 500ms, port: 1502}]}
                """);

        assertThat(spec.client("a").sessions())
                .containsExactly(
                        new SessionSpec(
                                "modbus",
                                Via.NETWORK,
                                "2001:db8:a::10",
                                502,
                                1,
                                1,
                                SessionSpec.Role.CONTROLLING,
                                SessionSpec.Connect.CLIENT,
                                Duration.ofSeconds(1),
                                Optional.empty(),
                                new SessionSpec.ModbusParameters(Duration.ofSeconds(1))),
                        new SessionSpec(
                                "tls",
                                Via.NETWORK,
                                "2001:db8:a::10",
                                8883,
                                2,
                                3,
                                SessionSpec.Role.CONTROLLED,
                                SessionSpec.Connect.CLIENT,
                                Duration.ofSeconds(1),
                                Optional.empty(),
                                new SessionSpec.TlsParameters(Duration.ofSeconds(5), Duration.ofSeconds(10))));
        SessionSpec fast = spec.client("b").sessions().get(0);
        assertThat(fast.name()).isEqualTo("fast");
        assertThat(fast.station()).isEqualTo(5);
        assertThat(fast.port()).isEqualTo(1502);
        assertThat(fast.values()).isEqualTo(Duration.ofMillis(50));
        assertThat(fast.parameters()).isEqualTo(new SessionSpec.ModbusParameters(Duration.ofMillis(500)));
    }

    @Test
    void aPeerMayBeConfiguredByTheAddressOfASite() throws IOException {
        String head =
                HEAD.replace("berlin: {nodes: [ber-svc]}", "berlin: {nodes: [ber-svc], addresses: [100.65.10.10]}");
        FailoverSpec spec = FailoverSpecFile.read(write(head, """
                a: {home: berlin, tunnel: {type: wireguard, to: 100.65.10.10}}
                b: {home: berlin, tunnel: {type: wireguard}}
                """));

        assertThat(spec.tunnelAddress(spec.client("a"))).hasValue("100.65.10.10");
        assertThat(spec.tunnelAddress(spec.client("b"))).hasValue("203.0.113.10");
        assertThat(problemsOf(head, """
                        a: {home: berlin, tunnel: {type: wireguard, to: 203.0.113.10}}
                        b: {home: berlin, tunnel: {type: ipsec, to: 100.65.10.10}}
                        """))
                .anyMatch(problem -> problem.contains("expected an IPv4 address of a site"))
                .noneMatch(problem -> problem.contains("198.18.0.0/15"))
                .anyMatch(problem -> problem.contains("expected no 'to' beside 'type: ipsec'"));
        assertThat(problemsOf(
                        head.replace("100.65.10.10", "198.18.10.10"),
                        "a: {home: berlin, tunnel: {type: wireguard, to: 198.18.10.10}}"))
                .as("the inner addresses' network is not reachable outside")
                .anyMatch(problem -> problem.contains("expected an address outside 198.18.0.0/15"));
    }

    @Test
    void telecontrolSessionsHaveTheDefaultsOfTheStandard() throws IOException {
        FailoverSpec spec = read("""
                a: {home: berlin, tunnel: {type: ipsec}, probes: [{type: iec104, via: tunnel}]}
                b: {home: berlin, probes: [{type: udp}, {type: iec104, port: 2405, t1: 1s, t3: 2s, k: 3, sessions: 1000}]}
                """);

        assertThat(spec.client("a").sessions())
                .containsExactly(new SessionSpec(
                        "iec104",
                        Via.TUNNEL,
                        "198.18.0.1",
                        2404,
                        1,
                        1,
                        SessionSpec.Role.CONTROLLED,
                        SessionSpec.Connect.CLIENT,
                        Duration.ofSeconds(1),
                        Optional.empty(),
                        Iec104Parameters.DEFAULT));
        SessionSpec tuned = spec.client("b").sessions().get(0);
        Iec104Parameters parameters = (Iec104Parameters) tuned.parameters();
        assertThat(tuned.address()).as("the first service address").isEqualTo("2001:db8:a::10");
        assertThat(tuned.sessions()).isEqualTo(1000);
        assertThat(tuned.station()).as("no two stations share an address").isEqualTo(2);
        assertThat(tuned.lastStation()).isEqualTo(1001);
        assertThat(parameters.t1()).isEqualTo(Duration.ofSeconds(1));
        assertThat(parameters.t2()).as("t2 stays below t1").isCloseTo(Duration.ofMillis(667), Duration.ofMillis(1));
        assertThat(parameters.t3()).isEqualTo(Duration.ofSeconds(2));
        assertThat(parameters.w()).as("two thirds of k").isEqualTo(2);
    }

    @Test
    void whatCannotBeIsSaidWithPositionAndAdvice() throws IOException {
        assertThat(problemsOf(HEAD, """
                        a:
                          home: berlin
                          probes:
                            - {type: udp, via: tunnel}
                            - {type: udp, via: network, sessions: 3}
                            - {type: dnp3}
                            - {type: iec104, connect: server, t1: 5s, t2: 5s, w: 9}
                        b:
                          home: berlin
                          tunnel: {type: openvpn, keepalive: 10s}
                          probes:
                            - {type: udp, via: tunnel, to: 203.0.113.10}
                            - {type: iec104, via: tunnel}
                            - {type: iec104, via: tunnel}
                            - {type: udp, via: tunnel, name: udp-ipv4}
                        c: {home: berlin, tunnel: {type: wireguard, keepalive: 1500ms}}
                        d: {node: c, home: berlin, tunnel: {type: wireguard, profil: stock}}
                        """))
                .containsExactly(
                        "lab.failover.yml:8:59 scenarios.loss.expect.a.tunnel: expected a client with a tunnel, but 'a' has none; give it one, such as 'tunnel: {type: wireguard}'",
                        "lab.failover.yml:13:26 clients.a.probes[0].via: expected a client with a tunnel, but this one has none; give it one, such as 'tunnel: {type: wireguard}', or leave 'via' out",
                        "lab.failover.yml:14:35 clients.a.probes[1].sessions: unknown key 'sessions'; known keys are name, rate, threshold, to, type, via",
                        "lab.failover.yml:15:16 clients.a.probes[2].type: expected one of iec104, modbus, tcp, tls, udp, but found 'dnp3'",
                        "lab.failover.yml:16:33 clients.a.probes[3].connect: expected 'via: tunnel' beside 'connect: server'; the platform reaches a client that listens only at its inner address",
                        "lab.failover.yml:16:53 clients.a.probes[3].t2: expected less than t1 of 5s, or every connection is closed before its acknowledgement, but found 5s",
                        "lab.failover.yml:16:60 clients.a.probes[3].w: expected at most 8, two thirds of k, but found 9",
                        "lab.failover.yml:19:40 clients.b.tunnel.keepalive: expected no 'keepalive' beside 'type: openvpn', whose profile sets it; it is for wireguard",
                        "lab.failover.yml:21:7 clients.b.probes: expected no probe 'udp-ipv4' inside the tunnel, since the one outside, which is added where none is written, has this name",
                        "lab.failover.yml:21:38 clients.b.probes[0].to: expected no 'to' beside 'via: tunnel'; inside, the platform has one address, 198.18.0.1",
                        "lab.failover.yml:23:9 clients.b.probes[2]: the client has a probe 'iec104' already; give this one another 'name'",
                        "lab.failover.yml:25:58 clients.c.tunnel.keepalive: expected whole seconds up to 65535s, as WireGuard counts them, but found 1.5s",
                        "lab.failover.yml:26:6 clients.d: expected another 'from' of the tunnel, since client 'c' runs in the same node 'c' and has one; tunnels of one node leave each from an address of its own",
                        "lab.failover.yml:26:56 clients.d.tunnel.profil: unknown key 'profil'; did you mean 'profile'?");
    }

    @Test
    void aTunnelNeedsAnIpv4Address() throws IOException {
        assertThat(problemsOf(HEAD.replace(", 203.0.113.10", ""), "a: {home: berlin, tunnel: {type: wireguard}}"))
                .containsExactly(
                        "lab.failover.yml:10:21 clients.a.tunnel: expected an IPv4 service address for the tunnel to run to, but the service has none; add one to service.addresses");
    }

    @Test
    void aTunnelEndsAtOneHost() throws IOException {
        String head =
                HEAD.replace("berlin: {nodes: [ber-svc]}", "berlin: {nodes: [ber-svc, c], service: [ber-svc, c]}");

        assertThat(FailoverSpecFile.read(
                                write(head.replace(", expect: {a: {tunnel: same-session}}", ""), "a: {home: berlin}"))
                        .site("berlin")
                        .hosts())
                .as("control: several hosts may share a service")
                .containsExactly("ber-svc", "c");
        assertThat(problemsOf(head, "a: {home: berlin, tunnel: {type: wireguard}}"))
                .containsExactly(
                        "lab.failover.yml:10:21 clients.a.tunnel: expected sites with one 'service' host each, where tunnels end, but berlin has 2; the keys of a tunnel are known to one host alone");
    }

    @Test
    void thePlatformHasOneTelecontrolStationAtAPort() throws IOException {
        String one = "a: {home: berlin, probes: [{type: udp}, {type: iec104, t1: 1s}]}\n";
        String head = HEAD.replace(", expect: {a: {tunnel: same-session}}", "");

        assertThat(problemsOf(head, one + "b: {home: berlin, probes: [{type: udp}, {type: iec104, t1: 2s}]}\n"))
                .containsExactly(
                        "lab.failover.yml:11:6 clients.b: expected another 'port' for the session 'iec104', since 'iec104' of client 'a' connects to the platform's station at port 2404 with another role, other commands or other parameters (k, w, t0 to t3)");
        assertThat(FailoverSpecFile.read(
                                write(head, one + "b: {home: berlin, probes: [{type: udp}, {type: iec104, t1: 1s}]}\n"))
                        .clients())
                .as("control: the same parameters")
                .hasSize(2);
        assertThat(FailoverSpecFile.read(write(
                                head,
                                one + "b: {home: berlin, probes: [{type: udp}, {type: iec104, t1: 2s, port: 2405}]}\n"))
                        .clients())
                .as("control: another port")
                .hasSize(2);
    }
}

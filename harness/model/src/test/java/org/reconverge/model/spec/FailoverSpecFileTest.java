package org.reconverge.model.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.source.Parsed;
import org.reconverge.model.topology.Endpoint;

class FailoverSpecFileTest {

    static final Path TWO_SITE = Path.of("src/test/resources/labs/two-site/two-site.failover.yml");

    @Test
    void readsEveryPartOfAGoodSpec() {
        Parsed<FailoverSpec> parsed = FailoverSpecFile.parse(TWO_SITE);
        FailoverSpec spec = parsed.value();

        assertThat(parsed.problems()).isEmpty();
        assertThat(spec.topology()).isEqualTo(TWO_SITE.resolveSibling("two-site.clab.yml"));
        assertThat(spec.addresses()).containsExactly("203.0.113.10", "2001:db8:a::10");
        assertThat(spec.sites().keySet()).containsExactly("berlin", "frankfurt");
        assertThat(spec.site("berlin"))
                .isEqualTo(new Site("berlin", List.of("ber-edge1", "ber-edge2", "ber-lan", "ber-svc"), "ber-svc"));
        assertThat(spec.budget().rto()).isEqualTo(Duration.ofSeconds(30));
        assertThat(spec.budget().detect()).contains(Duration.ofSeconds(1));
        assertThat(spec.budget().tunnel()).isEmpty();
        assertThat(spec.steadyState()).isEqualTo(new SteadyState(Duration.ofSeconds(1), Duration.ofSeconds(60)));
        assertThat(spec.validation()).isEqualTo(Duration.ofSeconds(5));
        assertThat(spec.images()).containsEntry("alpine:*", "reconverge/host");
    }

    @Test
    void aClientWithoutProbesSendsUdpToEveryServiceAddress() {
        ClientSpec north = FailoverSpecFile.read(TWO_SITE).client("gw-north");

        assertThat(north.node()).isEqualTo("gw-north");
        assertThat(north.firewall()).isEqualTo(ClientSpec.Firewall.STRICT_IP);
        assertThat(north.probes())
                .containsExactly(
                        new ProbeSpec(
                                "udp-ipv4",
                                ProbeSpec.Type.UDP,
                                "203.0.113.10",
                                7000,
                                new Rate(100),
                                Duration.ofSeconds(2)),
                        new ProbeSpec(
                                "udp-ipv6",
                                ProbeSpec.Type.UDP,
                                "2001:db8:a::10",
                                7000,
                                new Rate(100),
                                Duration.ofSeconds(2)));
    }

    @Test
    void aProbeWithoutAddressBecomesOneForEachServiceAddress() {
        ClientSpec south = FailoverSpecFile.read(TWO_SITE).client("south");

        assertThat(south.node()).isEqualTo("gw-south");
        assertThat(south.probes())
                .extracting(
                        ProbeSpec::name,
                        ProbeSpec::address,
                        probe -> probe.rate().perSecond())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("udp-ipv4", "203.0.113.10", 200),
                        org.assertj.core.groups.Tuple.tuple("udp-ipv6", "2001:db8:a::10", 200),
                        org.assertj.core.groups.Tuple.tuple("web", "2001:db8:a::10", 100));
        assertThat(south.probes().get(2).threshold()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void faultsAreResolvedAgainstSitesAndTopology() {
        FailoverSpec spec = FailoverSpecFile.read(TWO_SITE);

        assertThat(spec.scenario("fibre-cut").fault()).isEqualTo(new Fault.LinkDown(Endpoint.parse("transit-a:eth1")));
        assertThat(spec.scenario("flapping").fault())
                .isEqualTo(new Fault.LinkFlap(
                        Endpoint.parse("ber-edge1:eth1"), Duration.ofMillis(200), Duration.ofMillis(300), 5));
        assertThat(spec.scenario("bgpd-kill").fault()).isEqualTo(new Fault.ProcessKill("ber-edge1", "bgpd"));
        assertThat(spec.scenario("site-loss").fault())
                .isEqualTo(new Fault.SiteDown("berlin", List.of("ber-edge1", "ber-edge2", "ber-lan", "ber-svc")));
        assertThat(spec.scenario("service-death").fault()).isEqualTo(new Fault.ServiceDown("berlin"));
        assertThat(spec.scenario("both-fibres").fault())
                .isEqualTo(new Fault.AllOf(List.of(
                        new Fault.SilentDrop(Endpoint.parse("transit-a:eth1")),
                        new Fault.OneWayDrop(Endpoint.parse("transit-b:eth1")))));
    }

    @Test
    void expectationsSayWhetherAClientIsAffected() {
        FailoverSpec spec = FailoverSpecFile.read(TWO_SITE);

        assertThat(spec.scenario("fibre-cut").watch()).isEqualTo(Duration.ofSeconds(5));
        assertThat(spec.scenario("fibre-cut").expect())
                .containsEntry(
                        "gw-north",
                        new Expectation(
                                Optional.of(true),
                                Optional.of("frankfurt"),
                                Optional.of(Duration.ofSeconds(10)),
                                OptionalInt.empty()))
                .containsEntry(
                        "south",
                        new Expectation(Optional.of(false), Optional.empty(), Optional.empty(), OptionalInt.empty()));
        assertThat(spec.scenario("flapping").expect())
                .containsEntry(
                        "gw-north",
                        new Expectation(Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.of(4)));
    }
}

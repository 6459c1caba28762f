package org.reconverge.junit;

import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.FailoverAssertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.topology.Endpoint;

class MessagesTest {

    @Test
    void aClientServedByAnotherSite() {
        assertThat(ClientAssert.describeMismatch(
                        "gw-north", "berlin", Map.of("gw-north/udp", Optional.of("frankfurt"))))
                .contains(Messages.lines(
                        "Expecting client gw-north", "to be served by berlin", "but it is served by frankfurt"));
        assertThat(ClientAssert.describeMismatch("gw-north", "berlin", Map.of("gw-north/udp", Optional.empty())))
                .hasValueSatisfying(message -> assertThat(message).endsWith("but no site answers it"));
        assertThat(ClientAssert.describeMismatch("gw-north", "berlin", Map.of("gw-north/udp", Optional.of("berlin"))))
                .isEmpty();
    }

    @Test
    void aClientWhoseProbesDisagree() {
        Map<String, Optional<String>> sites = new LinkedHashMap<>();
        sites.put("gw-north/udp-ipv4", Optional.of("berlin"));
        sites.put("gw-north/udp-ipv6", Optional.empty());
        assertThat(ClientAssert.describeMismatch("gw-north", "berlin", sites))
                .hasValueSatisfying(message -> assertThat(message)
                        .endsWith("but udp-ipv4 is answered by berlin, udp-ipv6 is answered by no site"));
    }

    @Test
    void aLabThatIsNotSteady() {
        assertThat(LabAssert.describeUnsteady(
                        "two-site", "a session is down", List.of("link-down on a:eth1 is in force")))
                .isEqualTo(Messages.lines(
                        "Expecting lab two-site",
                        "to return to steady state",
                        "but a session is down",
                        "and link-down on a:eth1 is in force"));
        assertThat(LabAssert.describeResidue("two-site", List.of("wire 3 has no carrier", "node a is still frozen")))
                .startsWith(Messages.lines("Expecting lab two-site", "to have no residual fault", "but wire 3"))
                .endsWith("node a is still frozen");
    }

    @Test
    void faultsAreWrittenAsInTheTopology() {
        assertThat(Faults.linkDown("transit-a.example:eth2"))
                .isEqualTo(new Fault.LinkDown(new Endpoint("transit-a.example", "eth2")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Faults.silentDrop("transit-a"))
                .withMessage("expected an endpoint like 'transit-a:eth2', but found 'transit-a'");
    }

    @Test
    void aLabIsFoundByNameOrRefusedWithThePlacesThatWereLookedAt(@TempDir Path directory) {
        LabSource found = LabSource.find("minimal", directory, getClass().getClassLoader());
        assertThat(found.spec().file()).isEqualTo(directory.resolve("minimal/minimal.failover.yml"));
        assertThat(LabSource.find(
                                directory.resolve("minimal").toString(),
                                directory,
                                getClass().getClassLoader())
                        .topology()
                        .name())
                .isEqualTo("minimal");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> LabSource.find("three-site", directory, getClass().getClassLoader()))
                .withMessageContaining(
                        "expected a bundled topology (dns-failover, minimal, redundant-tunnels, stability, two-site, vpn-profiles)")
                .withMessageContaining("but found 'three-site'");
    }
}

package org.reconverge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What BIRD 2.17 really says. */
class BirdSessionsTest {

    private static final String BFD = """
            BIRD 2.17.6 ready.
            bfd1:
            IP address                Interface  State      Since         Interval  Timeout
            192.0.2.1                 eth1       Up         23:17:18.671    0.150    0.450
            2001:db8::1               ---        Init       23:17:18.671    1.000    0.000
            """;

    private static String protocols() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(BirdSessionsTest.class.getResourceAsStream("/bird-protocols.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsWhatBgpNegotiated() throws IOException {
        assertThat(BirdSessions.read("server1.dc1", protocols(), "There is no BFD protocol running"))
                .containsExactly(new Peering(
                        "server1.dc1",
                        "BGP",
                        "10.1.1.1",
                        "Established",
                        Map.of(
                                "remoteAs", 65100L,
                                "holdTimeMillis", 240_000L,
                                "keepaliveMillis", 80_000L,
                                "received/ipv4", 50L,
                                "sent/ipv4", 7L,
                                "received/ipv6", 29L,
                                "sent/ipv6", 15L)));
    }

    @Test
    void aSessionThatIsDownHasAStateAndNoTimers() {
        assertThat(BirdSessions.read("a", """
                        peer1      BGP        ---        start  10:00:00.000  Active        Socket: Connection refused
                          BGP state:          Active
                            Neighbor address: fe80::1%eth1
                            Neighbor AS:      64501
                        """, ""))
                .containsExactly(new Peering("a", "BGP", "fe80::1", "Active", Map.of("remoteAs", 64501L)));
    }

    @Test
    void aProtocolThatWaitsForAnyNeighbourIsNoSession() {
        assertThat(BirdSessions.read("a", """
                        dyn        BGP        ---        start  03:20:19.035  Passive
                          BGP state:          Passive
                            Neighbor range:   10.0.0.0/24
                            Neighbor AS:      0
                        """, "")).isEqualTo(List.of());
    }

    @Test
    void readsBfd() {
        assertThat(BirdSessions.bfd("a", BFD))
                .extracting(
                        Peering::peer,
                        Peering::state,
                        peering -> peering.values().get("detectTimeMillis"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("192.0.2.1", "Up", 450L),
                        org.assertj.core.groups.Tuple.tuple("2001:db8::1", "Init", 0L));
        assertThat(BirdSessions.bfd("a", "There is no BFD protocol running")).isEqualTo(List.of());
    }
}

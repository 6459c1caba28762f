package org.reconverge.junit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.reconverge.junit.FailoverAssertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reconverge.lab.Outage;
import org.reconverge.model.history.HistoryEvent.TunnelChanged.State;
import org.reconverge.model.spec.TunnelSpec.Profile;

/** The network is back after 350 ms in all of these; what the tunnel and the session do differs. */
class TunnelAssertTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String SERVICE = "203.0.113.10:51820";

    private final Outage assisted = golden(Profile.ASSISTED, 700)
            .sessionBackAfter(Duration.ofMillis(900))
            .values(5, 5)
            .outage();
    private final Outage stock = golden(Profile.STOCK, 16_390)
            .sessionBackAfter(Duration.ofMillis(18_000))
            .values(5, 3)
            .outage();

    private static GoldenOutage golden(Profile profile, long tunnelMillis) {
        return GoldenOutage.of(Duration.ofMillis(350)).tunnelBackAfter(profile, Duration.ofMillis(tunnelMillis));
    }

    @Test
    void aGoodTunnelPassesEverything() {
        assertThat(assisted)
                .isRecoveredWithin(SECOND)
                .networkRecoversWithin(Duration.ofMillis(500))
                .tunnelRecoversWithin(SECOND)
                .keepsSameTunnel()
                .sessionRecoversWithin(SECOND)
                .losesNoAcknowledgedValue()
                .isServedBy("frankfurt");
    }

    @Test
    void aSlowTunnelSaysWhichPhaseUsedTheTimeAndWhy() {
        assertThat(stock).networkRecoversWithin(SECOND).keepsSameTunnel();
        assertThatThrownBy(() -> assertThat(stock).isRecoveredWithin(Duration.ofSeconds(10)))
                .hasMessageContaining(
                        "to be recovered within 10 s   but it recovered after 16.39 s ± 0.02 s (still watched)")
                .hasMessageContaining("| tunnel 16.04  <- over its 5 s share: WireGuard re-handshakes only 15 s after");
        assertThatThrownBy(() -> assertThat(stock).tunnelRecoversWithin(Duration.ofSeconds(10)))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("""
                        Expecting client gw-north (udp to 203.0.113.10; stock wireguard with udp and iec104 inside)
                          after silent-drop on transit-a:eth2
                        to have its tunnel back within 10 s   but it was back after 16.39 s ± 0.02 s (still watched)
                          detect 0.31 | converge 0.04 | tunnel 16.04  <- over its 5 s share: WireGuard re-handshakes only 15 s after its last answered packet (KEEPALIVE_TIMEOUT 10 s + REKEY_TIMEOUT 5 s) | session 1.61
                          transit-a: bgp 100.64.0.1 down 310.5 ms (BFD down received)""".replace("\n", System.lineSeparator()));
    }

    @Test
    void theNetworkAloneMayMissToo() {
        assertThatThrownBy(() -> assertThat(assisted).networkRecoversWithin(Duration.ofMillis(200)))
                .hasMessageContaining("to have its network back within 200 ms   but it was back after 351 ms ± ");
    }

    @Test
    void aRoamingTunnelIsNotTheSameTunnel() {
        Outage roaming = golden(Profile.TUNED, 700)
                .tunnelSeen(Duration.ofMillis(800), State.UP, "b", "198.51.100.20:51820")
                .outage();
        assertThatThrownBy(() -> assertThat(roaming).keepsSameTunnel())
                .hasMessageContaining("to keep the same tunnel   but it roamed to 198.51.100.20 instead of the service "
                        + "address 203.0.113.10");
    }

    @Test
    void anInterfaceThatWentAwayIsNotTheSameTunnel() {
        Outage torn = golden(Profile.TUNED, 700)
                .tunnelSeen(Duration.ofMillis(400), State.DOWN, "", "")
                .tunnelSeen(Duration.ofMillis(750), State.UP, "c", SERVICE)
                .outage();
        assertThatThrownBy(() -> assertThat(torn).keepsSameTunnel())
                .hasMessageContaining(
                        "to keep the same tunnel   but it was reestablished: its interface was gone after 400.5 ms");
    }

    @Test
    void aTunnelThatDoesNotComeBackIsLost() {
        Outage lost = golden(Profile.STOCK, 60_000)
                .watchedUntil(Duration.ofSeconds(25))
                .outage();
        assertThatThrownBy(() -> assertThat(lost).keepsSameTunnel())
                .hasMessageContaining("but it was lost: nothing passes inside")
                .hasMessageContaining("(still watched)");
        assertThatThrownBy(() -> assertThat(lost).tunnelRecoversWithin(Duration.ofSeconds(10)))
                .hasMessageContaining("to have its tunnel back within 10 s   but tunnel-udp not recovered after 2");
    }

    @Test
    void aTunnelThatNobodyObservedIsInconclusive() {
        Outage unobserved = golden(Profile.TUNED, 700).withoutObserver().outage();
        assertThatThrownBy(() -> assertThat(unobserved).keepsSameTunnel())
                .isInstanceOf(InconclusiveError.class)
                .hasMessageContaining("the tunnel was not observed, so what became of it is not known");
        assertThat(unobserved).tunnelRecoversWithin(SECOND);
    }

    @Test
    void aSlowSessionIsTimed() {
        assertThatThrownBy(() -> assertThat(stock).sessionRecoversWithin(Duration.ofSeconds(2)))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "to have its session back within 2 s   but iec104 was back after 18.001 s ± 0.001 s (still watched)");
    }

    @Test
    void valuesThatAreLostAreCounted() {
        assertThatThrownBy(() -> assertThat(stock).losesNoAcknowledgedValue())
                .hasMessageContaining("to lose no acknowledged value   but iec104 lost 2 of 5");
        Outage silent = golden(Profile.TUNED, 700)
                .sessionBackAfter(Duration.ofMillis(900))
                .outage();
        assertThatThrownBy(() -> assertThat(silent).losesNoAcknowledgedValue())
                .isInstanceOf(InconclusiveError.class)
                .hasMessageContaining("no value was acknowledged");
    }

    @Test
    void aClientWithoutATunnelKeepsNone() {
        Outage plain = GoldenOutage.of(Duration.ofMillis(350)).outage();
        assertThatThrownBy(() -> assertThat(plain).keepsSameTunnel())
                .hasMessageContaining("to keep the same tunnel   but it has none");
        assertThatThrownBy(() -> assertThat(plain).tunnelRecoversWithin(SECOND))
                .hasMessageContaining("no probe of it goes through a tunnel");
        assertThatThrownBy(() -> assertThat(plain).sessionRecoversWithin(SECOND))
                .hasMessageContaining("it has none");
        assertThatThrownBy(() -> assertThat(plain).losesNoAcknowledgedValue())
                .hasMessageContaining("it has no telecontrol session");
        assertThat(plain).networkRecoversWithin(SECOND);
    }

    @Test
    void softAssertionsTellEverythingAtOnce() {
        FailoverSoftAssertions softly = new FailoverSoftAssertions();
        softly.assertThat(stock)
                .networkRecoversWithin(SECOND)
                .tunnelRecoversWithin(SECOND)
                .sessionRecoversWithin(SECOND)
                .losesNoAcknowledgedValue()
                .keepsSameTunnel();
        assertThatThrownBy(softly::assertAll)
                .hasMessageContaining("to have its tunnel back within 1 s")
                .hasMessageContaining("to have its session back within 1 s")
                .hasMessageContaining("to lose no acknowledged value")
                .hasMessageNotContaining("to have its network back")
                .hasMessageNotContaining("to keep the same tunnel");
    }
}

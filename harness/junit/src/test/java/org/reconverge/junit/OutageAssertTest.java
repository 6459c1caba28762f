package org.reconverge.junit;

import static org.reconverge.junit.FailoverAssertions.assertThat;
import static org.reconverge.junit.FailoverAssertions.assertThatCode;
import static org.reconverge.junit.FailoverAssertions.assertThatIllegalArgumentException;
import static org.reconverge.junit.FailoverAssertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.reconverge.lab.Outage;

class OutageAssertTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Outage quick = GoldenOutage.of(Duration.ofMillis(350)).outage();
    private final Outage slow = GoldenOutage.of(Duration.ofMillis(16_420)).outage();
    private final Outage unnoticed = GoldenOutage.unnoticed().outage();

    @Test
    void aGoodFailoverPassesEverything() {
        assertThat(quick)
                .isRecoveredWithin(SECOND)
                .hasOutageShorterThan(Duration.ofMillis(400))
                .keepsSameAddress("203.0.113.10")
                .isServedBy("frankfurt")
                .movesAtMost(1);
        assertThat(unnoticed).losesNothing().movesAtMost(0).isServedBy("berlin").hasOutageShorterThan(SECOND);
    }

    @Test
    void aMissSaysWhenTheClientDidRecover() {
        assertThatThrownBy(() -> assertThat(slow).isRecoveredWithin(Duration.ofSeconds(10)))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("""
                        Expecting client gw-north (udp to 203.0.113.10)
                          after silent-drop on transit-a:eth2
                        to be recovered within 10 s   but it recovered after 16.42 s ± 0.02 s (still watched)
                          transit-a: bgp 100.64.0.1 down 310.5 ms (BFD down received)""".replace("\n", System.lineSeparator()));
    }

    @Test
    void aClientThatIsStillOutIsAMissToo() {
        Outage lasting = GoldenOutage.of(Duration.ofSeconds(60))
                .watchedUntil(Duration.ofSeconds(25))
                .outage();
        assertThatThrownBy(() -> assertThat(lasting).isRecoveredWithin(Duration.ofSeconds(10)))
                .hasMessageContaining("to be recovered within 10 s   but it had not recovered after 2")
                .hasMessageContaining("(still watched)");
        assertThatThrownBy(() -> assertThat(lasting).isServedBy("frankfurt")).hasMessageContaining("had not recovered");
        assertThatThrownBy(() -> assertThat(lasting).keepsSameAddress("203.0.113.10"))
                .hasMessageContaining("to keep the address 203.0.113.10   but nothing has answered it since");
    }

    @Test
    void aBudgetWithinTheAccuracyIsInconclusive() {
        assertThatThrownBy(() -> assertThat(quick).isRecoveredWithin(Duration.ofMillis(351)))
                .isInstanceOf(InconclusiveError.class)
                .hasMessageStartingWith("INCONCLUSIVE: ")
                .hasMessageContaining("the budget 351 ms lies within the accuracy");
        assertThatThrownBy(() -> assertThat(quick).hasOutageShorterThan(Duration.ofMillis(351)))
                .isInstanceOf(InconclusiveError.class)
                .hasMessageContaining("the limit lies within the accuracy");
    }

    @Test
    void aFaultThatDidNotReachTheClientProvesNothing() {
        assertThatThrownBy(() -> assertThat(unnoticed).isRecoveredWithin(SECOND))
                .isInstanceOf(InconclusiveError.class)
                .hasMessageContaining("the fault did not reach this client");
    }

    @Test
    void aFaultThatWasNotSeenToBiteProvesNothing() {
        Outage doubtful =
                GoldenOutage.of(Duration.ofMillis(350)).notSeenToBite().outage();
        assertThatThrownBy(() -> assertThat(doubtful).isRecoveredWithin(SECOND))
                .isInstanceOf(InconclusiveError.class)
                .hasMessageContaining("was not seen to bite: no frame was dropped");
        assertThatThrownBy(() -> assertThat(doubtful).isServedBy("frankfurt")).isInstanceOf(InconclusiveError.class);
    }

    @Test
    void aClientThatWasNotSteadyProvesNothing() {
        Outage unsteady = GoldenOutage.of(Duration.ofMillis(350))
                .lossBegins(Duration.ofMillis(500))
                .outage();
        assertThatThrownBy(() -> assertThat(unsteady).isRecoveredWithin(SECOND))
                .isInstanceOf(InconclusiveError.class)
                .hasMessageContaining("was not steady");
    }

    @Test
    void tooShortAWatchProvesNothing() {
        Outage brief = GoldenOutage.of(Duration.ofMillis(350))
                .watchedUntil(Duration.ofSeconds(4))
                .outage();
        assertThatThrownBy(() -> assertThat(brief).isRecoveredWithin(SECOND))
                .isInstanceOf(InconclusiveError.class)
                .hasMessageContaining("of the validation time 5 s");
    }

    @Test
    void lossIsCountedAndTimed() {
        assertThatThrownBy(() -> assertThat(quick).losesNothing())
                .hasMessageContaining("to lose nothing   but it lost 35 probes, out for 350 ms ± ");
        assertThatThrownBy(() -> assertThat(quick).hasOutageShorterThan(Duration.ofMillis(300)))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessageContaining("to be out for less than 300 ms   but it was out for 350 ms ± ");
    }

    @Test
    void movesAreToldOneByOne() {
        assertThatThrownBy(() -> assertThat(quick).movesAtMost(0))
                .hasMessageContaining("to move never   but it moved once: berlin -> frankfurt after 35");
    }

    @Test
    void theSiteThatServesIsNamed() {
        assertThatThrownBy(() -> assertThat(quick).isServedBy("berlin"))
                .hasMessageContaining("to be served by berlin   but it is served by frankfurt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(quick).isServedBy("munich"))
                .withMessageContaining("unknown site 'munich'");
    }

    @Test
    void anotherSourceAddressIsNamed() {
        Outage roaming = GoldenOutage.of(Duration.ofMillis(350))
                .answeredFrom("192.0.2.20")
                .outage();
        assertThatThrownBy(() -> assertThat(roaming).keepsSameAddress("203.0.113.10"))
                .hasMessageContaining("to keep the address 203.0.113.10   but it was answered from 192.0.2.20");
        assertThatThrownBy(() -> assertThat(quick).keepsSameAddress("203.0.113.11"))
                .hasMessageContaining("none of its probes goes there; they go to 203.0.113.10");
    }

    @Test
    void softAssertionsTellEverythingAtOnce() {
        FailoverSoftAssertions softly = new FailoverSoftAssertions();
        softly.assertThat(slow).isRecoveredWithin(SECOND).isServedBy("berlin").keepsSameAddress("203.0.113.10");
        assertThatThrownBy(softly::assertAll)
                .hasMessageContaining("to be recovered within 1 s")
                .hasMessageContaining("to be served by berlin")
                .hasMessageNotContaining("to keep the address")
                .matches(failure -> !Inconclusive.is(failure), "is a miss, not inconclusive");
    }

    @Test
    void softAssertionsKeepWhatIsInconclusiveApart() {
        FailoverSoftAssertions softly = new FailoverSoftAssertions();
        softly.assertThat(unnoticed).isRecoveredWithin(SECOND);
        assertThatThrownBy(softly::assertAll).matches(Inconclusive::is, "is inconclusive");
        assertThatCode(() -> new FailoverSoftAssertions().assertAll()).doesNotThrowAnyException();
    }
}

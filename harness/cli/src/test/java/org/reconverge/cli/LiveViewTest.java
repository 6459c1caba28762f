package org.reconverge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.Stage;
import org.reconverge.model.history.HistoryEvent.StageEntered;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.FailoverSpecFile;

class LiveViewTest {

    private static final long MILLI = 1_000_000;

    private final LiveView view =
            new LiveView(FailoverSpecFile.read(Path.of("../../topologies/two-site/two-site.failover.yml")), false);

    private static MonotonicTime at(long millis) {
        return new MonotonicTime(millis * MILLI);
    }

    /** Sends a probe every 100 ms and answers those that are told. */
    private void probe(String stream, String site, long from, long to, boolean answered) {
        long[] sequence = LongStream.range(from / 100, to / 100).toArray();
        long[] sent =
                Arrays.stream(sequence).map(number -> number * 100 * MILLI).toArray();
        view.take(new ProbesSent(stream, sequence[0], sent));
        if (answered) {
            String[] sites = new String[sequence.length];
            Arrays.fill(sites, site);
            view.take(new RepliesReceived(stream, sequence, sent, sites, "203.0.113.10"));
        }
    }

    private void tunnel(long millis, TunnelChanged.State state, String keys) {
        view.take(new TunnelChanged(
                at(millis), "gw-north", TunnelChanged.CLIENT, state, keys, "203.0.113.10:51820", "198.18.1.1", ""));
    }

    private void session(long millis, TelecontrolChanged.State state) {
        view.take(new TelecontrolChanged(
                at(millis), "a>b", "gw-north", "iec104", 1, TelecontrolChanged.Side.CONTROLLED, state, "", ""));
    }

    @BeforeEach
    void aTrialInSteadyState() {
        view.trial("fibre-cut", "link-down on transit-a:eth2", 1, 11);
        tunnel(0, TunnelChanged.State.UP, "a");
        session(0, TelecontrolChanged.State.RESTORED);
        view.take(new StageEntered(at(0), Stage.STEADY_STATE));
        probe("gw-north/udp-ipv4", "berlin", 0, 5000, true);
        probe("gw-south/udp-ipv4", "frankfurt", 0, 5000, true);
    }

    @Test
    void showsWhoIsServedByWhichSiteAndWhereTheTrialIs() {
        assertThat(view.draw(at(5000), 80))
                .containsExactly(
                        "1/11 fibre-cut: steady state, 5.0 s",
                        "CLIENT    SITE       LOSS NOW  LOST  TUNNEL    SESSIONS",
                        "gw-north  berlin     0 %       0     up        up",
                        "gw-south  frankfurt  0 %       0     not seen  down");
    }

    @Test
    void showsLossWhileItLastsAndWhatIsNewAfterIt() {
        view.take(new StageEntered(at(5000), Stage.FAULT));
        view.take(new InjectionPhase(at(5001), at(5000), "1", "link-down", InjectionPhase.Phase.VERIFIED, ""));
        probe("gw-north/udp-ipv4", "", 5000, 7500, false);
        tunnel(5600, TunnelChanged.State.HANDSHAKING, "a");
        session(5700, TelecontrolChanged.State.CLOSED);
        List<String> away = view.draw(at(8000), 80);
        assertThat(away.get(0)).isEqualTo("1/11 fibre-cut: link-down on transit-a:eth2 (seen to bite), 3.0 s");
        assertThat(away.get(2)).isEqualTo("gw-north  none  100 %     20    handshaking  down");

        probe("gw-north/udp-ipv4", "frankfurt", 7500, 14_000, true);
        tunnel(7600, TunnelChanged.State.UP, "b");
        session(7700, TelecontrolChanged.State.RESTORED);
        assertThat(view.draw(at(14_000), 80).get(2)).isEqualTo("gw-north  frankfurt  0 %       25    up, new keys  up");
    }

    @Test
    void aLateReplyWasNotLost() {
        probe("gw-north/udp-ipv4", "", 5000, 6000, false);
        assertThat(view.draw(at(8000), 80).get(2)).contains("10");
        long[] sequence = LongStream.range(50, 60).toArray();
        long[] received =
                Arrays.stream(sequence).map(number -> at(8000).nanos()).toArray();
        String[] sites = new String[10];
        Arrays.fill(sites, "berlin");
        view.take(new RepliesReceived("gw-north/udp-ipv4", sequence, received, sites, "203.0.113.10"));

        assertThat(view.draw(at(8000), 80).get(2)).startsWith("gw-north  berlin  0 %       0 ");
    }

    @Test
    void noLineIsWiderThanTheTerminal() {
        assertThat(view.draw(at(5000).plus(Duration.ofSeconds(1)), 20))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(20));
    }
}

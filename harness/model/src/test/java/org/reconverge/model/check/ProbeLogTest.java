package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.check.ProbeLog.Fate;
import org.reconverge.model.check.ProbeResult.Recovered;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.MonotonicTime;

class ProbeLogTest {

    private static final Duration VALIDATION = Duration.ofSeconds(5);
    private static final ConvergenceEvent EVENT = new ConvergenceEvent(GoldenTrial.at(-1), GoldenTrial.at(1));

    private static final GoldenTrial TRIAL = new GoldenTrial()
            .north(gw -> gw.outage(0, 350).site(350, "frankfurt").outage(4_000, 4_100));

    @Test
    void tellsWhileTheTrialRunsWhetherEveryClientHasRecovered() {
        ProbeLog log = new ProbeLog();
        assertThat(log.recovery(EVENT, VALIDATION).complete())
                .as("without any stream")
                .isFalse();
        Recovery atTwoSeconds = null;
        double completeAt = 0;
        for (HistoryEvent event : TRIAL.history().events()) {
            log.add(event);
            if (event instanceof RepliesReceived) {
                Recovery now = log.recovery(EVENT, VALIDATION);
                if (atTwoSeconds == null && event.at().compareTo(GoldenTrial.at(2_000)) > 0) {
                    atTwoSeconds = now;
                }
                if (completeAt == 0 && now.complete()) {
                    completeAt = event.at().since(GoldenTrial.at(0)).toNanos() / 1e6;
                }
            }
        }
        Recovery atTwo = Objects.requireNonNull(atTwoSeconds);
        Recovery.Stream running = stream(atTwo);
        assertThat(running.state()).isEqualTo(Recovered.NOT_VALIDATED);
        assertThat(running.goodSince()).contains(GoldenTrial.at(350));
        assertThat(running.site()).contains("frankfurt");
        assertThat(running.sustained()).isBetween(Duration.ofMillis(1_640), Duration.ofMillis(1_660));
        assertThat(running.lastGood()).isEqualTo(Optional.of(GoldenTrial.at(2_000)));
        assertThat(atTwo.waitingFor()).containsExactly("gw-north/udp");
        // 5 s after the second loss, not after the first.
        assertThat(completeAt).isBetween(9_090.0, 9_120.0);
    }

    @Test
    void tellsWhileAClientIsOut() {
        ProbeLog log = new ProbeLog();
        TRIAL.history().events().stream()
                .filter(event -> event.at().compareTo(GoldenTrial.at(-10)) < 0
                        || event.at().compareTo(GoldenTrial.at(340)) < 0 && !(event instanceof RepliesReceived))
                .forEach(log::add);
        // Nothing is lost yet: the threshold of 2 s has not passed.
        Recovery.Stream stream = stream(log.recovery(EVENT, VALIDATION));
        assertThat(stream.state()).isEqualTo(Recovered.NOT_RECOVERED);
        assertThat(stream.goodSince()).isEmpty();
        assertThat(stream.site()).contains("berlin");
    }

    /** What the conductor is told at any instant is what the verdict would be if the trial ended there. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverDisagreesWithTheVerdict(long seed) {
        Random random = new Random(seed);
        GoldenTrial trial = new GoldenTrial().north(gw -> {
            for (int i = 0; i < 4; i++) {
                double from = random.nextDouble() * 15_000;
                gw.outage(from, from + random.nextDouble() * 500);
                gw.delayed(random.nextDouble() * 15_000, random.nextDouble() * 4_000);
            }
            gw.rate(50);
        });
        ProbeLog live = new ProbeLog();
        List<HistoryEvent> soFar = new ArrayList<>();
        int completions = 0;
        for (HistoryEvent event : trial.history().events()) {
            live.add(event);
            soFar.add(event);
            if (soFar.size() % 17 == 0) {
                Recovery recovery = live.recovery(EVENT, VALIDATION);
                ProbeLog replayed = new ProbeLog();
                soFar.forEach(replayed::add);
                Recovered judged = replayed.measure("gw-north/udp", new Window(EVENT, Optional.empty()), VALIDATION)
                        .map(ProbeResult::recovery)
                        .orElse(Recovered.NOT_RECOVERED);
                if (!recovery.streams().isEmpty()) {
                    assertThat(stream(recovery).state()).isEqualTo(judged);
                }
                completions += recovery.complete() ? 1 : 0;
            }
        }
        assertThat(completions).as("control: it is complete at times").isGreaterThan(10);
    }

    @Test
    void takesRepliesThatOvertakeTheirRequestsInTheTelemetry() {
        ProbeLog log = new ProbeLog();
        log.add(started());
        log.add(replies(1_000, 40, 41));
        log.add(new ProbesSent("gw/udp", 40, new long[] {900, 910}));
        assertThat(log.probes("gw/udp")).extracting(ProbeLog.Probe::fate).containsExactly(Fate.GOOD, Fate.GOOD);
        assertThat(log.defects()).isEmpty();
    }

    @Test
    void countsTheReplyThatArrivedFirstWhicheverLineComesFirst() {
        ProbeLog log = new ProbeLog();
        log.add(started());
        log.add(new ProbesSent("gw/udp", 40, new long[] {900}));
        log.add(replies(2_000, 40));
        log.add(replies(1_000, 40));
        log.add(replies(3_000, 40));
        assertThat(log.probes("gw/udp").get(0).received()).contains(new MonotonicTime(1_000));
    }

    @Test
    void ignoresRepliesToRequestsFromBeforeTheTrial() {
        ProbeLog log = new ProbeLog();
        log.add(started());
        log.add(new ProbesSent("gw/udp", 40, new long[] {900}));
        log.add(replies(1_000, 38, 39));
        assertThat(log.probes("gw/udp")).hasSize(1);
        assertThat(log.probes("gw/udp").get(0).received()).isEmpty();
        assertThat(log.defects()).isEmpty();
    }

    @Test
    void namesEveryDefectOfTheTelemetry() {
        ProbeLog log = new ProbeLog();
        log.add(started());
        log.add(new ProbesSent("gw/udp", 40, new long[] {900, 890}));
        log.add(replies(100, 40));
        log.add(new ProbesSent("gw/udp", 50, new long[] {1_000}));
        assertThat(log.defects())
                .containsExactly(
                        "gw/udp: probe 41 was sent before the one that precedes it",
                        "gw/udp: probe 40 was answered before it was sent",
                        "gw/udp: expected a batch that begins with probe 42, but found 50");
    }

    @Test
    void acceptsAnAnnouncementThatIsRepeatedAndRefusesAnotherStream() {
        ProbeLog log = new ProbeLog();
        log.add(started());
        log.add(started());
        assertThat(log.defects()).isEmpty();
        log.add(new ProbeStarted(
                GoldenTrial.at(5), "gw/udp", "gw", "tcp", "203.0.113.10", Duration.ofMillis(10), VALIDATION));
        assertThat(log.defects()).hasSize(1);
    }

    private static Recovery.Stream stream(Recovery recovery) {
        return Objects.requireNonNull(recovery.streams().get("gw-north/udp"));
    }

    private static ProbeStarted started() {
        return new ProbeStarted(
                GoldenTrial.at(0), "gw/udp", "gw", "udp", "203.0.113.10", Duration.ofMillis(10), VALIDATION);
    }

    private static RepliesReceived replies(long received, long... sequence) {
        long[] times = new long[sequence.length];
        String[] sites = new String[sequence.length];
        Arrays.fill(times, received);
        Arrays.fill(sites, "berlin");
        return new RepliesReceived("gw/udp", sequence, times, sites, "203.0.113.10");
    }
}

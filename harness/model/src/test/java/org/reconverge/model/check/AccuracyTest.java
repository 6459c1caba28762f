package org.reconverge.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The truth always lies within the accuracy that is claimed, however the probes fall. */
class AccuracyTest {

    private static final Duration VALIDATION = Duration.ofSeconds(5);

    private static ProbeResult measure(GoldenTrial trial) {
        ProbeLog log = ProbeLog.of(trial.history());
        InjectionTimeline injection = InjectionTimeline.of(trial.history());
        return log.measure(
                        "gw-north/udp", new Window(injection.event().orElseThrow(), injection.reversion()), VALIDATION)
                .orElseThrow();
    }

    private static void assertTruth(String what, Optional<Measured> measured, double truthMillis) {
        Measured value = measured.orElseThrow();
        Duration truth = Duration.ofNanos(Math.round(truthMillis * 1_000_000));
        assertThat(truth).as("%s, measured as %s", what, value).isBetween(value.atLeast(), value.atMost());
    }

    /** The calibration: an outage of exactly 500 ms, wherever it falls between the probes. */
    @ParameterizedTest
    @CsvSource({"100, 0.05", "100, 0.4", "100, 1.9", "1000, 0.05", "1000, 0.4", "1000, 1.9"})
    void fiveHundredMillisecondsAreReportedWithinOneIntervalAndTwoMilliseconds(int rate, double roundTrip) {
        double interval = 1000.0 / rate;
        Duration claim = Duration.ofNanos(Math.round((interval + 2) * 1_000_000));
        int steps = 37;
        for (int step = 0; step < steps; step++) {
            double phase = interval * step / steps;
            ProbeResult result = measure(new GoldenTrial()
                    .repairAt(7_000)
                    .endAt(7_100)
                    .north(gw -> gw.rate(rate)
                            .from(-1_000)
                            .phase(phase)
                            .roundTrip(roundTrip)
                            .outage(0, 500)
                            .site(500, "frankfurt")));
            Measured outage = result.outage();
            assertTruth("outage at phase " + phase, Optional.of(outage), 500);
            assertTruth("loss of connectivity at phase " + phase, Optional.of(result.lossOfConnectivity()), 500);
            assertTruth("full convergence at phase " + phase, result.fullConvergence(), 500);
            assertTruth("first route convergence at phase " + phase, result.firstRouteConvergence(), 500);
            assertThat(outage.value().minus(Duration.ofMillis(500)).abs()).isLessThanOrEqualTo(claim);
            assertThat(result.lossOfConnectivity()
                            .value()
                            .minus(Duration.ofMillis(500))
                            .abs())
                    .isLessThanOrEqualTo(claim);
            // The control: the claim is not so wide that anything would be true.
            assertThat(outage.above()).isLessThanOrEqualTo(claim);
            assertThat(outage.below()).isLessThanOrEqualTo(claim);
            assertThat(result.fullConvergence().orElseThrow().above()).isLessThanOrEqualTo(claim);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theTruthLiesWithinTheClaimForAnyOutage(long seed) {
        Random random = new Random(seed);
        int[] rates = {10, 100, 500, 1000};
        for (int round = 0; round < 40; round++) {
            int rate = rates[random.nextInt(rates.length)];
            double interval = 1000.0 / rate;
            double begin = random.nextDouble() * 300;
            double length = 3 * interval + random.nextDouble() * 800;
            double roundTrip = 0.1 + random.nextDouble() * 40;
            double boundsBefore = random.nextDouble() * 5;
            double boundsAfter = random.nextDouble() * 5;
            double phase = random.nextDouble() * interval;
            // Sometimes the sender does not run for a while, at the worst of places.
            double silence = begin + length - 10 + random.nextDouble() * 20;
            double silenceLength = random.nextBoolean() ? random.nextDouble() * 100 : 0;
            ProbeResult result = measure(new GoldenTrial()
                    .repairAt(8_000)
                    .endAt(8_100)
                    .injectorBounds(boundsBefore, boundsAfter)
                    .north(gw -> gw.rate(rate)
                            .from(-1_500)
                            .phase(phase)
                            .roundTrip(roundTrip)
                            .outage(begin, begin + length)
                            .silent(silence, silence + silenceLength)
                            .site(begin + length, "frankfurt")));
            String what = "outage from %.3f ms for %.3f ms at %d/s, round trip %.3f ms, silent at %.3f ms for %.3f ms"
                    .formatted(begin, length, rate, roundTrip, silence, silenceLength);
            assertTruth(what, Optional.of(result.outage()), length);
            assertTruth(what, Optional.of(result.lossOfConnectivity()), length);
            assertTruth(what, result.fullConvergence(), begin + length);
            assertTruth(what, result.firstRouteConvergence(), begin + length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1000})
    void anIdleMinuteLosesNothing(int rate) {
        ProbeResult result =
                measure(new GoldenTrial().repairAt(60_000).endAt(60_100).north(gw -> gw.rate(rate)));
        assertThat(result.lost()).isZero();
        assertThat(result.outOfOrder()).isZero();
        assertThat(result.duplicated()).isZero();
        assertThat(result.lossOfConnectivity().value()).isZero();
        assertThat(result.offered()).isEqualTo(60L * rate);
    }
}

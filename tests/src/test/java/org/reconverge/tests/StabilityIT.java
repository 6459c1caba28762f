package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.ProbeResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.topologies.BundledTopologies;

/** No client changes its site while its own paths are well; after a failure it moves once, and home again once. */
class StabilityIT {

    /** {@code delayopen} of two-site: for so long a repaired fibre must stay up before a session over it may start. */
    private static final Duration HOLD_DOWN = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    @Test
    void amidNoiseAFailureMovesTrafficOnceAndOnceBack() {
        Path stability = BundledTopologies.unpack("stability", directory.resolve("stability"));

        TrialResult trial = passed(Labs.campaign(stability, directory, List.of("fibre-cut")))
                .get(0);

        assertMovedOnceAndOnceBack(trial, "client");
    }

    /** Two minutes: a provider's ten thousand networks come and go, and a neighbour's line flaps 34 times. */
    @Test
    @Tag("full")
    void noiseAloneMovesNobody() {
        Path stability = BundledTopologies.unpack("stability", directory.resolve("stability"));

        TrialResult trial =
                passed(Labs.campaign(stability, directory, List.of("noise"))).get(0);

        PhaseResult event = trial.client("client").orElseThrow().event().orElseThrow();
        assertThat(event.moves()).isZero();
        assertThat(event.probes()).isNotEmpty().allSatisfy(probe -> {
            assertThat(probe.offered()).isGreaterThan(5_000);
            assertThat(probe.lost()).isZero();
        });
    }

    /** However a backup is told from the first choice: traffic stays, switches on a real failure, and comes home once. */
    @ParameterizedTest
    @Tag("full")
    @ValueSource(strings = {"prepending", "prefer-by-med", "prefer-by-local-preference", "prefer-by-community"})
    void aPreferenceHoldsUntilARealFailure(String preference) throws IOException {
        Path lab = directory.resolve("two-site");
        BundledTopologies.unpack("two-site", lab);
        if (!preference.equals("prepending")) {
            replace(lab.resolve("configs"), lab.resolve("candidates").resolve(preference));
        }

        List<TrialResult> trials = passed(Labs.campaign(
                lab.resolve("network.failover.yml"), directory, List.of("fibre-cut", "access-cut-south", "link-flap")));

        TrialResult north = of("fibre-cut", trials);
        TrialResult south = of("access-cut-south", trials);
        TrialResult flap = of("link-flap", trials);
        assertMovedOnceAndOnceBack(north, "gw-north");
        assertStayed(north, "gw-south");
        assertMovedOnceAndOnceBack(south, "gw-south");
        assertStayed(south, "gw-north");
        assertThat(List.of(north, south))
                .allSatisfy(trial -> assertThat(homecomings(trial))
                        .isNotEmpty()
                        .allSatisfy(after -> assertThat(after).isGreaterThan(HOLD_DOWN)));
        // A flapping fibre is one failure: away once, and home once when it has stayed up.
        assertThat(flap.client("gw-north").orElseThrow().event().orElseThrow().moves())
                .isEqualTo(2);
        assertStayed(flap, "gw-south");
    }

    private static TrialResult of(String scenario, List<TrialResult> trials) {
        return trials.stream()
                .filter(trial -> trial.scenario().equals(scenario))
                .findFirst()
                .orElseThrow();
    }

    private static List<TrialResult> passed(List<TrialResult> trials) {
        assertThat(trials)
                .isNotEmpty()
                .allSatisfy(trial -> assertThat(trial.verdict())
                        .as(trial.scenario() + ": " + trial.reasons())
                        .isEqualTo(Verdict.PASS));
        return trials;
    }

    private static void assertMovedOnceAndOnceBack(TrialResult trial, String client) {
        PhaseResult event = trial.client(client).orElseThrow().event().orElseThrow();
        PhaseResult reversion = trial.client(client).orElseThrow().reversion().orElseThrow();
        assertThat(event.moves()).as("moves at the failure").isEqualTo(1);
        assertThat(reversion.moves()).as("moves at the repair").isEqualTo(1);
        assertThat(reversion.servedAfter()).isEqualTo(event.servedBefore());
    }

    private static void assertStayed(TrialResult trial, String client) {
        PhaseResult event = trial.client(client).orElseThrow().event().orElseThrow();
        assertThat(event.moves()).as(client + " at " + trial.scenario()).isZero();
        assertThat(event.probes()).allSatisfy(probe -> assertThat(probe.lost()).isZero());
    }

    /** Returns when after the repair each probe that had moved came home. */
    private static List<Duration> homecomings(TrialResult trial) {
        return trial.clients().stream()
                .flatMap(client -> client.reversion().orElseThrow().probes().stream())
                .map(ProbeResult::moves)
                .flatMap(List::stream)
                .map(move -> move.after().value())
                .toList();
    }

    /** Lays one directory's files over another's. */
    private static void replace(Path configs, Path candidate) throws IOException {
        try (Stream<Path> files = Files.walk(candidate)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path target = configs.resolve(candidate.relativize(file).toString());
                assertThat(target).exists();
                Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}

package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.SessionResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;

/** A thousand IEC 60870-5-104 sessions of one emulator, which all move to one site at once. */
@Tag("full")
class TelecontrolStormIT {

    @TempDir
    Path evidence;

    @Test
    void theLastOfAThousandSessionsIsBackWithinTheBudget() {
        List<TrialResult> trials = Labs.campaign(
                Path.of("../topologies/minimal/telecontrol-storm.failover.yml"),
                evidence,
                List.of("fibre-cut", "silent-fibre-cut"));

        assertThat(trials).hasSize(2).allSatisfy(trial -> {
            assertThat(trial.verdict()).as(trial.reasons().toString()).isEqualTo(Verdict.PASS);
            SessionResult sessions = trial.clients()
                    .get(0)
                    .event()
                    .orElseThrow()
                    .layers()
                    .orElseThrow()
                    .sessions()
                    .get(0);
            // The control assertion: none could go on, so that each had an outage of its own to come back from.
            assertThat(sessions.kept()).isZero();
            assertThat(sessions.restored()).isEqualTo(1000);
            assertThat(sessions.inTime()).isEqualTo(1000);
            assertThat(sessions.recovery().orElseThrow().surelyWithin(Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(sessions.values().missing()).isZero();
            assertThat(sessions.reconnects().orElseThrow().attempts()).isGreaterThanOrEqualTo(1000);
            assertThat(sessions.reconnects().orElseThrow().busiestSecond()).isGreaterThan(100);
            assertThat(trial.emulators())
                    .as("the client's emulator and the sites'")
                    .hasSize(3)
                    .allSatisfy(use -> assertThat(use.resident()).isLessThan(100_000_000));
        });
    }
}

package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.check.SessionResult;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;

/** Polling by Modbus TCP and publishing by MQTT in TLS, through a catchment that moves and moves back. */
class SessionsIT {

    @TempDir
    Path evidence;

    @Test
    void modbusAndTlsComeBackAfterACut() {
        assertRestored("fibre-cut");
    }

    @Test
    @Tag("full")
    void modbusAndTlsComeBackAfterASilentCut() {
        assertRestored("silent-fibre-cut");
    }

    private void assertRestored(String scenario) {
        TrialResult trial = Labs.campaign(
                        Path.of("../topologies/minimal/sessions.failover.yml"), evidence, List.of(scenario))
                .get(0);

        assertThat(trial.verdict()).as(trial.reasons().toString()).isEqualTo(Verdict.PASS);
        Map<String, SessionResult> sessions =
                trial.clients().get(0).event().orElseThrow().layers().orElseThrow().sessions().stream()
                        .collect(Collectors.toMap(SessionResult::name, Function.identity()));
        assertThat(sessions).containsOnlyKeys("modbus", "tls");
        // The control assertion: the other site knows neither connection, so that there was something to restore.
        assertThat(sessions.values()).allSatisfy(session -> {
            assertThat(session.restored()).as(session.name()).isEqualTo(1);
            assertThat(session.reconnects().orElseThrow().attempts()).isPositive();
        });
        SessionResult tls = Objects.requireNonNull(sessions.get("tls"));
        assertThat(tls.breaks())
                .as("a site that does not know a connection resets it")
                .containsOnlyKeys("connection reset");
        assertThat(tls.starts())
                .as("a site cannot read another one's tickets")
                .isEqualTo(Map.of("TLSv1.3, full handshake", 1));
        assertThat(tls.values().acknowledged()).as("publications acknowledged").isPositive();
        assertThat(tls.values().missing())
                .as("publications acknowledged and lost")
                .isZero();
    }
}

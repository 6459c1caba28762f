package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TelemetryTest {

    @Test
    void writesValidJsonWhateverTheText() {
        String nasty = "a \"quoted\" \\ back\tslash\nand \u0001 ü";
        JsonObject line = JsonParser.parseString(new JsonLine("note")
                        .put("text", nasty)
                        .put("values", Map.of(nasty, nasty))
                        .toString())
                .getAsJsonObject();
        assertThat(line.get("text").getAsString()).isEqualTo(nasty);
        assertThat(line.getAsJsonObject("values").get(nasty).getAsString()).isEqualTo(nasty);
    }

    @Test
    void writesTheFormOfAHistory() {
        assertThat(new JsonLine("probes-sent")
                        .put("probe", "gw-north/udp-ipv4")
                        .put("first", 1200)
                        .put("sentNanos", new long[] {5, 6, 7}, 2)
                        .toString())
                .isEqualTo(
                        "{\"type\":\"probes-sent\",\"probe\":\"gw-north/udp-ipv4\",\"first\":1200,\"sentNanos\":[5,6]}\n");
    }

    @Test
    void losesNothingAtTheEnd() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Telemetry telemetry = new Telemetry(out);
        for (int i = 0; i < 10_000; i++) {
            telemetry.stalled(i, "here", 1);
        }
        telemetry.close();
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(10_000);
    }

    @Test
    void pairsTheClocks() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Telemetry telemetry = new Telemetry(out)) {
            telemetry.clockSync();
        }
        JsonObject line =
                JsonParser.parseString(out.toString(StandardCharsets.UTF_8)).getAsJsonObject();
        assertThat(Math.abs(System.nanoTime() - line.get("at").getAsLong())).isLessThan(10_000_000_000L);
        assertThat(Duration.between(Instant.parse(line.get("wall").getAsString()), Instant.now()))
                .isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(10));
    }

    /** With a threshold of nothing, every tick is late. */
    @Test
    void watchdogReportsBeingLate() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Telemetry telemetry = new Telemetry(out)) {
            Thread watchdog = StallWatchdog.start(telemetry, "gw-north", Duration.ZERO);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> out.toString(StandardCharsets.UTF_8).contains("\"stalled\""));
            watchdog.interrupt();
        }
        JsonObject line = JsonParser.parseString(
                        out.toString(StandardCharsets.UTF_8).lines().findFirst().orElseThrow())
                .getAsJsonObject();
        assertThat(line.get("where").getAsString()).isEqualTo("gw-north");
        assertThat(line.get("duration").getAsLong()).isPositive();
    }
}

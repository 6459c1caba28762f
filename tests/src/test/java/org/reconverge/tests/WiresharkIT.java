package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.emulator.Iec104Captures;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.TrialResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.evidence.EvidenceDirectory;
import org.reconverge.model.evidence.EvidenceDirectory.TrialEvidence;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.MonotonicTime;

/** What a party that is not ours sees on the wires: well-formed frames, and the outage that the harness reports. */
class WiresharkIT {

    /** Malformed, reassembled in vain, or with a checksum that is wrong; TCP's own notes, such as of repetitions, are none. */
    private static final String BAD =
            "_ws.malformed || _ws.expert.group == 0x07000000 || _ws.expert.group == 0x01000000 || _ws.expert.severity == 0x800000";

    /** Notes, too, since these captures hold one healthy connection. */
    private static final String BAD_IEC104 = "_ws.malformed || _ws.expert.severity >= 0x400000";

    private static Engine engine;
    private static Tshark tshark;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        engine = Engine.connect();
        tshark = new Tshark(engine);
    }

    @AfterAll
    static void stop() {
        tshark.close();
        engine.close();
    }

    @Test
    void aCaptureOfATrialAgreesWithItsVerdict() throws Exception {
        Path spec = directory.resolve("captured.failover.yml");
        Path topology = Path.of("../topologies/minimal/minimal.clab.yml").toRealPath();
        Files.writeString(spec, """
                topology: %s
                service: {addresses: [203.0.113.10]}
                sites:
                  berlin: {nodes: [ber-edge, ber-svc], service: ber-svc}
                  frankfurt: {nodes: [fra-edge, fra-svc], service: fra-svc}
                budget: {rto: 10s}
                clients:
                  client:
                    home: berlin
                    probes:
                      - {type: udp, rate: 100/s}
                      - {type: tcp, rate: 50/s}
                      - {type: iec104, values: 100ms, t1: 1s, t3: 1s}
                      - {type: modbus, rate: 10/s}
                scenarios:
                  silent-fibre-cut:
                    fault: {silent-drop: "isp:eth2"}
                    expect:
                      client: {served-by: frankfurt}
                """.formatted(topology));

        TrialResult verdict = Labs.campaign(spec, directory, List.of("silent-fibre-cut"), true)
                .get(0);
        assertThat(verdict.verdict()).as(verdict.reasons().toString()).isEqualTo(Verdict.PASS);
        TrialEvidence trial =
                EvidenceDirectory.open(directory.resolve("evidence")).trials().get(0);
        String capture = tshark.take(trial.capture().orElseThrow());

        assertThat(tshark.checkedFrames(capture, BAD)).isEmpty();
        // The control assertion: what could have been malformed is there.
        for (String protocol : List.of("bgp", "bfd", "iec60870_asdu", "mbtcp")) {
            assertThat(tshark.frames(capture, protocol)).as(protocol).hasSizeGreaterThan(5);
        }
        assertThat(tshark.values(capture, "frame.interface_name"))
                .contains("client:eth1", "isp:eth1", "isp:eth2", "isp:eth3", "ber-edge:eth1", "fra-edge:eth2");

        Instant cut = wall(trial, verdict.event().orElseThrow().middle());
        Instant repair = wall(trial, verdict.reversion().orElseThrow().middle());
        assertThat(times(capture, "bfd && frame.interface_name == \"isp:eth2\""))
                .as("what a router sends into a dead fibre")
                .anyMatch(time -> time.isAfter(cut.plusSeconds(1)) && time.isBefore(repair.minusSeconds(1)));
        Measured outage = verdict.clients().get(0).event().orElseThrow().probes().stream()
                .filter(probe -> probe.protocol().equals("udp"))
                .findFirst()
                .orElseThrow()
                .outage();
        List<Instant> replies = times(capture, "udp.srcport == 7000 && frame.interface_name == \"isp:eth1\"").stream()
                .filter(time -> time.isBefore(repair))
                .toList();
        Duration longest = java.util.stream.IntStream.range(1, replies.size())
                .mapToObj(i -> Duration.between(replies.get(i - 1), replies.get(i)))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        assertThat(longest)
                .as("the longest time without a reply on the client's wire, and the outage %s", outage.describe())
                .isBetween(outage.atLeast(), outage.atMost());
    }

    private static List<Instant> times(String capture, String filter) {
        return tshark.field(capture, filter, "frame.time_epoch").stream()
                .map(BigDecimal::new)
                .map(seconds -> Instant.ofEpochSecond(
                        seconds.longValue(),
                        seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue()))
                .toList();
    }

    private static Instant wall(TrialEvidence trial, MonotonicTime time) {
        ClockSync sync = trial.history().first(ClockSync.class).orElseThrow();
        return sync.wall().plus(time.since(sync.at()));
    }

    @Test
    void findsNoMalformedFrameInASessionOfIec104() throws Exception {
        Path file = directory.resolve("session.pcap");
        Iec104Captures.writeSession(file);
        String capture = tshark.take(file);

        assertThat(tshark.frames(capture, BAD_IEC104)).isEmpty();
        // Versions write the format with more or fewer zeros.
        assertThat(tshark.values(capture, "iec60870_104.type"))
                .filteredOn(format -> !format.isEmpty())
                .extracting(Integer::decode)
                .contains(0, 1, 3);
        // Start, interrogation, counters, clock, set points, values, end of initialization.
        assertThat(tshark.values(capture, "iec60870_asdu.typeid"))
                .contains("1", "3", "9", "11", "13", "15", "36", "50", "70", "100", "101", "103");
    }

    @Test
    void findsNoMalformedFrameAmongAllTypesOfIec104() throws Exception {
        Path file = directory.resolve("every-type.pcap");
        int frames = Iec104Captures.writeEveryType(file);
        String capture = tshark.take(file);

        assertThat(tshark.frames(capture, BAD_IEC104)).isEmpty();
        assertThat(tshark.frames(capture, "iec60870_104")).hasSize(frames);
        assertThat(tshark.values(capture, "iec60870_asdu.typeid"))
                .contains(
                        "1", "3", "9", "11", "13", "15", "30", "31", "34", "35", "36", "37", "45", "46", "48", "49",
                        "50", "58", "59", "61", "62", "63", "70", "100", "101", "103", "107");
    }

    /** The control: a frame that is cut in its ASDU is found. */
    @Test
    void findsAMalformedFrame() throws Exception {
        Path file = directory.resolve("malformed.pcap");
        Iec104Captures.writeMalformed(file);

        assertThat(tshark.frames(tshark.take(file), BAD_IEC104)).isNotEmpty();
    }
}

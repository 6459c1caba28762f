package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.emulator.iec104.GoldenOctets;
import org.reconverge.model.history.HistoryEvent.CommandPassed;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;

/** What tshark's dissectors of IEC 60870-5-104 and -101 make of our frames. Needs tshark. */
class TsharkTest {

    @TempDir
    Path directory = Path.of("");

    @BeforeEach
    void needsTshark() {
        boolean available;
        try {
            available = new ProcessBuilder("tshark", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            available = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assumeThat(available).as("tshark is installed").isTrue();
    }

    @Test
    void findsNoMalformedFrameInASession() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path file = directory.resolve("session.pcap");
        try (CapturingRelay relay = new CapturingRelay().to(port);
                Iec104Recorder site = Iec104Recorder.site(
                        "berlin",
                        "{'address':'127.0.0.1','port':" + port
                                + ",'commandIntervalNanos':100000000,'t2Nanos':200000000,'t3Nanos':300000000}");
                Iec104Recorder gateway = Iec104Recorder.gateway(
                        "{'address':'127.0.0.1','port':" + relay.port() + ",'valueIntervalNanos':10000000}")) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gateway.reached(State.RESTORED) == 1
                            && site.commands(CommandPassed.Step.CONFIRMED).size() > 5);
            gateway.stop();
            relay.writeTo(file);
        }

        assertThat(tshark(file, "-Y", "_ws.malformed || _ws.expert.severity >= 0x400000"))
                .isEmpty();
        // Versions write the format with more or fewer zeros.
        assertThat(fields(file, "iec60870_104.type"))
                .filteredOn(format -> !format.isEmpty())
                .extracting(Integer::decode)
                .contains(0, 1, 3);
        // Start, interrogation, counters, clock, set points, values, end of initialization.
        assertThat(fields(file, "iec60870_asdu.typeid"))
                .contains("1", "3", "9", "11", "13", "15", "36", "50", "70", "100", "101", "103");
    }

    /** Every type and every format that we can write. */
    @Test
    void findsNoMalformedFrameAmongTheGoldenOnes() throws Exception {
        Path file = directory.resolve("golden.pcap");
        List<byte[]> frames = GoldenOctets.all();
        try (CapturingRelay relay = new CapturingRelay()) {
            for (byte[] frame : frames) {
                relay.keep(frame, frame.length, 0);
            }
            relay.writeTo(file);
        }
        assertThat(tshark(file, "-Y", "_ws.malformed || _ws.expert.severity >= 0x400000"))
                .isEmpty();
        assertThat(tshark(file, "-Y", "iec60870_104")).hasSize(frames.size());
        assertThat(fields(file, "iec60870_asdu.typeid"))
                .contains(
                        "1", "3", "9", "11", "13", "15", "30", "31", "34", "35", "36", "37", "45", "46", "48", "49",
                        "50", "58", "59", "61", "62", "63", "70", "100", "101", "103", "107");
    }

    /** The control: a frame that is cut in its ASDU is found. */
    @Test
    void findsAMalformedFrame() throws Exception {
        Path file = directory.resolve("bad.pcap");
        byte[] bad = {0x68, 0x0C, 0, 0, 0, 0, 100, 1, 6, 0, 1, 0, 0, 0};
        try (CapturingRelay relay = new CapturingRelay()) {
            relay.keep(bad, bad.length, 0);
            relay.writeTo(file);
        }
        assertThat(tshark(file, "-Y", "_ws.malformed || _ws.expert.severity >= 0x400000"))
                .isNotEmpty();
    }

    /** Returns the different values of a field. */
    private static List<String> fields(Path file, String field) throws Exception {
        return tshark(file, "-T", "fields", "-e", field, "-E", "occurrence=a", "-E", "aggregator= ").stream()
                .flatMap(line -> List.of(line.split(" ", -1)).stream())
                .distinct()
                .toList();
    }

    private static List<String> tshark(Path file, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", file.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.lines().toList();
    }
}

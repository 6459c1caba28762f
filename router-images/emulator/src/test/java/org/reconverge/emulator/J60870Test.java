package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.history.HistoryEvent.CommandPassed;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;

/**
 * Each of our roles with an independent implementation as its peer: j60870, in a process of its own (see
 * {@code src/test/j60870}).
 */
class J60870Test {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Our controlled station is interrogated, synchronized, commanded, stopped and started again. */
    @ParameterizedTest
    @ValueSource(strings = {"client", "server"})
    void controlsOurControlledStation(String theirTcp) throws Exception {
        int port = freePort();
        String ourTcp = theirTcp.equals("client") ? "server" : "client";
        String ours = "{'station':'controlled','tcp':'" + ourTcp + "','address':'127.0.0.1','port':" + port
                + ",'commonAddress':17,'valueIntervalNanos':500000000,'reconnectNanos':200000000,'t3Nanos':1000000000}";
        try (Iec104Recorder gateway = Iec104Recorder.gateway(ours);
                Peer peer = new Peer("controlling", theirTcp, port)) {
            await().atMost(PATIENCE).until(() -> peer.said("started again"));
            await().atMost(PATIENCE).until(() -> peer.count("received M_ME_TF_1 SPONTANEOUS") > 5);

            assertThat(peer.lines)
                    .contains(
                            "received M_EI_NA_1 INITIALIZED",
                            "received C_IC_NA_1 ACTIVATION_CON",
                            "received M_SP_NA_1 INTERROGATED_BY_STATION",
                            "received M_DP_NA_1 INTERROGATED_BY_STATION",
                            "received M_ME_NA_1 INTERROGATED_BY_STATION",
                            "received M_ME_NB_1 INTERROGATED_BY_STATION",
                            "received M_ME_NC_1 INTERROGATED_BY_STATION",
                            "received C_IC_NA_1 ACTIVATION_TERMINATION",
                            "received C_CI_NA_1 ACTIVATION_CON",
                            "received M_IT_NA_1 REQUESTED_BY_GENERAL_COUNTER",
                            "received C_CI_NA_1 ACTIVATION_TERMINATION",
                            "received C_CS_NA_1 ACTIVATION_CON",
                            "received C_TS_NA_1 ACTIVATION_CON",
                            "received C_SC_NA_1 ACTIVATION_CON",
                            "received C_SC_NA_1 ACTIVATION_CON negative",
                            "received C_SC_NA_1 ACTIVATION_TERMINATION",
                            "received M_SP_TB_1 RETURN_INFO_REMOTE",
                            "received C_SE_NC_1 ACTIVATION_CON",
                            "received C_SC_NA_1 UNKNOWN_INFORMATION_OBJECT_ADDRESS negative",
                            "received C_IC_NA_1 UNKNOWN_COMMON_ADDRESS_OF_ASDU negative",
                            "received C_RD_NA_1 UNKNOWN_TYPE_ID negative",
                            "stopped");
            assertThat(peer.lines)
                    .filteredOn("received C_SC_NA_1 ACTIVATION_TERMINATION"::equals)
                    .as("executions that are complete, of %s", peer.lines)
                    .hasSize(1);
            assertThat(gateway.commands(CommandPassed.Step.EXECUTED))
                    .extracting(CommandPassed::address)
                    .containsExactly(5001, 5105);
            assertThat(gateway.reached(State.STARTED)).isEqualTo(2);
            assertThat(gateway.reached(State.STOPPED)).isEqualTo(1);
            assertThat(gateway.reached(State.CLOSED)).isZero();
            assertThat(gateway.notes()).noneMatch(note -> note.contains("malformed"));
        }
    }

    /** Our controlling station interrogates, synchronizes, commands and receives. */
    @ParameterizedTest
    @ValueSource(strings = {"client", "server"})
    void isControlledByOurControllingStation(String theirTcp) throws Exception {
        int port = freePort();
        String ourTcp = theirTcp.equals("client") ? "server" : "client";
        String ours = "{'station':'controlling','tcp':'" + ourTcp + "','address':'127.0.0.1','port':" + port
                + ",'reconnectNanos':200000000,'commandIntervalNanos':500000000,'t3Nanos':1000000000}";
        try (Iec104Recorder site = Iec104Recorder.site("berlin", ours);
                Peer peer = new Peer("controlled", theirTcp, port)) {
            await().atMost(PATIENCE).until(() -> peer.said("all sent"));
            await().atMost(PATIENCE)
                    .until(() -> site.values(ValuesPassed.Step.RECEIVED).size() == 40);
            await().atMost(PATIENCE)
                    .until(() -> site.commands(CommandPassed.Step.CONFIRMED).size() >= 2);

            assertThat(site.values(ValuesPassed.Step.RECEIVED))
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 40).boxed().toList());
            assertThat(site.states()).containsExactly("connected", "started", "interrogated", "restored");
            assertThat(peer.lines)
                    .contains(
                            "received C_IC_NA_1 ACTIVATION",
                            "received C_CI_NA_1 ACTIVATION",
                            "received C_CS_NA_1 ACTIVATION",
                            "received C_SE_NC_1 ACTIVATION");
            assertThat(site.notes()).noneMatch(note -> note.contains("malformed"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    /** The peer's process and what it says. */
    private static final class Peer implements AutoCloseable {

        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();

        Peer(String station, String tcp, int port) throws IOException {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-cp",
                            "target/test-peers/j60870.jar",
                            "src/test/j60870/J60870Peer.java",
                            station,
                            tcp,
                            Integer.toString(port))
                    .redirectErrorStream(true)
                    .start();
            Thread reader = new Thread(this::read, "j60870");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                output.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("the peer ended: " + e);
            }
        }

        boolean said(String line) {
            if (!process.isAlive()) {
                throw new AssertionError("expected the peer to say '" + line + "', but it ended: " + lines);
            }
            return lines.contains(line);
        }

        long count(String start) {
            return lines.stream().filter(line -> line.startsWith(start)).count();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}

package org.reconverge.emulator;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.reconverge.emulator.iec104.GoldenOctets;
import org.reconverge.model.history.HistoryEvent.CommandPassed;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;

/** Captures of what our IEC 60870-5-104 puts on the wire, for dissectors that are not ours. */
public final class Iec104Captures {

    private Iec104Captures() {}

    /** Writes a session of our two stations: start, interrogations, clock, values, commands, test frames, stop. */
    public static void writeSession(Path file) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
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
    }

    /** Writes every type and every format that we can send, a frame each, and returns how many that are. */
    public static int writeEveryType(Path file) throws IOException {
        List<byte[]> frames = GoldenOctets.all();
        write(file, frames);
        return frames.size();
    }

    /** Writes a frame that is cut in its ASDU: an interrogation without its object. */
    public static void writeMalformed(Path file) throws IOException {
        write(file, List.of(new byte[] {0x68, 0x0C, 0, 0, 0, 0, 100, 1, 6, 0, 1, 0, 0, 0}));
    }

    private static void write(Path file, List<byte[]> frames) throws IOException {
        try (CapturingRelay relay = new CapturingRelay()) {
            for (byte[] frame : frames) {
                relay.keep(frame, frame.length, 0);
            }
            relay.writeTo(file);
        }
    }
}

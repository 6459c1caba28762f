package org.reconverge.emulator;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one probe stream in this process and keeps what it reports. */
final class Recorder implements AutoCloseable {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Telemetry telemetry = new Telemetry(out);
    private final EventLoop loop;
    private final ProbeRun run;

    /** A reply as reported. */
    record Reply(long sequence, long receivedNanos, String site, String source) {}

    private Recorder(ProbeConfiguration.Stream stream, Transport transport) {
        loop = transport.eventLoop("probe").next();
        run = new ProbeRun(
                new ProbeConfiguration(List.of(stream), List.of(), List.of(), Duration.ofSeconds(1)),
                transport,
                telemetry,
                loop,
                Duration.ofMillis(20));
        run.start();
    }

    /** Starts a stream of 200 requests a second. */
    static Recorder probing(ProbeConfiguration.Protocol protocol, InetSocketAddress target, Transport transport) {
        return probing(protocol, target, null, transport);
    }

    /** Starts a stream of 200 requests a second to the port of {@code target} at the address that a name has. */
    static Recorder probing(
            ProbeConfiguration.Protocol protocol,
            InetSocketAddress target,
            ProbeConfiguration.@Nullable Lookup lookup,
            Transport transport) {
        return new Recorder(
                new ProbeConfiguration.Stream(
                        "gw/probe",
                        "gw",
                        protocol,
                        target.getAddress(),
                        null,
                        lookup,
                        target.getPort(),
                        200,
                        Duration.ofSeconds(2),
                        Duration.ofMillis(300),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(1)),
                transport);
    }

    /** Stops the stream; everything is reported then. */
    void stop() {
        run.finish();
        telemetry.close();
    }

    @Override
    public void close() {
        stop();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    List<JsonObject> lines(String type) {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.get("type").getAsString().equals(type))
                .toList();
    }

    /** Returns when each request was sent, by sequence number; fails if numbers are missing or twice. */
    List<Long> sent() {
        List<Long> sent = new ArrayList<>();
        for (JsonObject line : lines("probes-sent")) {
            if (line.get("first").getAsLong() != sent.size()) {
                throw new AssertionError("expected batch to begin at " + sent.size() + " but found " + line);
            }
            line.getAsJsonArray("sentNanos").forEach(nanos -> sent.add(nanos.getAsLong()));
        }
        return sent;
    }

    List<Reply> replies() {
        List<Reply> replies = new ArrayList<>();
        for (JsonObject line : lines("replies-received")) {
            JsonArray sequence = line.getAsJsonArray("sequence");
            JsonArray received = line.getAsJsonArray("receivedNanos");
            JsonArray site = line.getAsJsonArray("site");
            String source = line.get("source").getAsString();
            for (int i = 0; i < sequence.size(); i++) {
                JsonElement at = received.get(i);
                replies.add(new Reply(
                        sequence.get(i).getAsLong(), at.getAsLong(), site.get(i).getAsString(), source));
            }
        }
        return replies;
    }

    /** Returns the connection's history such as {@code [up, down: closed by peer]}. */
    List<String> connection() {
        return lines("connection-changed").stream()
                .map(line -> line.get("connected").getAsBoolean()
                        ? "up"
                        : "down: " + line.get("reason").getAsString())
                .toList();
    }
}

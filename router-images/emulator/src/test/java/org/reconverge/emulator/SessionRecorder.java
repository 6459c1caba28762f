package org.reconverge.emulator;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.reconverge.emulator.SessionConfiguration.TlsCredentials;
import org.reconverge.model.history.HistoryCodec;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ConnectionsAttempted;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;

/** An end of Modbus TCP or of MQTT in TLS, and what it has written. */
final class SessionRecorder implements AutoCloseable {

    private static final Duration FLUSH = Duration.ofMillis(20);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Telemetry telemetry = new Telemetry(out);
    private final SessionEnd end;

    private SessionRecorder(Start start, String probe, String client, String site)
            throws InvalidConfigurationException {
        end = start.with(new SessionTelemetry(probe, client, site, telemetry));
    }

    private interface Start {
        SessionEnd with(SessionTelemetry telemetry) throws InvalidConfigurationException;
    }

    /** Starts a client; single quotes stand for double ones. */
    static SessionRecorder client(String json) throws InvalidConfigurationException {
        JsonObject object = JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject();
        return new SessionRecorder(
                telemetry -> SessionClients.start(SessionConfiguration.parse(object), telemetry, FLUSH),
                "gw/" + object.get("type").getAsString(),
                "gw",
                "");
    }

    /** Starts a site's Modbus server, and waits until it listens. */
    static SessionRecorder modbus(String site, int port) throws InvalidConfigurationException {
        return listening(new SessionRecorder(telemetry -> new ModbusSite(site, port).start(), "", "", site));
    }

    /** Starts a site's MQTT server, and waits until it listens. */
    static SessionRecorder mqtt(String site, int port, TlsCredentials credentials)
            throws InvalidConfigurationException {
        return listening(new SessionRecorder(
                telemetry -> new MqttSite(TlsContexts.server(credentials), telemetry)
                        .start(List.of(InetAddress.getLoopbackAddress()), port, FLUSH),
                "",
                "",
                site));
    }

    private static SessionRecorder listening(SessionRecorder site) {
        site.end.begun().orTimeout(20, TimeUnit.SECONDS).join();
        return site;
    }

    private <E extends HistoryEvent> List<E> all(Class<E> type) {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(HistoryCodec::parseLine)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    List<TelecontrolChanged> sessions() {
        return all(TelecontrolChanged.class);
    }

    /** Returns the states of the sessions, such as {@code [connected, started, closed: connection reset]}. */
    List<String> states() {
        return sessions().stream()
                .map(change -> change.state().name().toLowerCase(Locale.ROOT)
                        + (change.detail().isEmpty() ? "" : ": " + change.detail()))
                .toList();
    }

    long reached(TelecontrolChanged.State state) {
        return sessions().stream().filter(change -> change.state() == state).count();
    }

    long attempts() {
        return all(ConnectionsAttempted.class).stream()
                .mapToLong(attempted -> attempted.nanos().length)
                .sum();
    }

    List<String> notes() {
        return all(HistoryEvent.Note.class).stream()
                .map(note -> note.text() + " " + note.values())
                .toList();
    }

    /** Returns the numbers of the values that passed a step, in order. */
    List<Long> values(ValuesPassed.Step step) {
        List<Long> numbers = new ArrayList<>();
        for (ValuesPassed values : all(ValuesPassed.class)) {
            if (values.step() == step) {
                for (long number : values.number()) {
                    numbers.add(number);
                }
            }
        }
        return numbers;
    }

    /** Ends the connections of an MQTT server, which listens on. */
    void disconnect() {
        ((MqttSite) end).disconnect();
    }

    @Override
    public void close() {
        end.finish();
        telemetry.close();
    }
}

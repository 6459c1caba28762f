package org.reconverge.emulator;

import com.google.gson.JsonParser;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.reconverge.model.history.HistoryCodec;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.CommandPassed;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;

/** Runs one end of IEC 60870-5-104 in this process and keeps what it reports, as the harness reads it. */
final class Iec104Recorder implements AutoCloseable {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Telemetry telemetry = new Telemetry(out);
    private final EventLoop loop = Transport.best().eventLoop("iec104").next();
    private final Iec104End end;

    private Iec104Recorder(Iec104Configuration configuration, String client, String site) {
        end = new Iec104End(
                configuration,
                Transport.best(),
                telemetry,
                new Iec104Telemetry(client.isEmpty() ? "" : client + "/iec104", client, site, telemetry),
                loop,
                InstantSource.system());
        end.start(Duration.ofMillis(20));
    }

    /** Starts a gateway; single quotes stand for double ones. */
    static Iec104Recorder gateway(String json) throws InvalidConfigurationException {
        return new Iec104Recorder(
                Iec104Configuration.ofGateway(
                        JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject()),
                "gw",
                "");
    }

    /** Starts a site and waits until it listens, if it does; single quotes stand for double ones. */
    static Iec104Recorder site(String name, String json) throws InvalidConfigurationException {
        Iec104Recorder site = new Iec104Recorder(Iec104Configuration.ofSite(json.replace('\'', '"')), "", name);
        site.end.begun().orTimeout(20, TimeUnit.SECONDS).join();
        return site;
    }

    List<HistoryEvent> events() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(HistoryCodec::parseLine)
                .toList();
    }

    private <E extends HistoryEvent> List<E> all(Class<E> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the states of the sessions, such as {@code [connected, started, closed: reset by peer]}. */
    List<String> states() {
        return all(TelecontrolChanged.class).stream()
                .map(change -> change.state().name().toLowerCase(Locale.ROOT)
                        + (change.detail().isEmpty() ? "" : ": " + change.detail()))
                .toList();
    }

    /** Returns how many sessions reached a state. */
    long reached(TelecontrolChanged.State state) {
        return all(TelecontrolChanged.class).stream()
                .filter(change -> change.state() == state)
                .count();
    }

    List<TelecontrolChanged> sessions() {
        return all(TelecontrolChanged.class);
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

    List<CommandPassed> commands(CommandPassed.Step step) {
        return all(CommandPassed.class).stream()
                .filter(command -> command.step() == step)
                .toList();
    }

    List<String> notes() {
        return all(HistoryEvent.Note.class).stream()
                .map(note -> note.text() + " " + note.values())
                .toList();
    }

    /** Ends the connections and the reports. */
    void stop() {
        end.finish();
        telemetry.close();
    }

    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        stop();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

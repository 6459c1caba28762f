package org.reconverge.emulator.iec104;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reconverge.emulator.iec104.InformationElement.ClockTime;
import org.reconverge.emulator.iec104.InformationElement.Command;
import org.reconverge.emulator.iec104.InformationElement.CounterInterrogation;
import org.reconverge.emulator.iec104.InformationElement.EndOfInitialization;
import org.reconverge.emulator.iec104.InformationElement.FloatSetPoint;
import org.reconverge.emulator.iec104.InformationElement.FloatValue;
import org.reconverge.emulator.iec104.InformationElement.Interrogation;
import org.reconverge.emulator.iec104.StationObserver.CommandStep;
import org.reconverge.emulator.iec104.StationObserver.SessionState;
import org.reconverge.emulator.iec104.StationObserver.ValueStep;

/**
 * A controlling station (control centre): on each connection it starts data transfer, interrogates, receives, and sends
 * commands if it is asked to.
 *
 * <p>It keeps nothing about a controlled station from one connection to the next, since in an anycast platform the next one
 * may end at another site. A command is therefore never repeated: if the connection ends before the answer, what became of
 * it is not known, and only an operator may decide to send it again.
 *
 * <p>Everything happens on one event loop, on which its sessions run too.
 */
public final class ControllingStation implements Iec104Session.Listener {

    private final Settings settings;
    private final EventExecutor executor;
    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private final StationObserver observer;
    private final Map<Iec104Session, Connection> connections = new LinkedHashMap<>();

    private long lastCommand;
    private @Nullable Iec104Session switchingTo;

    /**
     * What a station does.
     *
     * @param originator its originator address, 0 to 255; 0 says nothing (IEC 60870-5-101 §7.2.3)
     * @param interrogationTime after how long an interrogation that is not complete is repeated
     * @param counters whether to interrogate counters too (§7.8)
     * @param clock whether to set the controlled station's clock (§7.6)
     * @param commandInterval the time between two commands on a connection; empty for none
     * @param operateDelay how long to wait between the confirmation of a select and the execute
     * @param redundant whether connections from one address are one redundancy group, of which one is started (§10)
     */
    public record Settings(
            int originator,
            Duration interrogationTime,
            boolean counters,
            boolean clock,
            Optional<Duration> commandInterval,
            Duration operateDelay,
            boolean redundant) {

        /** A station that interrogates values and counters, sets clocks, and sends no commands. */
        public static final Settings DEFAULT =
                new Settings(1, Duration.ofSeconds(10), true, true, Optional.empty(), Duration.ZERO, false);
    }

    private static final class Connection {
        private final Iec104Session session;
        private final ArrayDeque<Asdu> requests = new ArrayDeque<>();
        private int station;
        private boolean interrogated;
        private boolean valueArrived;
        private boolean restored;
        private @Nullable PendingCommand command;
        private @Nullable Future<?> interrogationTimer;
        private @Nullable Future<?> commandTimer;

        Connection(Iec104Session session) {
            this.session = session;
        }
    }

    private record PendingCommand(long number, int address, boolean executeSent) {}

    /**
     * Creates a station.
     *
     * @param executor the event loop of its sessions
     * @param nanoClock the monotonic clock in nanoseconds
     * @param clock the wall clock
     */
    public ControllingStation(
            Settings settings,
            EventExecutor executor,
            LongSupplier nanoClock,
            InstantSource clock,
            StationObserver observer) {
        this.settings = settings;
        this.executor = executor;
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.observer = observer;
    }

    /** Stops data transfer on the started connection of {@code to}'s redundancy group, and starts it on {@code to} (§10). */
    public void switchTo(Iec104Session to) {
        switchingTo = to;
        Optional<Connection> started = startedOf(to.peer());
        if (started.isPresent() && started.get().session != to) {
            started.get().session.stopDataTransfer();
        } else {
            to.startDataTransfer();
        }
    }

    @Override
    public void opened(Iec104Session session) {
        boolean standby = settings.redundant() && startedOf(session.peer()).isPresent();
        Connection connection = new Connection(session);
        connections.put(session, connection);
        report(connection, SessionState.CONNECTED, standby ? "standby" : "");
        if (!standby) {
            session.startDataTransfer();
        }
    }

    @Override
    public void started(Iec104Session session) {
        Connection connection = connections.get(session);
        if (connection == null) {
            return;
        }
        connection.interrogated = false;
        connection.valueArrived = false;
        connection.restored = false;
        report(connection, SessionState.STARTED, "");
        interrogate(connection);
        if (settings.counters()) {
            connection.requests.add(
                    request(AsduType.C_CI_NA_1, connection, new CounterInterrogation(CounterInterrogation.GENERAL, 0)));
        }
        if (settings.clock()) {
            connection.requests.add(
                    request(AsduType.C_CS_NA_1, connection, new ClockTime(TimeTag.of(clock.instant()))));
        }
        settings.commandInterval()
                .ifPresent(interval -> connection.commandTimer = executor.scheduleAtFixedRate(
                        () -> command(connection), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
        pump(connection);
    }

    @Override
    public void stopped(Iec104Session session) {
        Connection connection = connections.get(session);
        if (connection == null) {
            return;
        }
        rest(connection);
        report(connection, SessionState.STOPPED, "");
        Iec104Session next = switchingTo;
        if (next != null && next != session) {
            switchingTo = null;
            next.startDataTransfer();
        }
    }

    @Override
    public void closed(Iec104Session session, String reason) {
        Connection connection = connections.remove(session);
        if (connection == null) {
            return;
        }
        rest(connection);
        report(connection, SessionState.CLOSED, reason);
        // The standby takes over (§10).
        if (settings.redundant() && startedOf(session.peer()).isEmpty()) {
            connections.values().stream()
                    .filter(other -> other.session.peer().equals(session.peer()))
                    .findFirst()
                    .ifPresent(standby -> standby.session.startDataTransfer());
        }
    }

    @Override
    public void sendable(Iec104Session session) {
        Connection connection = connections.get(session);
        if (connection != null) {
            pump(connection);
        }
    }

    @Override
    public void acknowledged(Iec104Session session, int count) {
        // An acknowledgement says that a request arrived; what counts is the answer.
    }

    @Override
    public void malformed(Iec104Session session, String reason, Octets octets) {
        Connection connection = connections.get(session);
        if (connection != null) {
            note(connection, "malformed", reason + " in " + octets);
        }
    }

    @Override
    public void received(Iec104Session session, Asdu asdu) {
        Connection connection = connections.get(session);
        if (connection == null) {
            return;
        }
        if (asdu instanceof Asdu.Unknown unknown) {
            note(connection, "unknown type", unknown.toString());
        } else if (asdu instanceof Asdu.Known known) {
            if (connection.station == 0 && known.header().commonAddress() != Asdu.ALL_STATIONS) {
                connection.station = known.header().commonAddress();
            }
            InformationElement element = known.first().element();
            if (element instanceof Command) {
                commandAnswered(connection, known);
            } else if (known.type().controlDirection()) {
                answered(connection, known);
            } else if (element instanceof EndOfInitialization) {
                // What was interrogated before belongs to a station that is no more (§7.1).
                if (connection.interrogated) {
                    interrogate(connection);
                }
            } else if (known.header().is(Cause.SPONTANEOUS)) {
                spontaneous(connection, known);
            }
        }
        pump(connection);
    }

    private void spontaneous(Connection connection, Asdu.Known values) {
        connection.valueArrived = true;
        for (InformationObject object : values.objects()) {
            if (object.address() == Points.NUMBERED
                    && object.element() instanceof FloatValue value
                    && object.time().isPresent()) {
                long tag = object.time()
                        .flatMap(TimeTag::instant)
                        .map(Instant::toEpochMilli)
                        .orElse(0L);
                observer.value(
                        nanoClock.getAsLong(),
                        ValueStep.RECEIVED,
                        values.header().commonAddress(),
                        (long) value.value(),
                        tag);
            }
        }
        restored(connection);
    }

    /** An answer to an interrogation, a clock synchronization or a test. */
    private void answered(Connection connection, Asdu.Known answer) {
        if (answer.header().negative()) {
            note(
                    connection,
                    answer.type() + " refused",
                    "cause " + answer.header().cause());
        } else if (answer.type() == AsduType.C_IC_NA_1
                && answer.header().is(Cause.ACTIVATION_TERMINATION)
                && !connection.interrogated) {
            connection.interrogated = true;
            cancel(connection.interrogationTimer);
            report(connection, SessionState.INTERROGATED, "");
            restored(connection);
        }
    }

    private void restored(Connection connection) {
        if (connection.interrogated && connection.valueArrived && !connection.restored) {
            connection.restored = true;
            report(connection, SessionState.RESTORED, "");
        }
    }

    /** §7.5; to all stations while it is not known which one is at the other end. */
    private void interrogate(Connection connection) {
        connection.requests.add(request(AsduType.C_IC_NA_1, connection, new Interrogation(Interrogation.STATION)));
        cancel(connection.interrogationTimer);
        connection.interrogationTimer = executor.schedule(
                () -> {
                    if (connection.session.state() == Iec104Session.State.STARTED && !connection.interrogated) {
                        note(
                                connection,
                                "interrogation repeated",
                                "not complete after "
                                        + settings.interrogationTime().toMillis() + " ms");
                        interrogate(connection);
                        pump(connection);
                    }
                },
                settings.interrogationTime().toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Sends the select of a new command, if the last one is done with and the controlled station is known. */
    private void command(Connection connection) {
        if (connection.command != null
                || connection.station == 0
                || connection.session.state() != Iec104Session.State.STARTED) {
            return;
        }
        lastCommand = lastCommand % Points.GREATEST_NUMBER + 1;
        PendingCommand command = new PendingCommand(lastCommand, Points.FLOAT_SET_POINT, false);
        connection.command = command;
        send(connection, command, CommandStep.SELECT_SENT);
    }

    private void commandAnswered(Connection connection, Asdu.Known answer) {
        PendingCommand pending = connection.command;
        if (pending == null
                || answer.first().address() != pending.address()
                || Points.numberOf(answer.first().element()) != pending.number()) {
            return;
        }
        if (answer.header().negative()) {
            connection.command = null;
            report(
                    connection,
                    pending,
                    CommandStep.REFUSED,
                    "cause " + answer.header().cause());
        } else if (answer.header().is(Cause.ACTIVATION_CONFIRMATION)) {
            if (pending.executeSent()) {
                connection.command = null;
                report(connection, pending, CommandStep.CONFIRMED, "");
            } else {
                executor.schedule(
                        () -> operate(connection, pending),
                        settings.operateDelay().toNanos(),
                        TimeUnit.NANOSECONDS);
            }
        }
    }

    private void operate(Connection connection, PendingCommand selected) {
        if (connection.command == selected && connection.session.state() == Iec104Session.State.STARTED) {
            PendingCommand execute = new PendingCommand(selected.number(), selected.address(), true);
            connection.command = execute;
            send(connection, execute, CommandStep.EXECUTE_SENT);
        }
    }

    private void send(Connection connection, PendingCommand command, CommandStep step) {
        connection.requests.add(Asdu.Known.of(
                AsduType.C_SE_NC_1,
                Cause.ACTIVATION,
                settings.originator(),
                connection.station,
                InformationObject.of(
                        command.address(), new FloatSetPoint(command.number(), 0, !command.executeSent()))));
        report(connection, command, step, "");
        pump(connection);
    }

    private Asdu.Known request(AsduType type, Connection connection, InformationElement element) {
        return Asdu.Known.of(
                type,
                Cause.ACTIVATION,
                settings.originator(),
                connection.station == 0 ? Asdu.ALL_STATIONS : connection.station,
                InformationObject.of(0, element));
    }

    private static void pump(Connection connection) {
        while (connection.session.sendable()) {
            Asdu request = connection.requests.pollFirst();
            if (request == null) {
                return;
            }
            connection.session.send(request);
        }
    }

    /** The connection carries no user data any more: what was asked on it is asked no more. */
    private void rest(Connection connection) {
        cancel(connection.interrogationTimer);
        cancel(connection.commandTimer);
        connection.requests.clear();
        PendingCommand pending = connection.command;
        if (pending != null) {
            connection.command = null;
            report(connection, pending, CommandStep.UNANSWERED, pending.executeSent() ? "execute" : "select");
        }
    }

    /** Returns the connection of a redundancy group that is started or being started. */
    private Optional<Connection> startedOf(String peer) {
        return connections.values().stream()
                .filter(connection -> connection.session.peer().equals(peer))
                .filter(connection -> connection.session.state() == Iec104Session.State.STARTED
                        || connection.session.state() == Iec104Session.State.PENDING_START)
                .findFirst();
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void report(Connection connection, SessionState state, String detail) {
        observer.session(
                nanoClock.getAsLong(), StationKind.CONTROLLING, connection.session, connection.station, state, detail);
    }

    private void report(Connection connection, PendingCommand command, CommandStep step, String detail) {
        observer.command(
                nanoClock.getAsLong(),
                step,
                connection.station,
                settings.originator(),
                command.number(),
                command.address(),
                detail);
    }

    private void note(Connection connection, String text, String detail) {
        observer.note(nanoClock.getAsLong(), connection.session, connection.station, text, detail);
    }
}

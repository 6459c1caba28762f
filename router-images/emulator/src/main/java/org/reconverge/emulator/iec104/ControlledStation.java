package org.reconverge.emulator.iec104;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.reconverge.emulator.iec104.InformationElement.ClockTime;
import org.reconverge.emulator.iec104.InformationElement.Command;
import org.reconverge.emulator.iec104.InformationElement.CounterInterrogation;
import org.reconverge.emulator.iec104.InformationElement.EndOfInitialization;
import org.reconverge.emulator.iec104.InformationElement.FloatValue;
import org.reconverge.emulator.iec104.InformationElement.Interrogation;
import org.reconverge.emulator.iec104.StationObserver.CommandStep;
import org.reconverge.emulator.iec104.StationObserver.SessionState;
import org.reconverge.emulator.iec104.StationObserver.ValueStep;

/**
 * A controlled station (RTU, gateway): its process image, its event buffer, and what it answers. It outlives its
 * connections, of which at most one has data transfer started (§10): its connections are one redundancy group.
 *
 * <p>Everything happens on one event loop, on which its sessions run too.
 */
public final class ControlledStation implements Iec104Session.Listener {

    private final Settings settings;
    private final EventExecutor executor;
    private final LongSupplier nanoClock;
    private final InstantSource hostClock;
    private final StationObserver observer;

    private final Points points = new Points();
    private final EventBuffer events;
    private final CommandGate gate;
    private final Map<Iec104Session, Connection> connections = new HashMap<>();
    private @Nullable Connection active;

    private Duration clockOffset = Duration.ZERO;
    private boolean initializationReported;
    private long number;
    private long due;
    private boolean stopped;

    /**
     * What a station is like.
     *
     * @param commonAddress its common address, 1 to 65534
     * @param interval the time between two spontaneous values
     * @param capacity the most events that wait for an acknowledgement (§7.4)
     * @param selectionTime how long a selected command waits for its execute (IEC 60870-5-5 §6.8)
     * @param commandDelay how old the time tag of a command may be (clause 8)
     */
    public record Settings(
            int commonAddress, Duration interval, int capacity, Duration selectionTime, Duration commandDelay) {

        /** A station with room for 10 000 events, whose selections live 10 s, and its commands 5 s. */
        public static Settings of(int commonAddress, Duration interval) {
            return new Settings(commonAddress, interval, 10_000, Duration.ofSeconds(10), Duration.ofSeconds(5));
        }
    }

    private static final class Connection {
        private final Iec104Session session;
        private final ArrayDeque<Asdu> answers = new ArrayDeque<>();

        /** The events of each ASDU that is not acknowledged; none for an answer. */
        private final ArrayDeque<List<EventBuffer.Event>> unacknowledged = new ArrayDeque<>();

        private boolean interrogated;
        private boolean valueArrived;
        private boolean restored;

        Connection(Iec104Session session) {
            this.session = session;
        }
    }

    /**
     * Creates a station; values arise after {@link #start}.
     *
     * @param executor the event loop of its sessions
     * @param nanoClock the monotonic clock in nanoseconds
     * @param hostClock the wall clock, which a clock synchronization corrects for this station
     */
    public ControlledStation(
            Settings settings,
            EventExecutor executor,
            LongSupplier nanoClock,
            InstantSource hostClock,
            StationObserver observer) {
        this.settings = settings;
        this.executor = executor;
        this.nanoClock = nanoClock;
        this.hostClock = hostClock;
        this.observer = observer;
        events = new EventBuffer(settings.capacity());
        gate = new CommandGate(settings.selectionTime(), nanoClock);
    }

    /**
     * Lets values arise from now on.
     *
     * @param phase how much of an interval to wait for the first, from 0 to 1, so that many stations do not act at once
     */
    public void start(double phase) {
        due = nanoClock.getAsLong() + (long) (phase * settings.interval().toNanos());
        schedule();
    }

    /** Lets no more values arise. */
    public void stop() {
        stopped = true;
    }

    /** Returns the time of the station's clock. */
    Instant now() {
        return hostClock.instant().plus(clockOffset);
    }

    /** Returns how many events no controlling station has acknowledged. */
    int buffered() {
        return events.size();
    }

    @Override
    public void opened(Iec104Session session) {
        connections.put(session, new Connection(session));
        report(session, SessionState.CONNECTED, "");
    }

    /** One connection of a redundancy group is started; the one started last (§10). */
    @Override
    public void started(Iec104Session session) {
        Connection connection = connections.get(session);
        if (connection == null) {
            return;
        }
        Connection before = active;
        if (before != null && before != connection) {
            before.session.standBy();
        }
        active = connection;
        connection.interrogated = false;
        connection.valueArrived = false;
        connection.restored = false;
        report(session, SessionState.STARTED, "");
        if (!initializationReported) {
            initializationReported = true;
            // Once after the station came up, before anything else (§7.1).
            connection.answers.add(Asdu.Known.of(
                    AsduType.M_EI_NA_1,
                    Cause.INITIALIZED,
                    0,
                    settings.commonAddress(),
                    InformationObject.of(0, new EndOfInitialization(0, false))));
        }
        pump();
    }

    @Override
    public void stopped(Iec104Session session) {
        Connection connection = connections.get(session);
        if (connection != null) {
            rest(connection, "data transfer stopped");
            report(session, SessionState.STOPPED, "");
        }
    }

    @Override
    public void closed(Iec104Session session, String reason) {
        Connection connection = connections.remove(session);
        if (connection != null) {
            rest(connection, "connection lost");
            report(session, SessionState.CLOSED, reason);
        }
    }

    @Override
    public void sendable(Iec104Session session) {
        pump();
    }

    @Override
    public void acknowledged(Iec104Session session, int count) {
        Connection connection = connections.get(session);
        for (int i = 0; connection != null && i < count; i++) {
            for (EventBuffer.Event ignored : connection.unacknowledged.removeFirst()) {
                EventBuffer.Event event = events.acknowledge();
                report(ValueStep.ACKNOWLEDGED, event);
                connection.valueArrived |= event.number() > 0;
            }
        }
        if (connection != null && connection.valueArrived && connection.interrogated && !connection.restored) {
            connection.restored = true;
            report(session, SessionState.RESTORED, "");
        }
    }

    @Override
    public void malformed(Iec104Session session, String reason, Octets octets) {
        observer.note(nanoClock.getAsLong(), session, settings.commonAddress(), "malformed", reason + " in " + octets);
    }

    @Override
    public void received(Iec104Session session, Asdu asdu) {
        Connection connection = connections.get(session);
        if (connection == null || connection != active) {
            return;
        }
        if (asdu instanceof Asdu.Unknown unknown) {
            if (!unknown.header().negative()) {
                connection.answers.add(new Asdu.Unknown(
                        unknown.header().answered(Cause.UNKNOWN_TYPE, true), unknown.qualifier(), unknown.body()));
            }
        } else if (asdu instanceof Asdu.Known known && !known.header().negative()) {
            Optional<Cause> refusal = refusal(known);
            if (refusal.isPresent()) {
                refuse(connection, known, refusal.get());
            } else {
                obey(connection, known);
            }
        }
        pump();
    }

    /** Returns what is wrong with a request (IEC 60870-5-101 §7.2.3, causes 44 to 47); empty if nothing is. */
    private Optional<Cause> refusal(Asdu.Known request) {
        Asdu.Header header = request.header();
        int address = request.first().address();
        if (!request.type().controlDirection()) {
            return Optional.of(Cause.UNKNOWN_TYPE);
        }
        if (!header.is(Cause.ACTIVATION) && !header.is(Cause.DEACTIVATION)) {
            return Optional.of(Cause.UNKNOWN_CAUSE);
        }
        boolean toAll = header.commonAddress() == Asdu.ALL_STATIONS
                && (request.type() == AsduType.C_IC_NA_1
                        || request.type() == AsduType.C_CI_NA_1
                        || request.type() == AsduType.C_CS_NA_1);
        if (!toAll && header.commonAddress() != settings.commonAddress()) {
            return Optional.of(Cause.UNKNOWN_COMMON_ADDRESS);
        }
        boolean known =
                request.first().element() instanceof Command command ? Points.knows(address, command) : address == 0;
        return known ? Optional.empty() : Optional.of(Cause.UNKNOWN_OBJECT_ADDRESS);
    }

    private void refuse(Connection connection, Asdu.Known request, Cause cause) {
        connection.answers.add(request.answered(cause, true));
        if (request.first().element() instanceof Command command) {
            report(CommandStep.REFUSED, request.header(), request.first().address(), command, cause.toString());
        }
    }

    private void obey(Connection connection, Asdu.Known received) {
        Asdu.Known request = received.from(settings.commonAddress());
        InformationElement element = request.first().element();
        if (element instanceof Command command) {
            command(connection, request, command);
        } else if (request.header().is(Cause.DEACTIVATION)) {
            // What it would stop is already answered in full.
            connection.answers.add(request.answered(Cause.DEACTIVATION_CONFIRMATION, true));
        } else if (element instanceof Interrogation interrogation) {
            interrogate(connection, request, interrogation);
        } else if (element instanceof CounterInterrogation interrogation) {
            interrogate(connection, request, interrogation);
        } else if (element instanceof ClockTime time) {
            synchronize(connection, request, time);
        } else {
            // A test command is confirmed with what it carried (§7.10).
            connection.answers.add(request.answered(Cause.ACTIVATION_CONFIRMATION, false));
        }
    }

    /** §7.5. */
    private void interrogate(Connection connection, Asdu.Known request, Interrogation interrogation) {
        boolean known = interrogation.qualifier() == Interrogation.STATION;
        connection.answers.add(request.answered(Cause.ACTIVATION_CONFIRMATION, !known));
        if (known) {
            connection.answers.addAll(
                    points.interrogated(request.header().originator(), settings.commonAddress(), number));
            connection.answers.add(request.answered(Cause.ACTIVATION_TERMINATION, false));
        }
    }

    /** §7.8. */
    private void interrogate(Connection connection, Asdu.Known request, CounterInterrogation interrogation) {
        boolean known = interrogation.request() == CounterInterrogation.GENERAL;
        connection.answers.add(request.answered(Cause.ACTIVATION_CONFIRMATION, !known));
        if (known) {
            if (interrogation.freeze() == 0) {
                connection.answers.add(points.counters(request.header().originator(), settings.commonAddress()));
            } else {
                points.freeze(interrogation.freeze());
            }
            connection.answers.add(request.answered(Cause.ACTIVATION_TERMINATION, false));
        }
    }

    /** §7.6: the confirmation carries the time that the station's clock showed before it was set. */
    private void synchronize(Connection connection, Asdu.Known request, ClockTime time) {
        Instant before = now();
        Optional<Instant> set = time.time().instant();
        set.ifPresent(instant -> clockOffset = Duration.between(hostClock.instant(), instant));
        connection.answers.add(new Asdu.Known(
                request.type(),
                request.header().answered(Cause.ACTIVATION_CONFIRMATION, set.isEmpty()),
                false,
                List.of(InformationObject.of(0, new ClockTime(TimeTag.of(before))))));
    }

    /** §7.7. */
    private void command(Connection connection, Asdu.Known request, Command command) {
        Asdu.Header header = request.header();
        int address = request.first().address();
        if (header.is(Cause.DEACTIVATION)) {
            Optional<CommandGate.Selection> cancelled = gate.cancel(connection.session, address);
            cancelled.ifPresent(selection -> report(selection, "deactivated"));
            connection.answers.add(request.answered(Cause.DEACTIVATION_CONFIRMATION, cancelled.isEmpty()));
            return;
        }
        Optional<String> refusal = tooOld(request);
        if (refusal.isEmpty() && command.select()) {
            refusal = gate.select(connection.session, header, address, command);
        } else if (refusal.isEmpty() && Points.mustBeSelected(address)) {
            refusal = gate.execute(connection.session, header, address, command);
        }
        connection.answers.add(request.answered(Cause.ACTIVATION_CONFIRMATION, refusal.isPresent()));
        if (refusal.isPresent()) {
            report(CommandStep.REFUSED, header, address, command, refusal.get());
        } else if (command.select()) {
            report(CommandStep.SELECTED, header, address, command, "");
            executor.schedule(this::expireSelections, settings.selectionTime().toNanos(), TimeUnit.NANOSECONDS);
        } else {
            execute(header, address, command);
            connection.answers.add(request.answered(Cause.ACTIVATION_TERMINATION, false));
        }
    }

    /** A command under test is confirmed, and nothing is done (IEC 60870-5-101 §7.2.3). */
    private void execute(Asdu.Header header, int address, Command command) {
        if (header.test()) {
            return;
        }
        report(CommandStep.EXECUTED, header, address, command, "");
        Points.Change change = points.execute(command);
        Instant time = now();
        keep(new EventBuffer.Event(
                0,
                change.type(),
                Cause.RETURN_REMOTE,
                InformationObject.of(change.address(), change.element(), TimeTag.of(time)),
                time.toEpochMilli()));
    }

    /** A command that was long on its way must not be carried out (clause 8). */
    private Optional<String> tooOld(Asdu.Known request) {
        Optional<TimeTag> tag = request.first().time();
        if (tag.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> time = tag.get().instant();
        if (time.isEmpty() || tag.get().invalid()) {
            return Optional.of("no valid time tag");
        }
        Duration age = Duration.between(time.get(), now());
        return age.abs().compareTo(settings.commandDelay()) > 0
                ? Optional.of("its time tag is " + age.toMillis() + " ms old")
                : Optional.empty();
    }

    private void expireSelections() {
        gate.expire()
                .forEach(selection -> report(
                        selection, "no execute for " + settings.selectionTime().toMillis() + " ms"));
    }

    /** The connection carries no user data any more: what it did not get acknowledged must go over another. */
    private void rest(Connection connection, String why) {
        gate.cancelAll(connection.session).forEach(selection -> report(selection, why));
        if (active == connection) {
            active = null;
            events.returnSent();
            connection.answers.clear();
            // A late acknowledgement still counts frames, but no events: those are being sent again.
            int frames = connection.unacknowledged.size();
            connection.unacknowledged.clear();
            connection.unacknowledged.addAll(Collections.nCopies(frames, List.of()));
        }
    }

    private void pump() {
        Connection to = active;
        while (to != null && to == active && to.session.sendable()) {
            Asdu answer = to.answers.pollFirst();
            if (answer != null) {
                to.unacknowledged.addLast(List.of());
                to.session.send(answer);
                noteInterrogation(to, answer);
            } else if (events.hasWaiting()) {
                send(to, events.send());
            } else {
                return;
            }
        }
    }

    private void send(Connection to, List<EventBuffer.Event> batch) {
        EventBuffer.Event first = batch.get(0);
        to.unacknowledged.addLast(batch);
        to.session.send(Asdu.Known.of(
                first.type(),
                first.cause(),
                0,
                settings.commonAddress(),
                batch.stream().map(EventBuffer.Event::object).toList()));
        batch.forEach(event -> report(ValueStep.SENT, event));
    }

    private void noteInterrogation(Connection connection, Asdu answer) {
        if (answer instanceof Asdu.Known known
                && known.type() == AsduType.C_IC_NA_1
                && known.header().is(Cause.ACTIVATION_TERMINATION)
                && !connection.interrogated) {
            connection.interrogated = true;
            report(connection.session, SessionState.INTERROGATED, "");
        }
    }

    private void schedule() {
        executor.schedule(this::arise, Math.max(0, due - nanoClock.getAsLong()), TimeUnit.NANOSECONDS);
    }

    private void arise() {
        if (stopped) {
            return;
        }
        number = number % Points.GREATEST_NUMBER + 1;
        points.count();
        Instant time = now();
        keep(new EventBuffer.Event(
                number,
                AsduType.M_ME_TF_1,
                Cause.SPONTANEOUS,
                InformationObject.of(Points.NUMBERED, new FloatValue(number, Quality.GOOD), TimeTag.of(time)),
                time.toEpochMilli()));
        pump();
        // Values that were missed while the process did not run never arose: there is no burst of them.
        due = Math.max(due + settings.interval().toNanos(), nanoClock.getAsLong());
        schedule();
    }

    private void keep(EventBuffer.Event event) {
        report(ValueStep.AROSE, event);
        events.add(event).ifPresent(gone -> report(ValueStep.DISCARDED, gone));
    }

    private void report(Iec104Session session, SessionState state, String detail) {
        observer.session(
                nanoClock.getAsLong(), StationKind.CONTROLLED, session, settings.commonAddress(), state, detail);
    }

    private void report(ValueStep step, EventBuffer.Event event) {
        if (event.number() > 0) {
            observer.value(nanoClock.getAsLong(), step, settings.commonAddress(), event.number(), event.tagMillis());
        }
    }

    private void report(CommandGate.Selection selection, String why) {
        report(CommandStep.SELECTION_ENDED, selection.header(), selection.address(), selection.command(), why);
    }

    private void report(CommandStep step, Asdu.Header header, int address, Command command, String detail) {
        observer.command(
                nanoClock.getAsLong(),
                step,
                settings.commonAddress(),
                header.originator(),
                Points.numberOf(command),
                address,
                detail);
    }
}

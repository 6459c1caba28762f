package org.reconverge.emulator.iec104;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One controlled and one controlling station with connections between them that can be slow, broken or cut, and a clock that
 * only moves when it is told to.
 */
final class StationsOnTheBench implements StationObserver {

    static final Instant START = Instant.parse("2026-11-22T13:15:00Z");
    static final int STATION = 17;

    final List<String> sessions = new ArrayList<>();
    final List<String> commands = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    final Map<ValueStep, List<Long>> values = new HashMap<>();
    final Map<Long, Long> tags = new HashMap<>();
    final MockTicker ticker = Ticker.newMockTicker();
    final ControlledStation controlled;
    final ControllingStation controlling;

    /** The event loop of both stations: the one of a channel that stays. */
    private final EmbeddedChannel bench = channel();

    private final Iec104Parameters parameters;
    private final List<Wire> wires = new ArrayList<>();

    /** One connection: what one side writes reaches the other when {@link #exchange} runs. */
    final class Wire {
        final EmbeddedChannel gateway = channel();
        final EmbeddedChannel centre = channel();
        final ApciSession controlledEnd;
        final ApciSession controllingEnd;
        private boolean cut;
        private boolean answersCut;

        private Wire() {
            controlledEnd = new ApciSession(StationKind.CONTROLLED, true, parameters, controlled, ticker::nanoTime);
            controllingEnd = new ApciSession(StationKind.CONTROLLING, false, parameters, controlling, ticker::nanoTime);
            controlledEnd.addTo(gateway.pipeline());
            controllingEnd.addTo(centre.pipeline());
        }

        /** From now on, what is sent is lost, and nobody notices. */
        void cut() {
            cut = true;
        }

        /** From now on, what the controlled station sends is lost, and nobody notices. */
        void cutAnswers() {
            answersCut = true;
        }

        /** Both ends notice. */
        void close() {
            cut = true;
            gateway.close();
            centre.close();
        }

        private boolean exchange() {
            return pass(gateway, centre) | pass(centre, gateway);
        }

        private boolean pass(EmbeddedChannel from, EmbeddedChannel to) {
            boolean passed = false;
            from.runPendingTasks();
            for (Object octets = from.readOutbound(); octets != null; octets = from.readOutbound()) {
                if (!cut && !(answersCut && from == gateway) && to.isOpen()) {
                    to.writeInbound(octets);
                    to.checkException();
                    passed = true;
                }
            }
            return passed;
        }
    }

    StationsOnTheBench(
            ControlledStation.Settings settings,
            ControllingStation.Settings controllingSettings,
            Iec104Parameters parameters) {
        this.parameters = parameters;
        InstantSource clock = () -> START.plusNanos(ticker.nanoTime());
        controlled = new ControlledStation(settings, bench.eventLoop(), ticker::nanoTime, clock, this);
        controlling = new ControllingStation(controllingSettings, bench.eventLoop(), ticker::nanoTime, clock, this);
    }

    static StationsOnTheBench usual() {
        return new StationsOnTheBench(
                ControlledStation.Settings.of(STATION, Duration.ofSeconds(1)),
                ControllingStation.Settings.DEFAULT,
                Iec104Parameters.DEFAULT);
    }

    Wire connect() {
        Wire wire = new Wire();
        wires.add(wire);
        exchange();
        return wire;
    }

    /** Lets time pass in steps of 100 ms. */
    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 100) {
            ticker.advance(Math.min(left, 100), TimeUnit.MILLISECONDS);
            bench.runScheduledPendingTasks();
            for (Wire wire : List.copyOf(wires)) {
                wire.gateway.runScheduledPendingTasks();
                wire.centre.runScheduledPendingTasks();
            }
            exchange();
        }
    }

    void exchange() {
        boolean passed = true;
        while (passed) {
            passed = false;
            bench.runPendingTasks();
            for (Wire wire : List.copyOf(wires)) {
                passed |= wire.exchange();
            }
        }
    }

    List<Long> values(ValueStep step) {
        return values.getOrDefault(step, List.of());
    }

    private EmbeddedChannel channel() {
        return EmbeddedChannel.builder().ticker(ticker).build();
    }

    @Override
    public void session(
            long at, StationKind side, Iec104Session session, int station, SessionState state, String detail) {
        sessions.add((side == StationKind.CONTROLLED ? "rtu " : "centre ")
                + state
                + (detail.isEmpty() ? "" : ": " + detail));
    }

    @Override
    public void value(long at, ValueStep step, int station, long number, long tagMillis) {
        values.computeIfAbsent(step, key -> new ArrayList<>()).add(number);
        Long before = tags.putIfAbsent(number, tagMillis);
        if (before != null && before != tagMillis) {
            throw new AssertionError(
                    "expected the time tag of value " + number + " to stay " + before + ", but it became " + tagMillis);
        }
    }

    @Override
    public void command(
            long at, CommandStep step, int station, int originator, long number, int address, String detail) {
        commands.add(number + " " + step + (detail.isEmpty() ? "" : ": " + detail));
    }

    @Override
    public void note(long at, Iec104Session session, int station, String text, String detail) {
        notes.add(text + ": " + detail);
    }
}

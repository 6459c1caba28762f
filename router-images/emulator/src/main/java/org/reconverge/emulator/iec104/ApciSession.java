package org.reconverge.emulator.iec104;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session on a Netty channel. Beside each rule stands its clause.
 *
 * <p>Sequence numbers are those of the standard: V(S), the number of the next I frame sent; V(R), of the next expected; ACK,
 * of the oldest sent and not acknowledged.
 */
public final class ApciSession extends ChannelInboundHandlerAdapter implements Iec104Session {

    private final StationKind kind;
    private final boolean tcpClient;
    private final Iec104Parameters parameters;
    private final Listener listener;
    private final LongSupplier nanoClock;

    private @Nullable ChannelHandlerContext context;
    private String connection = "";
    private String peer = "";

    /** A new connection is stopped: no user data before STARTDT (§5.3). */
    private State state = State.STOPPED;

    /** V(S) and V(R): both are 0 on a new connection (§5.1). */
    private int nextSend;

    private int nextReceive;

    /** When each I frame was sent that is not acknowledged; the first has the number V(S) - size. */
    private final ArrayDeque<Long> unacknowledged;

    /** I frames received that were not acknowledged by a frame sent since. */
    private int toAcknowledge;

    private String ending = "closed by peer";
    private boolean opened;
    private boolean unflushed;

    private final Timeout acknowledgement = new Timeout(this::informationUnacknowledged);
    private final Timeout transferConfirmation = new Timeout(this::transferUnconfirmed);
    private final Timeout testConfirmation = new Timeout(this::testUnconfirmed);
    private final Timeout supervisory = new Timeout(this::acknowledge);
    private final Timeout idle = new Timeout(this::test);

    /**
     * Creates a session for one channel; see {@link #addTo}.
     *
     * @param kind which station this end is
     * @param tcpClient whether this end opened the connection
     * @param parameters k, w and the times
     * @param listener hears what happens
     * @param nanoClock the monotonic clock of the time-outs, in nanoseconds; the channel's event loop must run at the same pace
     */
    public ApciSession(
            StationKind kind,
            boolean tcpClient,
            Iec104Parameters parameters,
            Listener listener,
            LongSupplier nanoClock) {
        this.kind = kind;
        this.tcpClient = tcpClient;
        this.parameters = parameters;
        this.listener = listener;
        this.nanoClock = nanoClock;
        unacknowledged = new ArrayDeque<>(Math.min(parameters.k(), 64));
    }

    /** Makes {@code pipeline} speak IEC 60870-5-104. */
    public void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new ApduDecoder(), new ApduEncoder(), this);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public String connection() {
        return connection;
    }

    @Override
    public String peer() {
        return peer;
    }

    /** Not more than k I frames may be outstanding (§5.5). */
    @Override
    public boolean sendable() {
        return state == State.STARTED && unacknowledged.size() < parameters.k();
    }

    @Override
    public void send(Asdu asdu) {
        if (!sendable()) {
            throw new IllegalStateException("cannot send while " + state + " with " + unacknowledged.size() + " of k = "
                    + parameters.k() + " frames unacknowledged");
        }
        write(new Apdu.Information(nextSend, nextReceive, asdu));
        acknowledgedUpToNow();
        nextSend = (nextSend + 1) % Apdu.MODULO;
        long now = nanoClock.getAsLong();
        if (unacknowledged.isEmpty()) {
            acknowledgement.startAt(now, parameters.t1());
        }
        unacknowledged.addLast(now);
    }

    /** STARTDT act, by the controlling station only; its confirmation is awaited for t1 (§5.3). */
    @Override
    public void startDataTransfer() {
        if (state == State.STOPPED && kind == StationKind.CONTROLLING) {
            state = State.PENDING_START;
            write(Apdu.Function.STARTDT_ACT);
            transferConfirmation.start(parameters.t1());
        }
    }

    /** STOPDT act, by the controlling station only, after what has arrived is acknowledged (§5.3). */
    @Override
    public void stopDataTransfer() {
        if (state == State.STARTED && kind == StationKind.CONTROLLING) {
            acknowledge();
            state = State.PENDING_STOP;
            write(Apdu.Function.STOPDT_ACT);
            transferConfirmation.start(parameters.t1());
        }
    }

    @Override
    public void standBy() {
        if (state == State.STARTED && kind == StationKind.CONTROLLED) {
            acknowledge();
            state = State.STOPPED;
            acknowledgement.stop();
            listener.stopped(this);
        }
    }

    @Override
    public void close(String reason) {
        if (state != State.CLOSED) {
            ending = reason;
            if (context != null) {
                context.close();
            }
            end();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        if (added.channel().isActive()) {
            open(added);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        open(active);
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        if (state == State.CLOSED) {
            return;
        }
        // The reception of every frame restarts t3 (§5.2).
        idle.start(parameters.t3());
        if (message instanceof Apdu.Information information) {
            receive(information);
        } else if (message instanceof Apdu.Supervisory receipt) {
            acknowledged(receipt.receive());
        } else if (message instanceof Apdu.Unnumbered unnumbered) {
            receive(unnumbered.function());
        } else if (message instanceof Apdu.Malformed malformed) {
            listener.malformed(this, malformed.reason(), malformed.octets());
            if (malformed.framingLost()) {
                close("malformed: " + malformed.reason());
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext reading) {
        flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        close(reason(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        end();
    }

    private void receive(Apdu.Information information) {
        // No user data while data transfer is stopped (§5.3); values may arrive until STOPDT is confirmed.
        if (state != State.STARTED && state != State.PENDING_STOP) {
            close("protocol: received an I frame while " + state.name().toLowerCase(Locale.ROOT) + " (5.3)");
            return;
        }
        // A frame was lost or doubled between the two sides: the connection is ended (§5.1).
        if (information.send() != nextReceive) {
            close("sequence: expected N(S) " + nextReceive + ", but received " + information.send() + " (5.1)");
            return;
        }
        if (!acknowledged(information.receive())) {
            return;
        }
        nextReceive = (nextReceive + 1) % Apdu.MODULO;
        toAcknowledge++;
        if (toAcknowledge == 1) {
            // What has arrived is acknowledged within t2 (§5.1).
            supervisory.start(parameters.t2());
        }
        Asdu asdu = information.asdu();
        if (asdu instanceof Asdu.Failed failed) {
            listener.malformed(this, failed.reason(), failed.octets());
        } else {
            listener.received(this, asdu);
        }
        // Or after w frames at the latest (§5.5); and at once where the peer waits for it to confirm STOPDT (§5.3).
        if (toAcknowledge >= parameters.w() || state == State.PENDING_STOP) {
            acknowledge();
        }
    }

    /** Takes a receive sequence number; returns false if it ended the connection. */
    private boolean acknowledged(int receive) {
        int outstanding = unacknowledged.size();
        int oldest = Math.floorMod(nextSend - outstanding, Apdu.MODULO);
        int count = Math.floorMod(receive - oldest, Apdu.MODULO);
        // Only what was sent can be acknowledged, and only once (§5.1).
        if (count > outstanding) {
            close("sequence: expected N(R) from " + oldest + " to " + nextSend + ", but received " + receive
                    + " (5.1)");
            return false;
        }
        if (count == 0) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            unacknowledged.removeFirst();
        }
        Long next = unacknowledged.peekFirst();
        if (next == null) {
            acknowledgement.stop();
        } else if (state != State.STOPPED) {
            acknowledgement.startAt(next, parameters.t1());
        }
        listener.acknowledged(this, count);
        if (state == State.PENDING_UNCONFIRMED_STOP && unacknowledged.isEmpty()) {
            confirmStop();
        }
        if (sendable()) {
            listener.sendable(this);
        }
        return state != State.CLOSED;
    }

    private void receive(Apdu.Function function) {
        switch (function) {
            case STARTDT_ACT -> started(StationKind.CONTROLLED);
            case STARTDT_CON -> started(StationKind.CONTROLLING);
            case STOPDT_ACT -> stop();
            case STOPDT_CON -> {
                if (state == State.PENDING_STOP) {
                    transferConfirmation.stop();
                    acknowledge();
                    state = State.STOPPED;
                    listener.stopped(this);
                }
            }
            // Either station tests and confirms, in any state (§5.2).
            case TESTFR_ACT -> write(Apdu.Function.TESTFR_CON);
            case TESTFR_CON -> testConfirmation.stop();
        }
    }

    /** Only the controlling station activates (§5.3); a confirmation nobody waits for says nothing. */
    private void started(StationKind receiver) {
        if (kind != receiver) {
            close("protocol: a " + kind.name().toLowerCase(Locale.ROOT) + " station received STARTDT "
                    + (receiver == StationKind.CONTROLLED ? "act" : "con") + " (5.3)");
            return;
        }
        if (kind == StationKind.CONTROLLED) {
            write(Apdu.Function.STARTDT_CON);
        }
        if (state == (kind == StationKind.CONTROLLED ? State.STOPPED : State.PENDING_START)) {
            transferConfirmation.stop();
            state = State.STARTED;
            if (!unacknowledged.isEmpty()) {
                acknowledgement.start(parameters.t1());
            }
            listener.started(this);
            if (sendable()) {
                listener.sendable(this);
            }
        }
    }

    /** STOPDT act: what was received is acknowledged; what was sent must be, before the confirmation (§5.3). */
    private void stop() {
        if (kind == StationKind.CONTROLLING) {
            close("protocol: a controlling station received STOPDT act (5.3)");
            return;
        }
        acknowledge();
        if (state == State.STARTED && !unacknowledged.isEmpty()) {
            state = State.PENDING_UNCONFIRMED_STOP;
        } else if (state != State.PENDING_UNCONFIRMED_STOP) {
            confirmStop();
        }
    }

    private void confirmStop() {
        boolean wasStopped = state == State.STOPPED;
        state = State.STOPPED;
        write(Apdu.Function.STOPDT_CON);
        if (!wasStopped) {
            listener.stopped(this);
        }
    }

    /** An S frame, if there is something to acknowledge. */
    private void acknowledge() {
        if (toAcknowledge > 0) {
            write(new Apdu.Supervisory(nextReceive));
            acknowledgedUpToNow();
        }
    }

    private void acknowledgedUpToNow() {
        toAcknowledge = 0;
        supervisory.stop();
    }

    /** Nothing was received for t3: the connection is tested (§5.2). */
    private void test() {
        // One test at a time: another would put off the end of the first one's t1.
        if (!testConfirmation.isRunning()) {
            write(Apdu.Function.TESTFR_ACT);
            testConfirmation.start(parameters.t1());
        }
        idle.start(parameters.t3());
    }

    /** t1 (§5.1): the connection is ended. */
    private void informationUnacknowledged() {
        close("t1: no acknowledgement of N(S) " + Math.floorMod(nextSend - unacknowledged.size(), Apdu.MODULO) + " for "
                + parameters.t1().toMillis() + " ms");
    }

    /** t1 (§5.3): the connection is ended. */
    private void transferUnconfirmed() {
        close("t1: no confirmation of " + (state == State.PENDING_START ? "STARTDT" : "STOPDT") + " for "
                + parameters.t1().toMillis() + " ms");
    }

    /** t1 (§5.2): the connection is ended. */
    private void testUnconfirmed() {
        close("t1: no confirmation of TESTFR for " + parameters.t1().toMillis() + " ms");
    }

    private void open(ChannelHandlerContext active) {
        if (opened) {
            return;
        }
        opened = true;
        Channel channel = active.channel();
        SocketAddress local = channel.localAddress();
        SocketAddress remote = channel.remoteAddress();
        connection = tcpClient ? text(local) + ">" + text(remote) : text(remote) + ">" + text(local);
        peer = remote instanceof InetSocketAddress inet ? NetUtil.toAddressString(inet.getAddress()) : "";
        idle.start(parameters.t3());
        listener.opened(this);
    }

    private void end() {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            for (Timeout timeout :
                    new Timeout[] {acknowledgement, transferConfirmation, testConfirmation, supervisory, idle}) {
                timeout.cancel();
            }
            if (opened) {
                listener.closed(this, ending);
            }
        }
    }

    private void write(Apdu.Function function) {
        write(new Apdu.Unnumbered(function));
    }

    /** Writes a frame. Those of one turn of the event loop leave together. */
    private void write(Apdu apdu) {
        ChannelHandlerContext to = context;
        if (to == null || state == State.CLOSED) {
            return;
        }
        to.write(apdu, to.voidPromise());
        if (!unflushed) {
            unflushed = true;
            to.executor().execute(this::flush);
        }
    }

    private void flush() {
        if (unflushed && context != null) {
            unflushed = false;
            context.flush();
        }
    }

    private static String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? NetUtil.toSocketAddressString(inet)
                : String.valueOf(address);
    }

    /** Says in a socket programmer's words why a connection ended or was not made. */
    static String reason(Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            return "connection closed";
        }
        String message = String.valueOf(cause.getMessage());
        for (String known : new String[] {
            "Connection reset",
            "Broken pipe",
            "Connection refused",
            "Network is unreachable",
            "No route to host",
            "timed out",
            "Cannot assign requested address"
        }) {
            if (message.contains(known)) {
                return known.toLowerCase(Locale.ROOT);
            }
        }
        return cause.getClass().getSimpleName() + ": " + message;
    }

    /**
     * A timer that is restarted far more often than it expires. Restarting only notes the time: the event loop's task looks
     * for itself whether it came too early.
     */
    private final class Timeout {

        private final Runnable expired;
        private long deadline;
        private boolean running;
        private @Nullable Future<?> task;

        Timeout(Runnable expired) {
            this.expired = expired;
        }

        void start(Duration time) {
            startAt(nanoClock.getAsLong(), time);
        }

        /** Starts anew, {@code time} after {@code from}. */
        void startAt(long from, Duration time) {
            deadline = from + time.toNanos();
            running = true;
            if (task == null) {
                schedule(deadline - nanoClock.getAsLong());
            }
        }

        void stop() {
            running = false;
        }

        boolean isRunning() {
            return running;
        }

        /** Stops for good, and lets the event loop forget it. */
        void cancel() {
            running = false;
            if (task != null) {
                task.cancel(false);
            }
        }

        private void schedule(long nanos) {
            ChannelHandlerContext at = context;
            if (at != null) {
                task = at.executor().schedule(this::look, Math.max(0, nanos), TimeUnit.NANOSECONDS);
            }
        }

        private void look() {
            task = null;
            if (!running) {
                return;
            }
            long left = deadline - nanoClock.getAsLong();
            if (left > 0) {
                schedule(left);
            } else {
                running = false;
                expired.run();
                flush();
            }
        }
    }
}

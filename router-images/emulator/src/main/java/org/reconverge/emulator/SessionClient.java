package org.reconverge.emulator;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One session: holds a connection, and opens a new one when that is gone. Everything happens on its event loop.
 *
 * <p>It reports {@code connected}, what its protocol adds, {@code restored} with the first answer, and {@code closed} with the
 * reason.
 */
abstract class SessionClient {

    final SessionConfiguration configuration;
    final int station;
    final EventLoop loop;
    final SessionTelemetry telemetry;
    private final String side;
    private @Nullable Channel channel;
    private String connection = "";
    private String reason = "";
    private String reportedFailure = "";
    private boolean restored;
    private boolean finished;
    private long attemptedAt;

    /**
     * Prepares a session.
     *
     * @param side what this end is in histories: {@code controlled} if it sends values, {@code controlling} if it asks for them
     */
    SessionClient(
            SessionConfiguration configuration, int station, String side, SessionTelemetry telemetry, EventLoop loop) {
        this.configuration = configuration;
        this.station = station;
        this.side = side;
        this.telemetry = telemetry;
        this.loop = loop;
    }

    /** Opens a connection; ends in {@link #connected} or {@link #failed}, not before this returns. */
    abstract void open();

    /** Is called once an interval. */
    abstract void tick();

    /** The connection is gone. */
    abstract void lost();

    /** Begins an attempt to connect. */
    final void connect() {
        if (!finished) {
            attemptedAt = System.nanoTime();
            telemetry.attempt(attemptedAt);
            open();
        }
    }

    /** Ends for good. */
    final void finish() {
        finished = true;
        close("shutting down");
    }

    final void connected(Channel established) {
        channel = established;
        connection = text(established.localAddress()) + ">" + text(established.remoteAddress());
        reason = "";
        reportedFailure = "";
        restored = false;
        report("connected", "");
    }

    final void failed(Throwable cause) {
        String failure = String.valueOf(cause.getMessage());
        if (!failure.equals(reportedFailure)) {
            reportedFailure = failure;
            telemetry.note(
                    System.nanoTime(),
                    name() + " cannot connect",
                    Map.of(
                            "address", NetUtil.toSocketAddressString(configuration.remote()),
                            "station", Integer.toString(station),
                            "reason", failure));
        }
        again();
    }

    /** Remembers why the connection is about to end, unless that is known. */
    final void because(Throwable cause) {
        because(String.valueOf(cause.getMessage()));
    }

    private void because(String why) {
        if (reason.isEmpty()) {
            // The kernel's own words differ between the JDK's selector and epoll.
            reason = why.contains("reset") ? "connection reset" : why;
        }
    }

    /** Ends the connection, if there is one. */
    final void close(String why) {
        because(why);
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    /** The connection has ended. */
    final void closed() {
        channel = null;
        report("closed", reason.isEmpty() ? "closed by peer" : reason);
        lost();
        again();
    }

    /** Takes in that the other end has answered. */
    final void answered(String detail) {
        if (!restored) {
            restored = true;
            report("restored", detail);
        }
    }

    final boolean isConnected() {
        return channel != null;
    }

    final void report(String state, String detail) {
        telemetry.changed(System.nanoTime(), name(), connection, station, side, state, detail);
    }

    private String name() {
        return configuration.protocol().name().toLowerCase(Locale.ROOT);
    }

    private void again() {
        long wait = attemptedAt + configuration.reconnect().toNanos() - System.nanoTime();
        loop.schedule(this::connect, Math.max(0, wait), TimeUnit.NANOSECONDS);
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : "";
    }
}

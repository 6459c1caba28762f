package org.reconverge.emulator;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A continuous stream of numbered requests on schedule, and the record of what came back. Everything happens on one event
 * loop.
 *
 * <p>Replies are recorded as they arrive, late ones and duplicates too: what counts as lost is for the checker to say.
 */
abstract sealed class ProbeStream permits UdpProbe, TcpProbe {

    /** Entries of a line at most, which keeps it under the 16 KiB at which container engines split log lines. */
    private static final int LONGEST_BATCH = 128;

    final ProbeConfiguration.Stream stream;
    final Transport transport;
    final Telemetry telemetry;
    final EventLoop loop;
    final Target target;
    final long streamId = ThreadLocalRandom.current().nextLong();

    /** Requests that are later are reported; slots given up for less show in the times of those that were sent. */
    private final long stallThreshold;

    private long offset;
    private boolean begun;
    private boolean stopped;
    private long nextSequence;

    private final long[] sentNanos = new long[LONGEST_BATCH];
    private int sent;

    private final long[] replySequence = new long[LONGEST_BATCH];
    private final long[] replyNanos = new long[LONGEST_BATCH];
    private final @Nullable String[] replySite = new String[LONGEST_BATCH];
    private int replies;
    private @Nullable InetAddress replySource;

    private long strangers;
    private long strangersReported;

    ProbeStream(ProbeConfiguration.Stream stream, Transport transport, Telemetry telemetry, EventLoop loop) {
        this.stream = stream;
        stallThreshold =
                Math.max(stream.interval().toNanos(), stream.stallThreshold().toNanos());
        this.transport = transport;
        this.telemetry = telemetry;
        this.loop = loop;
        target = Target.of(stream, transport, telemetry, loop);
    }

    /** Creates the stream that {@code stream} describes. */
    static ProbeStream of(ProbeConfiguration.Stream stream, Transport transport, Telemetry telemetry, EventLoop loop) {
        return switch (stream.protocol()) {
            case UDP -> new UdpProbe(stream, transport, telemetry, loop);
            case TCP -> new TcpProbe(stream, transport, telemetry, loop);
        };
    }

    /**
     * Announces the stream and opens it. The first request is sent when the socket is ready or cannot be made ready.
     *
     * @param phase how much of an interval to wait beyond that, from 0 to 1
     */
    final void start(double phase) {
        offset = (long) (phase * stream.interval().toNanos());
        telemetry.write(new JsonLine("probe-started")
                .put("at", System.nanoTime())
                .put("probe", stream.probe())
                .put("client", stream.client())
                .put("protocol", stream.protocol() == ProbeConfiguration.Protocol.UDP ? "udp" : "tcp")
                .put("address", stream.destination())
                .put("interval", stream.interval().toNanos())
                .put("threshold", stream.threshold().toNanos())
                .put("octets", ProbeMessage.REQUEST));
        open();
    }

    /** Sends no more requests. */
    final void stop() {
        stopped = true;
    }

    /** Writes what was recorded since the last time. */
    final void flush() {
        inspect(System.nanoTime());
        flushSent();
        flushReplies();
        if (strangers != strangersReported) {
            strangersReported = strangers;
            telemetry.note(
                    System.nanoTime(),
                    "malformed or foreign messages dropped",
                    Map.of("probe", stream.probe(), "count", Long.toString(strangers)));
        }
    }

    /** Opens the socket, or begins to, and calls {@link #begin} when that has succeeded or failed. */
    abstract void open();

    /** Begins to send requests, if that has not begun yet. */
    final void begin() {
        if (!begun) {
            begun = true;
            schedule(new Schedule(System.nanoTime() + offset, stream.ratePerSecond()));
        }
    }

    /**
     * Sends a request if there is a way to; if not, it is lost.
     *
     * @param sentAt when it counts as sent
     */
    abstract void transmit(long sequence, long sentAt);

    /** Looks after what time may have broken. */
    void inspect(long now) {}

    /** Records a reply if it is one to this stream, and counts it otherwise. */
    final void receive(ProbeMessage message, long receivedAt, InetAddress source) {
        if (message.kind() != ProbeMessage.Kind.REPLY
                || message.stream() != streamId
                || message.sequence() < 0
                || message.sequence() >= nextSequence) {
            receiveStranger();
            return;
        }
        if (replies == LONGEST_BATCH || (replies > 0 && !source.equals(replySource))) {
            flushReplies();
        }
        replySource = source;
        replySequence[replies] = message.sequence();
        replyNanos[replies] = receivedAt;
        replySite[replies] = message.site();
        replies++;
    }

    /** Counts something received that is not a reply to this stream. */
    final void receiveStranger() {
        strangers++;
    }

    private void schedule(Schedule schedule) {
        loop.schedule(() -> send(schedule), schedule.due() - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void send(Schedule schedule) {
        if (stopped) {
            return;
        }
        long now = System.nanoTime();
        // Timers may fire a little early, by the difference between two clock readings.
        if (now - schedule.due() >= 0) {
            long late = schedule.take(now);
            if (late > stallThreshold) {
                telemetry.stalled(now, stream.probe(), late);
            }
            long sequence = nextSequence++;
            long sentAt = System.nanoTime();
            transmit(sequence, sentAt);
            sentNanos[sent++] = sentAt;
            if (sent == LONGEST_BATCH) {
                flushSent();
            }
        }
        schedule(schedule);
    }

    private void flushSent() {
        if (sent > 0) {
            telemetry.write(new JsonLine("probes-sent")
                    .put("probe", stream.probe())
                    .put("first", nextSequence - sent)
                    .put("sentNanos", sentNanos, sent));
            sent = 0;
        }
    }

    private void flushReplies() {
        if (replies > 0 && replySource != null) {
            telemetry.write(new JsonLine("replies-received")
                    .put("probe", stream.probe())
                    .put("sequence", replySequence, replies)
                    .put("receivedNanos", replyNanos, replies)
                    .put("site", replySite, replies)
                    .put("source", Transport.text(replySource)));
            replies = 0;
        }
    }
}

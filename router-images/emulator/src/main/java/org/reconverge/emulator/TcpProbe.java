package org.reconverge.emulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests on one connection and re-establishes it when it breaks.
 *
 * <p>A request that falls due while there is no connection is numbered and counted as sent all the same: it was offered,
 * and it is lost. So are requests still unanswered when a connection ends; nothing is sent twice.
 *
 * <p>A broken connection is replaced at once, but attempts begin no closer together than {@link #BETWEEN_ATTEMPTS}. A
 * connection on which replies stay away for the reply timeout is given up with a reset: after its route moved to a site
 * that never answers for it, or into a hole, the kernel would wait for minutes.
 */
final class TcpProbe extends ProbeStream {

    /** The least time between the beginnings of two attempts to connect. */
    static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private static final long ALL_ANSWERED = Long.MIN_VALUE;

    /** The connection; null while there is none. */
    private @Nullable Channel connection;

    private long attemptedAt;
    private String lastReason = "";

    /** Since when a reply has been awaited. */
    private long awaitedSince = ALL_ANSWERED;

    private long lastTransmitted;

    TcpProbe(ProbeConfiguration.Stream stream, Transport transport, Telemetry telemetry, EventLoop loop) {
        super(stream, transport, telemetry, loop);
    }

    @Override
    void open() {
        attemptedAt = System.nanoTime();
        target.find(destination -> destination.ifPresentOrElse(this::connect, () -> {
            disconnected("the name does not resolve");
            begin();
        }));
    }

    private void connect(InetSocketAddress destination) {
        ChannelFuture attempt = new Bootstrap()
                .group(loop)
                .channelFactory(transport.stream(stream.address()))
                .localAddress(stream.local())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_LINGER, 0)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        stream.connectTimeout().toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(ProbeFrames.decoder(TcpProbe.this::receiveStranger), new Receiver());
                    }
                })
                .connect(destination);
        attempt.addListener(done -> {
            if (!done.isSuccess()) {
                disconnected(reason(done.cause()));
            }
            begin();
        });
    }

    @Override
    void transmit(long sequence, long sentAt) {
        if (connection == null) {
            return;
        }
        ByteBuf frame = connection.alloc().buffer(2 + ProbeMessage.LONGEST);
        ProbeFrames.encode(ProbeMessage.request(streamId, sequence, sentAt), frame);
        lastTransmitted = sequence;
        if (awaitedSince == ALL_ANSWERED) {
            awaitedSince = sentAt;
        }
        connection.writeAndFlush(frame, connection.voidPromise());
    }

    @Override
    void inspect(long now) {
        if (connection != null
                && awaitedSince != ALL_ANSWERED
                && now - awaitedSince > stream.replyTimeout().toNanos()) {
            Channel abandoned = connection;
            disconnected("no reply for " + stream.replyTimeout().toMillis() + " ms");
            abandoned.close();
        }
    }

    private void connected(Channel channel) {
        connection = channel;
        awaitedSince = ALL_ANSWERED;
        report(true, "");
    }

    /** Notes that there is no connection and makes a new one in time. */
    private void disconnected(String reason) {
        boolean changed = connection != null || !reason.equals(lastReason);
        connection = null;
        if (changed) {
            report(false, reason);
        }
        long wait = attemptedAt + BETWEEN_ATTEMPTS.toNanos() - System.nanoTime();
        if (wait > 0) {
            loop.schedule(this::open, wait, TimeUnit.NANOSECONDS);
        } else {
            open();
        }
    }

    private void report(boolean connected, String reason) {
        lastReason = reason;
        telemetry.write(new JsonLine("connection-changed")
                .put("at", System.nanoTime())
                .put("probe", stream.probe())
                .put("connected", connected)
                .put("reason", reason));
    }

    /** Says in a socket programmer's words why a connection ended or was not made. */
    private static String reason(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return "connect timed out";
        }
        String message = String.valueOf(cause.getMessage());
        for (String known : new String[] {
            "Connection reset by peer",
            "Broken pipe",
            "Connection refused",
            "Network is unreachable",
            "No route to host",
            "Connection timed out",
            "Cannot assign requested address"
        }) {
            if (message.contains(known)) {
                return known.toLowerCase(Locale.ROOT);
            }
        }
        return message;
    }

    private final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {

        private String ending = "closed by peer";

        @Override
        public void channelActive(ChannelHandlerContext context) {
            connected(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            long now = System.nanoTime();
            Optional<ProbeMessage> message = ProbeMessage.decode(frame);
            if (message.isPresent() && context.channel() == connection) {
                awaitedSince = message.get().sequence() == lastTransmitted ? ALL_ANSWERED : now;
                receive(
                        message.get(),
                        now,
                        ((InetSocketAddress) context.channel().remoteAddress()).getAddress());
            } else {
                receiveStranger();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ending = reason(cause);
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel() == connection) {
                disconnected(ending);
            }
        }
    }
}

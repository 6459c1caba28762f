package org.reconverge.emulator;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Answers every request with the name of its site, over UDP and TCP, from the address that the request was sent to.
 *
 * <p>Each service address has its own sockets. They are bound even before the address exists (IP_FREEBIND), where the
 * transport can; where it cannot, binding is tried again until it does. Anything malformed is counted and dropped.
 */
final class ProbeServer {

    /** How soon an address that is not there yet is tried again, by clients too. */
    static final Duration BETWEEN_BINDINGS = Duration.ofMillis(100);

    /** Clients that vanished without a word are forgotten after this many seconds. */
    private static final int KEEPALIVE_SECONDS = 30;

    private final String site;
    private final Transport transport;
    private final Telemetry telemetry;
    private final EventLoop loop;
    private final List<Channel> bound = new ArrayList<>();

    private long malformed;
    private long malformedReported;

    ProbeServer(String site, Transport transport, Telemetry telemetry, EventLoop loop) {
        this.site = site;
        this.transport = transport;
        this.telemetry = telemetry;
        this.loop = loop;
    }

    /**
     * Binds UDP and TCP on every address.
     *
     * @return completes when all are bound, in no particular thread
     */
    CompletableFuture<Void> serve(List<InetAddress> addresses, int port) {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (InetAddress address : addresses) {
            InetSocketAddress local = new InetSocketAddress(address, port);
            all.add(bind(datagrams(address), local));
            all.add(bind(connections(address), local));
        }
        loop.scheduleAtFixedRate(this::reportMalformed, 1, 1, TimeUnit.SECONDS);
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    /** Returns the sockets that are bound; to be called on the event loop or after {@link #serve} completed. */
    List<Channel> channels() {
        return List.copyOf(bound);
    }

    private Bootstrap datagrams(InetAddress address) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.datagram(address))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2 * ProbeMessage.LONGEST))
                .option(ChannelOption.SO_RCVBUF, 1 << 20)
                .handler(new DatagramResponder());
        if (transport == Transport.EPOLL) {
            bootstrap.option(EpollChannelOption.IP_FREEBIND, true);
        }
        return bootstrap;
    }

    private ServerBootstrap connections(InetAddress address) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channelFactory(transport.server(address))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(ProbeFrames.decoder(ProbeServer.this::countMalformed), new FrameResponder());
                    }
                });
        if (transport == Transport.EPOLL) {
            bootstrap
                    .option(EpollChannelOption.IP_FREEBIND, true)
                    .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_SECONDS / 3);
        }
        return bootstrap;
    }

    private CompletableFuture<?> bind(AbstractBootstrap<?, ?> bootstrap, InetSocketAddress local) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        bind(bootstrap, local, result, "");
        return result;
    }

    private void bind(
            AbstractBootstrap<?, ?> bootstrap,
            InetSocketAddress local,
            CompletableFuture<Void> result,
            String reportedReason) {
        bootstrap.bind(local).addListener(done -> {
            if (done.isSuccess()) {
                bound.add(((ChannelFuture) done).channel());
                result.complete(null);
                return;
            }
            String reason = String.valueOf(done.cause().getMessage());
            if (!reason.equals(reportedReason)) {
                telemetry.note(
                        System.nanoTime(),
                        "cannot bind yet",
                        Map.of("address", Transport.text(local.getAddress()), "reason", reason));
            }
            loop.schedule(
                    () -> bind(bootstrap, local, result, reason), BETWEEN_BINDINGS.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    private Optional<ProbeMessage> replyTo(ByteBuf request) {
        Optional<ProbeMessage> reply = ProbeMessage.decode(request)
                .filter(message -> message.kind() == ProbeMessage.Kind.REQUEST)
                .map(message -> message.replyFrom(site));
        if (reply.isEmpty()) {
            countMalformed();
        }
        return reply;
    }

    private void countMalformed() {
        malformed++;
    }

    private void reportMalformed() {
        if (malformed != malformedReported) {
            malformedReported = malformed;
            telemetry.note(
                    System.nanoTime(),
                    "malformed requests dropped",
                    Map.of("site", site, "count", Long.toString(malformed)));
        }
    }

    @ChannelHandler.Sharable
    private final class DatagramResponder extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            replyTo(packet.content()).ifPresent(reply -> {
                ByteBuf payload = context.alloc().buffer(ProbeMessage.LONGEST);
                reply.encode(payload);
                context.writeAndFlush(new DatagramPacket(payload, packet.sender()), context.voidPromise());
            });
        }

        /** An error of one datagram, such as a reply for which there is no route, is no reason to stop. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
    }

    private final class FrameResponder extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
            replyTo(frame).ifPresent(reply -> {
                ByteBuf out = context.alloc().buffer(2 + ProbeMessage.LONGEST);
                ProbeFrames.encode(reply, out);
                context.write(out, context.voidPromise());
            });
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}

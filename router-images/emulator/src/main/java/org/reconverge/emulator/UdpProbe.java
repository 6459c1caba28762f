package org.reconverge.emulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends each request as one datagram, all from one port, so that routers hash the stream onto one path.
 *
 * <p>The socket is not connected: a reply from a wrong address must be seen, and an ICMP error must not hide one.
 */
final class UdpProbe extends ProbeStream {

    private @Nullable Channel channel;

    UdpProbe(ProbeConfiguration.Stream stream, Transport transport, Telemetry telemetry, EventLoop loop) {
        super(stream, transport, telemetry, loop);
    }

    @Override
    void open() {
        bind("");
    }

    /**
     * Binds, again and again until it succeeds: the node may get the address that the probe speaks from after this emulator
     * has started. What is due meanwhile is offered and lost.
     */
    private void bind(String reportedReason) {
        ChannelFuture bound = new Bootstrap()
                .group(loop)
                .channelFactory(transport.datagram(stream.address()))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2 * ProbeMessage.LONGEST))
                .option(ChannelOption.SO_RCVBUF, 1 << 20)
                .handler(new Receiver())
                .bind(stream.local());
        bound.addListener(done -> {
            if (done.isSuccess()) {
                channel = bound.channel();
                begin();
                return;
            }
            String reason = String.valueOf(done.cause());
            if (!reason.equals(reportedReason)) {
                telemetry.note(System.nanoTime(), "cannot bind yet", Map.of("probe", stream.probe(), "reason", reason));
            }
            begin();
            loop.schedule(() -> bind(reason), ProbeServer.BETWEEN_BINDINGS.toMillis(), TimeUnit.MILLISECONDS);
        });
    }

    @Override
    void transmit(long sequence, long sentAt) {
        Optional<InetSocketAddress> destination = target.current();
        if (channel == null || destination.isEmpty()) {
            return;
        }
        ByteBuf payload = channel.alloc().buffer(ProbeMessage.LONGEST);
        ProbeMessage.request(streamId, sequence, sentAt).encode(payload);
        // A send that fails, such as for want of a route, is a request that was offered and lost.
        channel.writeAndFlush(new DatagramPacket(payload, destination.get()), channel.voidPromise());
    }

    private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            long now = System.nanoTime();
            Optional<ProbeMessage> message = ProbeMessage.decode(packet.content());
            if (message.isPresent()) {
                receive(message.get(), now, packet.sender().getAddress());
            } else {
                receiveStranger();
            }
        }

        /** An error of one datagram, such as one that could not be sent, is no reason to stop. */
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {}
    }
}

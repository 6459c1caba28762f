package org.reconverge.emulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A site's end of MQTT 3.1.1 in TLS: takes what gateways publish and acknowledges it. It is not a broker: nobody subscribes,
 * and it keeps nothing of a client that has gone.
 */
final class MqttSite implements SessionEnd {

    /** What values are published under; the station's number follows. */
    static final String TOPIC = "station/";

    private static final Duration BETWEEN_BINDINGS = Duration.ofMillis(100);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    private final SslContext tls;
    private final SessionTelemetry telemetry;
    private final Transport transport = Transport.best();
    private final EventLoop loop = transport.eventLoop("mqtt").next();
    private final ChannelGroup listening = new DefaultChannelGroup(loop);
    private final ChannelGroup connections = new DefaultChannelGroup(loop);
    private final CompletableFuture<Void> begun = new CompletableFuture<>();

    MqttSite(SslContext tls, SessionTelemetry telemetry) {
        this.tls = tls;
        this.telemetry = telemetry;
    }

    /** Begins to listen. */
    MqttSite start(List<InetAddress> addresses, int port, Duration flush) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (InetAddress address : addresses) {
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(loop)
                    .channelFactory(transport.server(address))
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childHandler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            connections.add(channel);
                            channel.pipeline()
                                    .addLast(
                                            tls.newHandler(channel.alloc()),
                                            new MqttDecoder(),
                                            MqttEncoder.INSTANCE,
                                            new Gateway());
                        }
                    });
            if (transport == Transport.EPOLL) {
                bootstrap.option(EpollChannelOption.IP_FREEBIND, true);
            }
            CompletableFuture<Void> bound = new CompletableFuture<>();
            all.add(bound);
            bind(bootstrap, new InetSocketAddress(address, port), bound);
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenRun(() -> begun.complete(null));
        loop.scheduleAtFixedRate(telemetry::flush, flush.toNanos(), flush.toNanos(), TimeUnit.NANOSECONDS);
        return this;
    }

    private void bind(ServerBootstrap bootstrap, InetSocketAddress local, CompletableFuture<Void> bound) {
        bootstrap.bind(local).addListener(done -> {
            if (done.isSuccess()) {
                listening.add(((ChannelFuture) done).channel());
                bound.complete(null);
            } else {
                loop.schedule(() -> bind(bootstrap, local, bound), BETWEEN_BINDINGS.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    @Override
    public CompletableFuture<Void> begun() {
        return begun;
    }

    /** Ends the connections, and listens on. */
    void disconnect() {
        connections.close().awaitUninterruptibly(LAST_FLUSH.toMillis());
    }

    @Override
    public void finish() {
        listening.close().awaitUninterruptibly(LAST_FLUSH.toMillis());
        disconnect();
        try {
            loop.submit(telemetry::flush).get(LAST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("reconverge-emulator: the last values may be lost: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One gateway's connection. */
    private final class Gateway extends SimpleChannelInboundHandler<MqttMessage> {

        private int station;
        private boolean restored;
        private String reason = "";

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message.decoderResult().isFailure()) {
                reason = "malformed: " + message.decoderResult().cause().getMessage();
                context.close();
            } else if (message instanceof MqttConnectMessage connect) {
                connect(context, connect);
            } else if (message instanceof MqttPublishMessage publication && station != 0) {
                publication(context, publication);
            } else if (message.fixedHeader().messageType() == MqttMessageType.PINGREQ) {
                context.writeAndFlush(MqttMessage.PINGRESP);
            } else if (message.fixedHeader().messageType() == MqttMessageType.DISCONNECT) {
                reason = "disconnected";
                context.close();
            } else {
                // Only CONNECT may come first (§3.1), and nothing else is asked of a site.
                reason = "unexpected " + message.fixedHeader().messageType();
                context.close();
            }
        }

        private void connect(ChannelHandlerContext context, MqttConnectMessage connect) {
            String id = connect.payload().clientIdentifier();
            if (station != 0 || !id.matches("station-[0-9]{1,5}")) {
                reason = "refused the client identifier '" + id + "'";
                context.writeAndFlush(MqttMessageBuilders.connAck()
                        .returnCode(MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED)
                        .build());
                context.close();
                return;
            }
            station = Integer.parseInt(id.substring("station-".length()));
            report(context, "connected", "");
            int keepalive = connect.variableHeader().keepAliveTimeSeconds();
            if (keepalive > 0) {
                // One and a half times what the client promised (§3.1.2.10).
                context.pipeline().addFirst(new IdleStateHandler(keepalive * 1500L, 0, 0, TimeUnit.MILLISECONDS));
            }
            context.writeAndFlush(MqttMessageBuilders.connAck()
                    .returnCode(MqttConnectReturnCode.CONNECTION_ACCEPTED)
                    .sessionPresent(false)
                    .build());
            report(context, "started", "");
        }

        private void publication(ChannelHandlerContext context, MqttPublishMessage publication) {
            String[] parts =
                    publication.payload().toString(StandardCharsets.US_ASCII).split(" ", -1);
            long now = System.nanoTime();
            if (parts.length == 2 && (parts[0] + parts[1]).matches("[0-9]{2,36}")) {
                telemetry.value(now, "received", station, Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            }
            if (publication.fixedHeader().qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                context.writeAndFlush(MqttMessageBuilders.pubAck()
                        .packetId(publication.variableHeader().packetId())
                        .build());
            }
            if (!restored) {
                restored = true;
                report(context, "restored", "");
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof IdleStateEvent) {
                reason = "keep alive: nothing was received for one and a half times its interval";
                context.close();
            }
            context.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            reason = String.valueOf(cause.getMessage()).contains("reset")
                    ? "connection reset"
                    : String.valueOf(cause.getMessage());
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (station != 0) {
                report(context, "closed", reason.isEmpty() ? "closed by peer" : reason);
            }
        }

        private void report(ChannelHandlerContext context, String state, String detail) {
            Channel channel = context.channel();
            String connection = NetUtil.toSocketAddressString((InetSocketAddress) channel.remoteAddress()) + ">"
                    + NetUtil.toSocketAddressString((InetSocketAddress) channel.localAddress());
            telemetry.changed(System.nanoTime(), "tls", connection, station, "controlling", state, detail);
        }
    }
}

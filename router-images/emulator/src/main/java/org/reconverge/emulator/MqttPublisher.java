package org.reconverge.emulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubAckMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that publishes numbered values with QoS 1 (MQTT 3.1.1 §4.3.2) over a long-lived connection in TLS. What is not
 * acknowledged when a connection ends is published again over the next (§4.4).
 */
final class MqttPublisher extends SessionClient {

    private static final int MOST_BUFFERED = 1000;
    private static final Duration LOOK = Duration.ofMillis(100);

    private final TlsContexts.Client tls;
    private final Transport transport;
    private final Deque<Value> unacknowledged = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext accepted;
    private Instant begun = Instant.EPOCH;
    private long numbers;
    private long lastSent;
    private long pingSent;
    private boolean watching;

    private static final class Value {
        private final long number;
        private final long tagMillis;
        private long sent;

        Value(long number, long tagMillis) {
            this.number = number;
            this.tagMillis = tagMillis;
        }

        /** Packet identifiers are not zero (§2.3.1). */
        int packet() {
            return (int) ((number - 1) % 65_535) + 1;
        }
    }

    MqttPublisher(
            SessionConfiguration configuration,
            int station,
            TlsContexts.Client tls,
            Transport transport,
            SessionTelemetry telemetry,
            EventLoop loop) {
        super(configuration, station, "controlled", telemetry, loop);
        this.tls = tls;
        this.transport = transport;
    }

    @Override
    void open() {
        begun = Instant.now();
        if (!watching) {
            watching = true;
            loop.scheduleAtFixedRate(this::look, LOOK.toNanos(), LOOK.toNanos(), TimeUnit.NANOSECONDS);
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(transport.stream(configuration.address()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        configuration.timeout().toMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        SslHandler ssl = tls.handler(channel.alloc(), configuration.port());
                        ssl.setHandshakeTimeoutMillis(configuration.timeout().toMillis());
                        channel.pipeline().addLast(ssl, new MqttDecoder(), MqttEncoder.INSTANCE, new Answers());
                    }
                });
        configuration.from().ifPresent(address -> bootstrap.localAddress(new InetSocketAddress(address, 0)));
        bootstrap.connect(configuration.remote()).addListener(done -> {
            if (!done.isSuccess()) {
                failed(done.cause());
            }
        });
    }

    @Override
    void tick() {
        Value value = new Value(++numbers, System.currentTimeMillis());
        telemetry.value(System.nanoTime(), "arose", station, value.number, value.tagMillis);
        if (unacknowledged.size() == MOST_BUFFERED) {
            Value oldest = unacknowledged.removeFirst();
            telemetry.value(System.nanoTime(), "discarded", station, oldest.number, oldest.tagMillis);
        }
        unacknowledged.add(value);
        ChannelHandlerContext context = accepted;
        if (context != null) {
            publish(context, value, false);
        }
    }

    @Override
    void lost() {
        accepted = null;
        pingSent = 0;
    }

    /** Keeps alive (§3.1.2.10), and gives up a connection on which an answer is missing. */
    private void look() {
        ChannelHandlerContext context = accepted;
        if (context == null) {
            return;
        }
        long now = System.nanoTime();
        long timeout = configuration.timeout().toNanos();
        Value oldest = unacknowledged.peekFirst();
        if (oldest != null && oldest.sent != 0 && now - oldest.sent > timeout) {
            close("no PUBACK for " + configuration.timeout().toMillis() + " ms");
        } else if (pingSent != 0 && now - pingSent > timeout) {
            close("no PINGRESP for " + configuration.timeout().toMillis() + " ms");
        } else if (pingSent == 0 && now - lastSent > configuration.keepalive().toNanos()) {
            pingSent = now;
            send(context, MqttMessage.PINGREQ);
        }
    }

    private void publish(ChannelHandlerContext context, Value value, boolean again) {
        value.sent = System.nanoTime();
        telemetry.value(value.sent, "sent", station, value.number, value.tagMillis);
        send(
                context,
                new MqttPublishMessage(
                        new MqttFixedHeader(MqttMessageType.PUBLISH, again, MqttQoS.AT_LEAST_ONCE, false, 0),
                        new MqttPublishVariableHeader(MqttSite.TOPIC + station, value.packet()),
                        Unpooled.copiedBuffer(value.number + " " + value.tagMillis, StandardCharsets.US_ASCII)));
    }

    private void send(ChannelHandlerContext context, MqttMessage message) {
        lastSent = System.nanoTime();
        context.writeAndFlush(message);
    }

    private void accepted(ChannelHandlerContext context) {
        accepted = context;
        for (Value value : unacknowledged) {
            publish(context, value, value.sent != 0);
        }
    }

    private void acknowledged(int packet) {
        Value value = unacknowledged.stream()
                .filter(one -> one.packet() == packet && one.sent != 0)
                .findFirst()
                .orElse(null);
        if (value != null) {
            unacknowledged.remove(value);
            telemetry.value(System.nanoTime(), "acknowledged", station, value.number, value.tagMillis);
            answered("");
        }
    }

    private final class Answers extends SimpleChannelInboundHandler<MqttMessage> {

        private String handshake = "";
        private boolean active;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            active = true;
            connected(context.channel());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent completed) {
                if (completed.isSuccess()) {
                    secured(context);
                } else {
                    because(completed.cause());
                }
            }
            context.fireUserEventTriggered(event);
        }

        private void secured(ChannelHandlerContext context) {
            SSLSession session =
                    context.pipeline().get(SslHandler.class).engine().getSession();
            handshake =
                    session.getProtocol() + (TlsContexts.isResumed(session, begun) ? ", resumed" : ", full handshake");
            send(
                    context,
                    MqttMessageBuilders.connect()
                            .protocolVersion(MqttVersion.MQTT_3_1_1)
                            .clientId("station-" + station)
                            .cleanSession(true)
                            .keepAlive(
                                    (int) Math.max(1, configuration.keepalive().toSeconds()))
                            .build());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
            if (message.decoderResult().isFailure()) {
                close("malformed: " + message.decoderResult().cause().getMessage());
            } else if (message instanceof MqttConnAckMessage answer) {
                MqttConnectReturnCode code = answer.variableHeader().connectReturnCode();
                if (code == MqttConnectReturnCode.CONNECTION_ACCEPTED) {
                    report("started", handshake);
                    accepted(context);
                } else {
                    close("refused: " + code);
                }
            } else if (message instanceof MqttPubAckMessage acknowledgement) {
                acknowledged(acknowledgement.variableHeader().messageId());
            } else if (message.fixedHeader().messageType() == MqttMessageType.PINGRESP) {
                pingSent = 0;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            because(cause);
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            Channel channel = context.channel();
            if (active && !channel.isOpen()) {
                active = false;
                closed();
            }
        }
    }
}

package org.reconverge.emulator;

import com.digitalpetri.modbus.client.ModbusTcpClient;
import com.digitalpetri.modbus.pdu.ReadHoldingRegistersRequest;
import com.digitalpetri.modbus.pdu.ReadHoldingRegistersResponse;
import com.digitalpetri.modbus.tcp.client.NettyClientTransportConfig;
import com.digitalpetri.modbus.tcp.client.NettyTcpClientTransport;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Modbus TCP client that reads a site's registers at a fixed rate.
 *
 * <p>The library's own connection keeping is not used: a request that times out does not end its connection; a peer that
 * accepts and closes at once leaves it "connected" to nothing; and it connects again by itself, persistent or not. Here each
 * connection has a client of its own, which is told to disconnect when that ends. The first request that is not answered in
 * time ends it, since TCP repeats what is lost on the way.
 */
final class ModbusPoller extends SessionClient {

    private @Nullable Attempt current;
    private long polls;

    ModbusPoller(SessionConfiguration configuration, int station, SessionTelemetry telemetry, EventLoop loop) {
        super(configuration, station, "controlling", telemetry, loop);
    }

    @Override
    void open() {
        Attempt attempt = new Attempt();
        current = attempt;
        attempt.client
                .getTransport()
                .connect()
                .whenCompleteAsync(
                        (done, failure) -> {
                            if (failure != null && attempt == current && !isConnected()) {
                                lost();
                                failed(cause(failure));
                            }
                        },
                        loop);
    }

    @Override
    void tick() {
        Attempt polled = current;
        if (polled == null || !isConnected()) {
            return;
        }
        long number = ++polls;
        polled.client
                .readHoldingRegistersAsync(ModbusSite.UNIT, new ReadHoldingRegistersRequest(0, ModbusSite.REGISTERS))
                .whenCompleteAsync(
                        (response, failure) -> {
                            if (polled != current) {
                                return;
                            }
                            if (failure == null) {
                                good(number, response);
                            } else if (cause(failure) instanceof TimeoutException) {
                                close("no response for "
                                        + configuration.timeout().toMillis() + " ms");
                            } else {
                                close("poll failed: " + cause(failure).getMessage());
                            }
                        },
                        loop);
    }

    @Override
    void lost() {
        Attempt over = current;
        current = null;
        if (over != null) {
            over.client.getTransport().disconnect();
        }
    }

    private void good(long number, ReadHoldingRegistersResponse response) {
        telemetry.value(System.nanoTime(), "received", station, number, System.currentTimeMillis());
        answered("answered by " + ModbusSite.name(response.registers()));
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    /** One attempt to connect, and its connection. */
    private final class Attempt {

        private final ModbusTcpClient client = ModbusTcpClient.create(
                NettyTcpClientTransport.create(this::configure),
                builder -> builder.setRequestTimeout(configuration.timeout()));

        private void configure(NettyClientTransportConfig.Builder builder) {
            builder.setHostname(Transport.text(configuration.address()))
                    .setPort(configuration.port())
                    .setConnectTimeout(configuration.timeout())
                    .setConnectPersistent(false)
                    .setReconnectLazy(true)
                    .setEventLoopGroup(loop)
                    .setExecutor(loop)
                    .setPipelineCustomizer(pipeline -> pipeline.addFirst(new Watch(this)));
            configuration
                    .from()
                    .ifPresent(from -> builder.setBootstrapCustomizer(
                            bootstrap -> bootstrap.localAddress(new InetSocketAddress(from, 0))));
        }
    }

    /** Stands before the library's handlers, which keep to themselves why a channel ended. */
    private final class Watch extends ChannelInboundHandlerAdapter {

        private final Attempt attempt;
        private boolean active;

        Watch(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (attempt != current || isConnected()) {
                // Nobody asked for it.
                context.close();
                return;
            }
            active = true;
            connected(context.channel());
            context.fireChannelActive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (active) {
                because(cause);
            }
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            context.fireChannelInactive();
            if (active) {
                active = false;
                closed();
            }
        }
    }
}

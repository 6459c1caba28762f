package org.reconverge.emulator;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reconverge.emulator.iec104.ApciSession;
import org.reconverge.emulator.iec104.ControlledStation;
import org.reconverge.emulator.iec104.ControllingStation;
import org.reconverge.emulator.iec104.Iec104Session;
import org.reconverge.emulator.iec104.StationKind;

/**
 * The stations of one configuration, on one event loop, with their connections: opened and opened again (TCP client), or
 * accepted (TCP server).
 *
 * <p>As a TCP server, a controlled station takes all connections as its redundancy group. Where several share a port, a
 * connection goes to the one with the fewest, since nothing in it says for which one it is before data transfer is started.
 */
final class Iec104End implements SessionEnd {

    private static final Duration BETWEEN_BINDINGS = Duration.ofMillis(100);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    private final Iec104Configuration configuration;
    private final Transport transport;
    private final Telemetry telemetry;
    private final Iec104Telemetry observer;
    private final EventLoop loop;
    private final InstantSource clock;
    private final List<ControlledStation> controlledStations = new ArrayList<>();
    private final List<Channel> listening = new ArrayList<>();
    private final Map<ApciSession, Iec104Session.Listener> sessions = new HashMap<>();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private boolean finished;

    /**
     * Prepares the stations.
     *
     * @param observer hears what they do
     * @param loop where everything happens
     */
    Iec104End(
            Iec104Configuration configuration,
            Transport transport,
            Telemetry telemetry,
            Iec104Telemetry observer,
            EventLoop loop,
            InstantSource clock) {
        this.configuration = configuration;
        this.transport = transport;
        this.telemetry = telemetry;
        this.observer = observer;
        this.loop = loop;
        this.clock = clock;
    }

    /**
     * Begins.
     *
     * @param flush how often values are written
     */
    void start(Duration flush) {
        loop.execute(this::begin);
        loop.scheduleAtFixedRate(observer::flush, flush.toNanos(), flush.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public CompletableFuture<Void> begun() {
        return begun;
    }

    @Override
    public void finish() {
        try {
            loop.submit(() -> {
                        finished = true;
                        controlledStations.forEach(ControlledStation::stop);
                        listening.forEach(Channel::close);
                        // A copy, since each leaves the set as it ends.
                        List.copyOf(sessions.keySet()).forEach(session -> session.close("shutting down"));
                        observer.flush();
                    })
                    .get(LAST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("reconverge-emulator: the last values may be lost: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin() {
        boolean controlled = configuration.station() == StationKind.CONTROLLED;
        boolean accepting = configuration.tcp() == Iec104Configuration.Tcp.SERVER;
        int count = controlled || !accepting ? configuration.sessions() : 1;
        List<Iec104Session.Listener> stations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stations.add(controlled ? controlled(i) : controlling());
        }
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (InetSocketAddress endpoint : configuration.endpoints()) {
            if (accepting) {
                all.add(listen(stations, endpoint));
            } else {
                stations.forEach(station -> new Connector(station, endpoint).connect());
            }
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenRun(() -> begun.complete(null));
    }

    private ControlledStation controlled(int index) {
        ControlledStation.Settings first = configuration.controlled();
        ControlledStation station = new ControlledStation(
                new ControlledStation.Settings(
                        first.commonAddress() + index,
                        first.interval(),
                        first.capacity(),
                        first.selectionTime(),
                        first.commandDelay()),
                loop,
                System::nanoTime,
                clock,
                observer);
        controlledStations.add(station);
        station.start((double) index / configuration.sessions());
        return station;
    }

    private ControllingStation controlling() {
        return new ControllingStation(configuration.controlling(), loop, System::nanoTime, clock, observer);
    }

    private CompletableFuture<?> listen(List<Iec104Session.Listener> stations, InetSocketAddress local) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channelFactory(transport.server(local.getAddress()))
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        keepAlive(channel);
                        addSession(leastConnected(stations), channel, false);
                    }
                });
        if (transport == Transport.EPOLL) {
            bootstrap.option(EpollChannelOption.IP_FREEBIND, true);
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        bind(bootstrap, local, result, "");
        return result;
    }

    private void bind(
            ServerBootstrap bootstrap, InetSocketAddress local, CompletableFuture<Void> result, String reportedReason) {
        bootstrap.bind(local).addListener(done -> {
            if (done.isSuccess()) {
                listening.add(((ChannelFuture) done).channel());
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

    private Iec104Session.Listener leastConnected(List<Iec104Session.Listener> stations) {
        return Collections.min(
                stations, Comparator.comparingInt(station -> Collections.frequency(sessions.values(), station)));
    }

    private void addSession(Iec104Session.Listener station, SocketChannel channel, boolean tcpClient) {
        ApciSession session = new ApciSession(
                configuration.station(), tcpClient, configuration.parameters(), station, System::nanoTime);
        session.addTo(channel.pipeline());
        sessions.put(session, station);
        channel.closeFuture().addListener(closed -> sessions.remove(session));
    }

    private void keepAlive(SocketChannel channel) {
        configuration.keepalive().ifPresent(idle -> {
            int seconds = (int) Math.max(1, idle.toSeconds());
            channel.config().setKeepAlive(true);
            if (transport == Transport.EPOLL) {
                channel.config().setOption(EpollChannelOption.TCP_KEEPIDLE, seconds);
                channel.config().setOption(EpollChannelOption.TCP_KEEPINTVL, seconds);
                channel.config().setOption(EpollChannelOption.TCP_KEEPCNT, 3);
            }
        });
    }

    /** Holds one connection of a TCP client: makes a new one when it is gone. */
    private final class Connector {

        private final Iec104Session.Listener station;
        private final InetSocketAddress remote;
        private long attemptedAt;
        private String reportedReason = "";

        Connector(Iec104Session.Listener station, InetSocketAddress remote) {
            this.station = station;
            this.remote = remote;
        }

        /** Establishes the connection, for which there is t0 (§9.6). */
        void connect() {
            if (finished) {
                return;
            }
            attemptedAt = System.nanoTime();
            observer.attempt(attemptedAt);
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop)
                    .channelFactory(transport.stream(remote.getAddress()))
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                            configuration.parameters().t0().toMillis())
                    .handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel channel) {
                            keepAlive(channel);
                            addSession(station, channel, true);
                        }
                    });
            configuration.from().ifPresent(address -> bootstrap.localAddress(new InetSocketAddress(address, 0)));
            bootstrap.connect(remote).addListener(done -> {
                if (done.isSuccess()) {
                    connected(((ChannelFuture) done).channel());
                } else {
                    failed(String.valueOf(done.cause().getMessage()));
                }
            });
        }

        private void connected(Channel established) {
            reportedReason = "";
            established.closeFuture().addListener(closed -> again());
        }

        private void failed(String reason) {
            if (!reason.equals(reportedReason)) {
                reportedReason = reason;
                telemetry.note(
                        System.nanoTime(),
                        "iec104 cannot connect",
                        Map.of("address", Transport.text(remote.getAddress()), "reason", reason));
            }
            again();
        }

        private void again() {
            long wait = attemptedAt + configuration.reconnect().toNanos() - System.nanoTime();
            loop.schedule(this::connect, Math.max(0, wait), TimeUnit.NANOSECONDS);
        }
    }
}

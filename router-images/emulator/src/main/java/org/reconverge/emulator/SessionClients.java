package org.reconverge.emulator;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** The sessions of one configuration, on one event loop. */
final class SessionClients implements SessionEnd {

    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    private final List<? extends SessionClient> clients;
    private final SessionConfiguration configuration;
    private final SessionTelemetry telemetry;
    private final EventLoop loop;

    private SessionClients(
            List<? extends SessionClient> clients,
            SessionConfiguration configuration,
            SessionTelemetry telemetry,
            EventLoop loop) {
        this.clients = clients;
        this.configuration = configuration;
        this.telemetry = telemetry;
        this.loop = loop;
    }

    /** Starts sessions on an event loop of their own. */
    static SessionClients start(SessionConfiguration configuration, SessionTelemetry telemetry, Duration flush)
            throws InvalidConfigurationException {
        // The Modbus library opens channels of the JDK's selector.
        Transport transport =
                configuration.protocol() == SessionConfiguration.Protocol.MODBUS ? Transport.NIO : Transport.best();
        EventLoop loop = transport.eventLoop("sessions").next();
        List<? extends SessionClient> clients;
        if (configuration.protocol() == SessionConfiguration.Protocol.MODBUS) {
            clients = stations(configuration)
                    .mapToObj(station -> new ModbusPoller(configuration, station, telemetry, loop))
                    .toList();
        } else {
            TlsContexts.Client tls =
                    TlsContexts.client(configuration.credentials().orElseThrow());
            clients = stations(configuration)
                    .mapToObj(station -> new MqttPublisher(configuration, station, tls, transport, telemetry, loop))
                    .toList();
        }
        SessionClients all = new SessionClients(clients, configuration, telemetry, loop);
        loop.execute(all::begin);
        loop.scheduleAtFixedRate(telemetry::flush, flush.toNanos(), flush.toNanos(), TimeUnit.NANOSECONDS);
        return all;
    }

    private static IntStream stations(SessionConfiguration configuration) {
        return IntStream.range(configuration.station(), configuration.station() + configuration.sessions());
    }

    private void begin() {
        long interval = configuration.interval().toNanos();
        for (int i = 0; i < clients.size(); i++) {
            SessionClient client = clients.get(i);
            client.connect();
            // Spread over the interval, so that the rate is even.
            loop.scheduleAtFixedRate(client::tick, interval * (i + 1) / clients.size(), interval, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public CompletableFuture<Void> begun() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void finish() {
        try {
            loop.submit(() -> {
                        clients.forEach(SessionClient::finish);
                        telemetry.flush();
                    })
                    .get(LAST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("reconverge-emulator: the last values may be lost: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

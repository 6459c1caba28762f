package org.reconverge.emulator;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The emulator's command line: {@code serve} answers probes at a site, {@code probe} sends them from clients. Both write
 * the lines of a history on standard output until SIGTERM ends them.
 */
public final class Emulator {

    /** The environment variable from which {@code probe} reads what to do. */
    static final String CONFIGURATION = "RECONVERGE_PROBES";

    /** The environment variable from which {@code serve} reads its credentials for TLS: a command line is public. */
    static final String CREDENTIALS = "RECONVERGE_TLS";

    private static final String USAGE = """
            usage: reconverge-emulator serve --site NAME --address ADDRESS [--address ADDRESS ...] --port PORT
                                             [--iec104 off|JSON ...] [--modbus PORT ...] [--tls PORT ...]
                                             with what TLS needs, one line of JSON, in RECONVERGE_TLS
                   reconverge-emulator probe      with its configuration, one line of JSON, in RECONVERGE_PROBES""";

    private static final int EXIT_BAD_INPUT = 2;
    private static final Duration FLUSH = Duration.ofMillis(100);
    private static final Duration STALL_THRESHOLD = Duration.ofMillis(2);

    private Emulator() {}

    /**
     * Runs until SIGTERM.
     *
     * @param arguments see the class
     */
    public static void main(String[] arguments) {
        // The Modbus library brings SLF4J, into which Netty's warnings would vanish: nothing is bound to it here.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        try {
            switch (arguments.length == 0 ? "" : arguments[0]) {
                case "serve" -> serve(List.of(arguments).subList(1, arguments.length));
                case "probe" -> probe(System.getenv(CONFIGURATION));
                default -> throw new InvalidConfigurationException(USAGE);
            }
        } catch (InvalidConfigurationException e) {
            System.err.println("reconverge-emulator: " + e.getMessage());
            System.exit(EXIT_BAD_INPUT);
        }
    }

    private static void serve(List<String> options) throws InvalidConfigurationException {
        String site = "";
        int port = 0;
        List<String> iec104 = new ArrayList<>();
        List<Integer> modbus = new ArrayList<>();
        List<Integer> tls = new ArrayList<>();
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < options.size(); i += 2) {
            if (i + 1 == options.size()) {
                throw new InvalidConfigurationException("expected a value after " + options.get(i) + "\n" + USAGE);
            }
            String value = options.get(i + 1);
            switch (options.get(i)) {
                case "--site" -> site = value;
                case "--address" -> addresses.add(Transport.address(value));
                case "--port" -> port = port(value);
                case "--iec104" -> iec104.add(value);
                case "--modbus" -> modbus.add(port(value));
                case "--tls" -> tls.add(port(value));
                default -> throw new InvalidConfigurationException("unknown option " + options.get(i) + "\n" + USAGE);
            }
        }
        int length = site.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > ProbeMessage.LONGEST_SITE || addresses.isEmpty() || port == 0) {
            throw new InvalidConfigurationException(USAGE);
        }

        String name = site;
        List<Iec104Configuration> telecontrol = siteEnds(iec104, addresses);
        Optional<SslContext> credentials = tls.isEmpty() ? Optional.empty() : Optional.of(credentials());
        Telemetry telemetry = new Telemetry(new FileOutputStream(FileDescriptor.out));
        Transport transport = Transport.best();
        EventLoop loop = transport.eventLoop("serve").next();
        ProbeServer server = new ProbeServer(site, transport, telemetry, loop);
        Map<String, String> values = Map.of(
                "site", site,
                "addresses", addresses.stream().map(Transport::text).collect(Collectors.joining(",")),
                "port", Integer.toString(port));
        List<SessionEnd> ends = new ArrayList<>();
        telecontrol.forEach(end -> ends.add(start(end, "", "", name, telemetry)));
        modbus.forEach(one -> ends.add(new ModbusSite(name, one).start()));
        credentials.ifPresent(context -> tls.forEach(one -> ends.add(
                new MqttSite(context, new SessionTelemetry("", "", name, telemetry)).start(addresses, one, FLUSH))));
        CompletableFuture<?> ready = CompletableFuture.allOf(Stream.concat(
                        Stream.of(server.serve(addresses, port)), ends.stream().map(SessionEnd::begun))
                .toArray(CompletableFuture[]::new));
        ready.thenRun(() -> telemetry.note(System.nanoTime(), "serving", values));
        StallWatchdog.start(telemetry, site, STALL_THRESHOLD);
        ResourceWatch.start(telemetry, site);
        atExit(() -> {
            ends.forEach(SessionEnd::finish);
            telemetry.close();
        });
    }

    private static void probe(@Nullable String json) throws InvalidConfigurationException {
        if (json == null) {
            throw new InvalidConfigurationException(
                    "expected the probes' configuration in the environment variable " + CONFIGURATION);
        }
        ProbeConfiguration configuration = ProbeConfiguration.parse(json);
        Telemetry telemetry = new Telemetry(new FileOutputStream(FileDescriptor.out));
        EventLoop loop = Transport.best().eventLoop("probe").next();
        ProbeRun run = new ProbeRun(configuration, Transport.best(), telemetry, loop, FLUSH);
        run.start();
        List<SessionEnd> ends = new ArrayList<>();
        configuration
                .gateways()
                .forEach(gateway -> ends.add(start(gateway.end(), gateway.probe(), gateway.client(), "", telemetry)));
        for (ProbeConfiguration.Session session : configuration.sessions()) {
            ends.add(SessionClients.start(
                    session.sessions(), new SessionTelemetry(session.probe(), session.client(), "", telemetry), FLUSH));
        }
        Thread watchdog = StallWatchdog.start(telemetry, configuration.clients(), configuration.stallThreshold());
        ResourceWatch.start(telemetry, configuration.clients());
        atExit(() -> {
            watchdog.interrupt();
            ends.forEach(SessionEnd::finish);
            run.finish();
            telemetry.close();
        });
    }

    private static SslContext credentials() throws InvalidConfigurationException {
        String json = System.getenv(CREDENTIALS);
        if (json == null) {
            throw new InvalidConfigurationException(
                    "expected what TLS needs in the environment variable " + CREDENTIALS + " beside --tls");
        }
        return TlsContexts.server(SessionConfiguration.TlsCredentials.parse(json));
    }

    /** Returns a site's ends: one that listens on all its addresses, unless something else is said. */
    private static List<Iec104Configuration> siteEnds(List<String> options, List<InetAddress> addresses)
            throws InvalidConfigurationException {
        List<Iec104Configuration> ends = new ArrayList<>();
        for (String json : options.isEmpty() ? List.of("{}") : options) {
            if (json.equals("off")) {
                continue;
            }
            Iec104Configuration end = Iec104Configuration.ofSite(json);
            if (end.addresses().isEmpty() && end.tcp() == Iec104Configuration.Tcp.CLIENT) {
                throw new InvalidConfigurationException("expected 'address' or 'addresses' to connect to in " + json);
            }
            ends.add(end.addresses().isEmpty() ? end.at(addresses) : end);
        }
        return ends;
    }

    /** Starts stations on an event loop of their own: a thousand of them must not delay a probe. */
    private static Iec104End start(
            Iec104Configuration configuration, String probe, String client, String site, Telemetry telemetry) {
        Transport transport = Transport.best();
        Iec104End end = new Iec104End(
                configuration,
                transport,
                telemetry,
                new Iec104Telemetry(probe, client, site, telemetry),
                transport.eventLoop("iec104").next(),
                InstantSource.system());
        end.start(FLUSH);
        return end;
    }

    private static int port(String text) throws InvalidConfigurationException {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new InvalidConfigurationException("expected a port from 1 to 65535, but found '" + text + "'");
    }

    private static void atExit(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, "exit"));
    }
}

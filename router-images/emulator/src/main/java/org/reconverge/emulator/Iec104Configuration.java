package org.reconverge.emulator;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reconverge.emulator.iec104.ControlledStation;
import org.reconverge.emulator.iec104.ControllingStation;
import org.reconverge.emulator.iec104.Iec104Parameters;
import org.reconverge.emulator.iec104.StationKind;

/**
 * One end of IEC 60870-5-104: a gateway's, which {@code probe} runs, or a site's, which {@code serve} runs.
 *
 * @param station which station this end is
 * @param tcp which side of TCP this end is
 * @param addresses where a TCP client connects to; where a TCP server listens. A client with several holds one connection
 *     to each, for a redundancy group
 * @param from the address that a TCP client connects from; empty for the kernel's choice
 * @param port the port connected to or listened on
 * @param sessions how many controlled stations this end has, or how many connections a controlling TCP client makes; a
 *     controlling TCP server takes what comes
 * @param parameters k, w and the times
 * @param reconnect the least time between the beginnings of two attempts to connect
 * @param keepalive the idle time and interval of TCP's own keepalive, whole seconds, which gives up after three; empty for
 *     none
 * @param controlled what the controlled stations are like; the common address is the first one's, others follow it
 * @param controlling what the controlling station does
 */
record Iec104Configuration(
        StationKind station,
        Tcp tcp,
        List<InetAddress> addresses,
        Optional<InetAddress> from,
        int port,
        int sessions,
        Iec104Parameters parameters,
        Duration reconnect,
        Optional<Duration> keepalive,
        ControlledStation.Settings controlled,
        ControllingStation.Settings controlling) {

    /** The port of IEC 60870-5-104 (§5.4). */
    static final int PORT = 2404;

    private static final Set<String> KEYS = Set.of(
            "name",
            "type",
            "station",
            "tcp",
            "address",
            "addresses",
            "from",
            "port",
            "sessions",
            "valueIntervalNanos",
            "k",
            "w",
            "t0Nanos",
            "t1Nanos",
            "t2Nanos",
            "t3Nanos",
            "reconnectNanos",
            "keepaliveNanos",
            "commonAddress",
            "bufferedEvents",
            "selectionNanos",
            "commandDelayNanos",
            "originator",
            "interrogationNanos",
            "counters",
            "clock",
            "commandIntervalNanos",
            "operateDelayNanos",
            "redundant");

    private static final Duration RECONNECT = Duration.ofSeconds(1);
    private static final int MOST_SESSIONS = 10_000;

    /** The sides of TCP. */
    enum Tcp {
        CLIENT,
        SERVER
    }

    Iec104Configuration {
        addresses = List.copyOf(addresses);
    }

    /** Returns where a TCP client connects to, or a TCP server listens. */
    List<InetSocketAddress> endpoints() {
        return addresses.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** Returns this configuration with other addresses. */
    Iec104Configuration at(List<InetAddress> others) {
        return new Iec104Configuration(
                station, tcp, others, from, port, sessions, parameters, reconnect, keepalive, controlled, controlling);
    }

    /** Returns this configuration with other parameters. */
    Iec104Configuration with(Iec104Parameters others) {
        return new Iec104Configuration(
                station, tcp, addresses, from, port, sessions, others, reconnect, keepalive, controlled, controlling);
    }

    /**
     * Reads the end of a gateway: by default the controlled station and the TCP client, since what it connects to is an
     * anycast address.
     */
    static Iec104Configuration ofGateway(JsonObject json) throws InvalidConfigurationException {
        return parse(json, StationKind.CONTROLLED, Tcp.CLIENT);
    }

    /** Reads the end of a site: by default the controlling station and the TCP server. */
    static Iec104Configuration ofSite(String json) throws InvalidConfigurationException {
        try {
            return parse(JsonParser.parseString(json).getAsJsonObject(), StationKind.CONTROLLING, Tcp.SERVER);
        } catch (JsonParseException | IllegalStateException e) {
            throw new InvalidConfigurationException("cannot read the configuration of IEC 104: " + e.getMessage());
        }
    }

    private static Iec104Configuration parse(JsonObject json, StationKind station, Tcp tcp)
            throws InvalidConfigurationException {
        for (String key : json.keySet()) {
            if (!KEYS.contains(key)) {
                throw new InvalidConfigurationException("unknown key '" + key + "' of IEC 104 in " + json);
            }
        }
        try {
            Iec104Parameters standard = Iec104Parameters.DEFAULT;
            int sessions = integer(json, "sessions", 1, 1, MOST_SESSIONS);
            int commonAddress = integer(json, "commonAddress", 1, 1, 65_534);
            if (commonAddress + sessions - 1 > 65_534) {
                throw new InvalidConfigurationException("expected common addresses up to 65534, but " + sessions
                        + " sessions from " + commonAddress + " need more");
            }
            return new Iec104Configuration(
                    station(json, station),
                    tcp(json, tcp),
                    addresses(json),
                    json.has("from")
                            ? Optional.of(Transport.address(json.get("from").getAsString()))
                            : Optional.empty(),
                    integer(json, "port", PORT, 1, 65_535),
                    sessions,
                    new Iec104Parameters(
                            integer(json, "k", standard.k(), 1, 32_767),
                            integer(json, "w", standard.w(), 1, 32_767),
                            nanos(json, "t0Nanos", standard.t0()),
                            nanos(json, "t1Nanos", standard.t1()),
                            nanos(json, "t2Nanos", standard.t2()),
                            nanos(json, "t3Nanos", standard.t3())),
                    nanos(json, "reconnectNanos", RECONNECT),
                    optionalNanos(json, "keepaliveNanos"),
                    controlled(json, commonAddress),
                    controlling(json));
        } catch (IllegalArgumentException | IllegalStateException | UnsupportedOperationException e) {
            throw new InvalidConfigurationException("cannot read IEC 104 in " + json + ": " + e.getMessage());
        }
    }

    private static ControlledStation.Settings controlled(JsonObject json, int commonAddress)
            throws InvalidConfigurationException {
        ControlledStation.Settings usual =
                ControlledStation.Settings.of(commonAddress, nanos(json, "valueIntervalNanos", Duration.ofSeconds(1)));
        return new ControlledStation.Settings(
                commonAddress,
                usual.interval(),
                integer(json, "bufferedEvents", usual.capacity(), 1, 1_000_000),
                nanos(json, "selectionNanos", usual.selectionTime()),
                nanos(json, "commandDelayNanos", usual.commandDelay()));
    }

    private static ControllingStation.Settings controlling(JsonObject json) throws InvalidConfigurationException {
        ControllingStation.Settings usual = ControllingStation.Settings.DEFAULT;
        return new ControllingStation.Settings(
                integer(json, "originator", usual.originator(), 0, 255),
                nanos(json, "interrogationNanos", usual.interrogationTime()),
                flag(json, "counters", usual.counters()),
                flag(json, "clock", usual.clock()),
                optionalNanos(json, "commandIntervalNanos"),
                optionalNanos(json, "operateDelayNanos").orElse(usual.operateDelay()),
                flag(json, "redundant", usual.redundant()));
    }

    private static StationKind station(JsonObject json, StationKind otherwise) throws InvalidConfigurationException {
        String text = json.has("station") ? json.get("station").getAsString() : "";
        return switch (text) {
            case "" -> otherwise;
            case "controlled" -> StationKind.CONTROLLED;
            case "controlling" -> StationKind.CONTROLLING;
            default ->
                throw new InvalidConfigurationException(
                        "expected station controlled or controlling, but found '" + text + "'");
        };
    }

    private static Tcp tcp(JsonObject json, Tcp otherwise) throws InvalidConfigurationException {
        String text = json.has("tcp") ? json.get("tcp").getAsString() : "";
        return switch (text) {
            case "" -> otherwise;
            case "client" -> Tcp.CLIENT;
            case "server" -> Tcp.SERVER;
            default ->
                throw new InvalidConfigurationException("expected tcp client or server, but found '" + text + "'");
        };
    }

    private static List<InetAddress> addresses(JsonObject json) throws InvalidConfigurationException {
        List<InetAddress> addresses = new ArrayList<>();
        if (json.has("address")) {
            addresses.add(Transport.address(json.get("address").getAsString()));
        }
        if (json.has("addresses")) {
            for (JsonElement address : json.getAsJsonArray("addresses")) {
                addresses.add(Transport.address(address.getAsString()));
            }
        }
        return addresses;
    }

    private static int integer(JsonObject json, String name, int otherwise, int least, int most)
            throws InvalidConfigurationException {
        int value = json.has(name) ? json.get(name).getAsInt() : otherwise;
        if (value < least || value > most) {
            throw new InvalidConfigurationException(
                    "expected " + name + " from " + least + " to " + most + ", but found " + value);
        }
        return value;
    }

    private static boolean flag(JsonObject json, String name, boolean otherwise) {
        return json.has(name) ? json.get(name).getAsBoolean() : otherwise;
    }

    private static Duration nanos(JsonObject json, String name, Duration otherwise)
            throws InvalidConfigurationException {
        return optionalNanos(json, name).orElse(otherwise);
    }

    private static Optional<Duration> optionalNanos(JsonObject json, String name) throws InvalidConfigurationException {
        if (!json.has(name)) {
            return Optional.empty();
        }
        long value = json.get(name).getAsLong();
        if (value <= 0) {
            throw new InvalidConfigurationException("expected " + name + " above 0, but found " + value);
        }
        return Optional.of(Duration.ofNanos(value));
    }
}

package org.reconverge.emulator;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A client's sessions of a protocol other than IEC 60870-5-104: each polls (Modbus TCP) or publishes (MQTT in TLS) over a
 * connection of its own, and opens a new one when that is gone.
 *
 * @param protocol the protocol
 * @param address where they connect to
 * @param from the address that they connect from; empty for the kernel's choice
 * @param port the port they connect to
 * @param sessions how many there are
 * @param station the number of the first, by which histories tell them apart; others follow it
 * @param interval the time between two polls or publications of a session
 * @param timeout how long an answer may stay away before the connection is given up
 * @param keepalive how long a session may be silent before it asks whether the other end is there (MQTT 3.1.1 §3.1.2.10)
 * @param reconnect the least time between the beginnings of two attempts to connect
 * @param credentials what TLS needs; empty for Modbus
 */
record SessionConfiguration(
        Protocol protocol,
        InetAddress address,
        Optional<InetAddress> from,
        int port,
        int sessions,
        int station,
        Duration interval,
        Duration timeout,
        Duration keepalive,
        Duration reconnect,
        Optional<TlsCredentials> credentials) {

    /** The protocols and their registered ports. */
    enum Protocol {
        /** Modbus TCP: reads holding registers. */
        MODBUS(502, Duration.ofSeconds(1)),
        /** MQTT 3.1.1 in TLS with certificates at both ends: publishes with QoS 1. */
        TLS(8883, Duration.ofSeconds(5));

        private final int port;
        private final Duration timeout;

        Protocol(int port, Duration timeout) {
            this.port = port;
            this.timeout = timeout;
        }
    }

    private static final Map<String, Protocol> TYPES = Map.of("modbus", Protocol.MODBUS, "tls", Protocol.TLS);
    private static final Set<String> KEYS = Set.of(
            "name",
            "type",
            "address",
            "from",
            "port",
            "sessions",
            "station",
            "intervalNanos",
            "timeoutNanos",
            "keepaliveNanos",
            "reconnectNanos",
            "tls");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration KEEPALIVE = Duration.ofSeconds(10);

    /** Returns whether a probe of this type is one of these. */
    static boolean isType(String type) {
        return TYPES.containsKey(type);
    }

    /** Returns where the sessions connect to. */
    InetSocketAddress remote() {
        return new InetSocketAddress(address, port);
    }

    static SessionConfiguration parse(JsonObject json) throws InvalidConfigurationException {
        for (String key : json.keySet()) {
            if (!KEYS.contains(key)) {
                throw new InvalidConfigurationException("unknown key '" + key + "' of a session");
            }
        }
        Protocol protocol = TYPES.get(json.get("type").getAsString());
        if (protocol == null || !json.has("address")) {
            throw new InvalidConfigurationException("expected type modbus or tls, and 'address'");
        }
        if ((protocol == Protocol.TLS) != json.has("tls")) {
            throw new InvalidConfigurationException("expected 'tls' in a session of type tls, and in no other");
        }
        return new SessionConfiguration(
                protocol,
                Transport.address(json.get("address").getAsString()),
                json.has("from")
                        ? Optional.of(Transport.address(json.get("from").getAsString()))
                        : Optional.empty(),
                integer(json, "port", protocol.port, 65_535),
                integer(json, "sessions", 1, 10_000),
                integer(json, "station", 1, 65_534),
                nanos(json, "intervalNanos", SECOND),
                nanos(json, "timeoutNanos", protocol.timeout),
                nanos(json, "keepaliveNanos", KEEPALIVE),
                nanos(json, "reconnectNanos", SECOND),
                json.has("tls") ? Optional.of(TlsCredentials.of(json.get("tls").getAsJsonObject())) : Optional.empty());
    }

    private static int integer(JsonObject json, String name, int otherwise, int most)
            throws InvalidConfigurationException {
        int value = json.has(name) ? json.get(name).getAsInt() : otherwise;
        if (value < 1 || value > most) {
            throw new InvalidConfigurationException("expected " + name + " from 1 to " + most + ", but found " + value);
        }
        return value;
    }

    private static Duration nanos(JsonObject json, String name, Duration otherwise)
            throws InvalidConfigurationException {
        long value = json.has(name) ? json.get(name).getAsLong() : otherwise.toNanos();
        if (value <= 0) {
            throw new InvalidConfigurationException("expected " + name + " above 0, but found " + value);
        }
        return Duration.ofNanos(value);
    }

    /**
     * What one end of TLS needs, in PEM.
     *
     * @param certificate its own
     * @param privateKey the key of it, PKCS #8
     * @param authority the certificate that the other end's must be signed with
     * @param serverName the name that the server's certificate must be for; of no use to a server
     */
    record TlsCredentials(String certificate, String privateKey, String authority, String serverName) {

        static TlsCredentials parse(String json) throws InvalidConfigurationException {
            try {
                return of(JsonParser.parseString(json).getAsJsonObject());
            } catch (JsonParseException | IllegalStateException e) {
                throw new InvalidConfigurationException("cannot read the credentials of TLS: " + e.getMessage());
            }
        }

        static TlsCredentials of(JsonObject json) throws InvalidConfigurationException {
            return new TlsCredentials(
                    text(json, "certificate"),
                    text(json, "privateKey"),
                    text(json, "authority"),
                    json.has("serverName") ? json.get("serverName").getAsString() : "");
        }

        private static String text(JsonObject json, String name) throws InvalidConfigurationException {
            if (!json.has(name)) {
                throw new InvalidConfigurationException("expected '" + name + "' in the credentials of TLS");
            }
            return json.get(name).getAsString();
        }

        /** Hides the key, which would else stand in a log. */
        @Override
        public String toString() {
            return "TlsCredentials[serverName=" + serverName + "]";
        }
    }
}

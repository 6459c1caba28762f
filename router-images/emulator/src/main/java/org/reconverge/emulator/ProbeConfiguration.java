package org.reconverge.emulator;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The probes that an emulator runs.
 *
 * @param streams the streams of all its clients, in the order given
 * @param gateways the telecontrol of all its clients, in the order given
 * @param sessions the sessions of other protocols of all its clients, in the order given
 * @param stallThreshold a stall of this process longer than this is reported
 */
record ProbeConfiguration(
        List<Stream> streams, List<Gateway> gateways, List<Session> sessions, Duration stallThreshold) {

    /**
     * A client's end of IEC 60870-5-104.
     *
     * @param probe identifies it: {@code client/name}
     * @param client the client's name
     * @param end what it is
     */
    record Gateway(String probe, String client, Iec104Configuration end) {}

    /**
     * A client's sessions of Modbus TCP, or of MQTT in TLS.
     *
     * @param probe identifies them: {@code client/name}
     * @param client the client's name
     * @param sessions what they are
     */
    record Session(String probe, String client, SessionConfiguration sessions) {}

    private static final int DNS_PORT = 53;

    /** How requests travel. */
    enum Protocol {
        UDP,
        TCP
    }

    /**
     * One stream of requests.
     *
     * @param probe identifies it: {@code client/name}
     * @param client the client's name
     * @param protocol how requests travel
     * @param address where they go; the resolver's where a name is looked up
     * @param from the local address that they leave from; null for what the kernel chooses
     * @param lookup how the name that they go to is looked up; null if they go to {@code address}
     * @param port the port they go to
     * @param ratePerSecond requests per second, 1 to 1000
     * @param threshold the forwarding delay threshold; only passed on, since the emulator reports late replies as any other
     * @param connectTimeout how long an attempt to connect may take (TCP)
     * @param replyTimeout how long replies may stay away before a connection is given up (TCP)
     * @param stallThreshold a request later than this, and than its interval, is reported as a stall
     */
    record Stream(
            String probe,
            String client,
            Protocol protocol,
            InetAddress address,
            @Nullable InetAddress from,
            @Nullable Lookup lookup,
            int port,
            int ratePerSecond,
            Duration threshold,
            Duration connectTimeout,
            Duration replyTimeout,
            Duration stallThreshold) {

        /** Returns what requests are sent to, for people: an address or a name. */
        String destination() {
            return lookup == null ? Transport.text(address) : lookup.name();
        }

        /** Returns where sockets are bound to. */
        InetSocketAddress local() {
            return from == null ? new InetSocketAddress(0) : new InetSocketAddress(from, 0);
        }

        /** Returns the time between two requests. */
        Duration interval() {
            return Duration.ofSeconds(1).dividedBy(ratePerSecond);
        }
    }

    /**
     * A client that knows the service by name.
     *
     * @param name the name
     * @param resolver the resolver that it asks
     * @param policy how long it believes an answer
     */
    record Lookup(String name, InetSocketAddress resolver, Policy policy) {

        /** How long a client believes an answer. */
        enum Policy {
            /** For its time to live (RFC 1035 §3.2.1). */
            TTL,
            /** For ever, as most firewalls, VPN peers and telecontrol clients do. */
            ONCE
        }
    }

    ProbeConfiguration {
        streams = List.copyOf(streams);
        gateways = List.copyOf(gateways);
        sessions = List.copyOf(sessions);
    }

    /** Returns the names of the clients, separated by commas. */
    String clients() {
        return java.util.stream.Stream.of(
                        streams.stream().map(Stream::client),
                        gateways.stream().map(Gateway::client),
                        sessions.stream().map(Session::client))
                .flatMap(names -> names)
                .distinct()
                .collect(Collectors.joining(","));
    }

    /**
     * Reads {@code {"clients":[{"client":…,"probes":[{"name":…,"type":"udp"|"tcp","address":…,"port":…,
     * "ratePerSecond":…,"thresholdNanos":…}]}]}}. Optional are {@code connectTimeoutNanos} and {@code replyTimeoutNanos} of
     * a TCP probe, both 1 s; {@code from}, a local address; {@code "host":…,"name-server":…,"lookup":"ttl"|"once"} in place of {@code address}; and
     * {@code stallThresholdNanos} beside {@code clients}, 2 ms. A probe of type {@code iec104} is an
     * {@link Iec104Configuration}, one of type {@code modbus} or {@code tls} a {@link SessionConfiguration}.
     *
     * @throws InvalidConfigurationException if {@code json} is anything else
     */
    static ProbeConfiguration parse(String json) throws InvalidConfigurationException {
        try {
            JsonObject root = JsonParser.parseString(json).getAsJsonObject();
            Duration stallThreshold = nanos(root, "stallThresholdNanos", Duration.ofMillis(2));
            List<Stream> streams = new ArrayList<>();
            List<Gateway> gateways = new ArrayList<>();
            List<Session> sessions = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (JsonElement client : array(root, "clients")) {
                String clientName = required(client.getAsJsonObject(), "client").getAsString();
                for (JsonElement probe : array(client.getAsJsonObject(), "probes")) {
                    JsonObject one = probe.getAsJsonObject();
                    String name = clientName + "/" + required(one, "name").getAsString();
                    if (!names.add(name)) {
                        throw new InvalidConfigurationException("expected one probe " + name + ", but found two");
                    }
                    String type = required(one, "type").getAsString();
                    if (type.equals("iec104")) {
                        gateways.add(gateway(name, clientName, one));
                    } else if (SessionConfiguration.isType(type)) {
                        sessions.add(new Session(name, clientName, SessionConfiguration.parse(one)));
                    } else {
                        streams.add(stream(name, clientName, one, stallThreshold));
                    }
                }
            }
            if (streams.isEmpty() && gateways.isEmpty() && sessions.isEmpty()) {
                throw new InvalidConfigurationException("expected at least one probe, but found none");
            }
            return new ProbeConfiguration(streams, gateways, sessions, stallThreshold);
        } catch (JsonParseException
                | IllegalStateException
                | UnsupportedOperationException
                | NumberFormatException
                | ClassCastException e) {
            throw new InvalidConfigurationException("cannot read the probes' configuration: " + e.getMessage());
        }
    }

    private static Gateway gateway(String name, String client, JsonObject probe) throws InvalidConfigurationException {
        Iec104Configuration end = Iec104Configuration.ofGateway(probe);
        if (end.addresses().isEmpty()) {
            throw new InvalidConfigurationException("expected 'address' or 'addresses' in " + probe);
        }
        return new Gateway(name, client, end);
    }

    private static Stream stream(String name, String client, JsonObject probe, Duration stallThreshold)
            throws InvalidConfigurationException {
        String type = required(probe, "type").getAsString();
        Protocol protocol = switch (type) {
            case "udp" -> Protocol.UDP;
            case "tcp" -> Protocol.TCP;
            default ->
                throw new InvalidConfigurationException(
                        "expected type udp, tcp, iec104, modbus or tls, but found '" + type + "'");
        };
        return new Stream(
                name,
                client,
                protocol,
                Transport.address(required(probe, probe.has("host") ? "name-server" : "address")
                        .getAsString()),
                probe.has("from") ? Transport.address(probe.get("from").getAsString()) : null,
                lookup(probe),
                between(1, 65_535, probe, "port"),
                between(1, 1000, probe, "ratePerSecond"),
                nanos(probe, "thresholdNanos", Duration.ofSeconds(2)),
                nanos(probe, "connectTimeoutNanos", Duration.ofSeconds(1)),
                nanos(probe, "replyTimeoutNanos", Duration.ofSeconds(1)),
                stallThreshold);
    }

    private static @Nullable Lookup lookup(JsonObject probe) throws InvalidConfigurationException {
        if (!probe.has("host")) {
            return null;
        }
        String policy = required(probe, "lookup").getAsString();
        return new Lookup(
                required(probe, "host").getAsString(),
                new InetSocketAddress(
                        Transport.address(required(probe, "name-server").getAsString()), DNS_PORT),
                switch (policy) {
                    case "ttl" -> Lookup.Policy.TTL;
                    case "once" -> Lookup.Policy.ONCE;
                    default ->
                        throw new InvalidConfigurationException(
                                "expected lookup ttl or once, but found '" + policy + "'");
                });
    }

    private static JsonArray array(JsonObject object, String name) throws InvalidConfigurationException {
        return required(object, name).getAsJsonArray();
    }

    private static JsonElement required(JsonObject object, String name) throws InvalidConfigurationException {
        JsonElement value = object.get(name);
        if (value == null) {
            throw new InvalidConfigurationException("expected '" + name + "' in " + object);
        }
        return value;
    }

    private static int between(int least, int most, JsonObject object, String name)
            throws InvalidConfigurationException {
        int value = required(object, name).getAsInt();
        if (value < least || value > most) {
            throw new InvalidConfigurationException(
                    "expected " + name + " from " + least + " to " + most + ", but found " + value);
        }
        return value;
    }

    private static Duration nanos(JsonObject object, String name, Duration otherwise)
            throws InvalidConfigurationException {
        if (!object.has(name)) {
            return otherwise;
        }
        long value = object.get(name).getAsLong();
        if (value <= 0) {
            throw new InvalidConfigurationException("expected " + name + " above 0, but found " + value);
        }
        return Duration.ofNanos(value);
    }
}

package org.reconverge.model.spec;

import static org.reconverge.model.spec.SpecForm.choice;
import static org.reconverge.model.spec.SpecForm.duration;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.reconverge.model.source.DurationText;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.spec.SessionSpec.Iec104Parameters;

/** Reads the long-lived sessions of clients: probes of type {@code iec104}, {@code modbus} and {@code tls}. */
final class SessionReader {

    private static final Set<String> MODBUS_KEYS =
            Set.of("name", "type", "via", "to", "port", "sessions", "rate", "timeout");
    private static final Set<String> TLS_KEYS =
            Set.of("name", "type", "via", "to", "port", "sessions", "values", "timeout", "keepalive");
    private static final Set<String> IEC104_KEYS = Set.of(
            "name",
            "type",
            "via",
            "to",
            "port",
            "sessions",
            "role",
            "connect",
            "values",
            "commands",
            "t0",
            "t1",
            "t2",
            "t3",
            "k",
            "w");

    /** The registered ports of the protocols. */
    private static final Map<String, Integer> PORTS = Map.of("iec104", 2404, "modbus", 502, "tls", 8883);

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** 65535 is the global address, and 0 is not used (IEC 60870-5-101 §7.2.4). */
    private static final int LAST_STATION = 65534;

    private int nextStation = 1;

    /** Returns the type of a probe that is a session; empty for any other. */
    static Optional<String> type(YamlMapping probe) {
        return probe.get("type")
                .flatMap(value -> PORTS.keySet().stream().filter(value::is).findFirst());
    }

    /** Returns the keys that a probe of a type may have. */
    static Set<String> keys(String type) {
        return switch (type) {
            case "modbus" -> MODBUS_KEYS;
            case "tls" -> TLS_KEYS;
            default -> IEC104_KEYS;
        };
    }

    /** Reads what is special to the sessions of one probe. */
    SessionSpec read(YamlMapping probe, String type, String name, Via via, String address) {
        return switch (type) {
            case "modbus" -> {
                // The interval of a rate in whole nanoseconds.
                Duration interval = probe.get("rate")
                        .flatMap(value -> value.parsed("a rate, such as 10/s", ClientReader::rate))
                        .map(rate -> SECOND.dividedBy(rate.perSecond()))
                        .orElse(SECOND);
                yield simple(
                        probe,
                        type,
                        name,
                        via,
                        address,
                        SessionSpec.Role.CONTROLLING,
                        interval,
                        new SessionSpec.ModbusParameters(
                                duration(probe, "timeout").orElse(SECOND)));
            }
            case "tls" ->
                simple(
                        probe,
                        type,
                        name,
                        via,
                        address,
                        SessionSpec.Role.CONTROLLED,
                        duration(probe, "values").orElse(SECOND),
                        new SessionSpec.TlsParameters(
                                duration(probe, "timeout").orElse(Duration.ofSeconds(5)),
                                duration(probe, "keepalive").orElse(Duration.ofSeconds(10))));
            default -> iec104(probe, name, via, address);
        };
    }

    private SessionSpec simple(
            YamlMapping probe,
            String type,
            String name,
            Via via,
            String address,
            SessionSpec.Role role,
            Duration interval,
            SessionSpec.Parameters parameters) {
        int sessions = integer(probe, "sessions", 1, 10_000, 1);
        return new SessionSpec(
                name,
                via,
                address,
                port(probe, type),
                stations(probe, sessions),
                sessions,
                role,
                SessionSpec.Connect.CLIENT,
                interval,
                Optional.empty(),
                parameters);
    }

    private static int port(YamlMapping probe, String type) {
        return integer(probe, "port", 1, 65535, PORTS.getOrDefault(type, 1));
    }

    /** Returns the first of so many stations that nobody has yet. */
    private int stations(YamlMapping probe, int sessions) {
        int station = nextStation;
        nextStation += sessions;
        if (nextStation - 1 > LAST_STATION) {
            probe.get("sessions")
                    .orElse(probe.asValue())
                    .error("expected at most " + LAST_STATION
                            + " sessions in a spec, the most stations that the protocol "
                            + "can address, but with these there are " + (nextStation - 1));
        }
        return station;
    }

    private SessionSpec iec104(YamlMapping probe, String name, Via via, String address) {
        SessionSpec.Role role = probe.get("role")
                .flatMap(value -> choice(
                        value,
                        Map.of(
                                "controlled", SessionSpec.Role.CONTROLLED,
                                "controlling", SessionSpec.Role.CONTROLLING)))
                .orElse(SessionSpec.Role.CONTROLLED);
        SessionSpec.Connect connect = probe.get("connect")
                .flatMap(value -> choice(
                        value, Map.of("client", SessionSpec.Connect.CLIENT, "server", SessionSpec.Connect.SERVER)))
                .orElse(SessionSpec.Connect.CLIENT);
        if (connect == SessionSpec.Connect.SERVER && via != Via.TUNNEL) {
            probe.get("connect")
                    .ifPresent(value -> value.error("expected 'via: tunnel' beside 'connect: server'; the platform "
                            + "reaches a client that listens only at its inner address"));
        }
        int sessions = integer(probe, "sessions", 1, 10_000, 1);
        return new SessionSpec(
                name,
                via,
                address,
                port(probe, "iec104"),
                stations(probe, sessions),
                sessions,
                role,
                connect,
                duration(probe, "values").orElse(Duration.ofSeconds(1)),
                duration(probe, "commands"),
                parameters(probe));
    }

    private static Iec104Parameters parameters(YamlMapping probe) {
        Iec104Parameters standard = Iec104Parameters.DEFAULT;
        Duration t1 = duration(probe, "t1").orElse(standard.t1());
        // A t2 that is not written keeps its ratio to a shorter t1; 10 s beside t1 = 1 s would close every connection.
        Duration t2Default = min(standard.t2(), t1.multipliedBy(2).dividedBy(3));
        Duration t2 = duration(probe, "t2").orElse(t2Default);
        if (t2.compareTo(t1) >= 0) {
            probe.get("t2")
                    .ifPresent(value -> value.error("expected less than t1 of " + DurationText.format(t1)
                            + ", or every connection is closed before its acknowledgement, but found "
                            + DurationText.format(t2)));
        }
        int k = integer(probe, "k", 1, 32767, standard.k());
        int mostW = Math.max(1, k * 2 / 3);
        int w = integer(probe, "w", 1, 32767, Math.min(standard.w(), mostW));
        if (w > mostW) {
            probe.get("w")
                    .ifPresent(value -> value.error("expected at most " + mostW + ", two thirds of k, but found " + w));
        }
        return new Iec104Parameters(
                duration(probe, "t0").orElse(standard.t0()),
                t1,
                t2,
                duration(probe, "t3").orElse(standard.t3()),
                k,
                w);
    }

    private static int integer(YamlMapping probe, String key, int least, int most, int standard) {
        return probe.get(key)
                .map(value -> value.integer(least, most))
                .orElse(OptionalInt.empty())
                .orElse(standard);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}

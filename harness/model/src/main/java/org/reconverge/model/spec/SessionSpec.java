package org.reconverge.model.spec;

import java.time.Duration;
import java.util.Optional;

/**
 * Long-lived sessions between a client and the platform: telecontrol by IEC 60870-5-104 (2016), polling by Modbus TCP, or
 * publications by MQTT 3.1.1 in TLS.
 *
 * @param name the name, unique among the probes of the client, such as {@code iec104}
 * @param via the way to the platform
 * @param address where the platform's stations listen, as text without brackets: a service address, or the inner address
 * @param port the TCP port of whichever station listens
 * @param station the common address of the first session's controlled station (IEC 60870-5-101 §7.2.4), which is no
 *     other's in the spec; the sessions that follow have the addresses that follow
 * @param sessions how many sessions run side by side, each on its own connection
 * @param role what the client's stations are; the platform's are the other. A client that polls is {@code CONTROLLING}, one
 *     that publishes {@code CONTROLLED}
 * @param connect what the client's stations are to TCP
 * @param values the time between two spontaneous values, polls or publications of a session
 * @param commands the time between two commands of a session; empty for none
 * @param parameters the protocol's parameters, which say which protocol it is
 */
public record SessionSpec(
        String name,
        Via via,
        String address,
        int port,
        int station,
        int sessions,
        Role role,
        Connect connect,
        Duration values,
        Optional<Duration> commands,
        Parameters parameters) {

    /** Returns the common address of the last session's controlled station. */
    public int lastStation() {
        return station + sessions - 1;
    }

    /** What a station is. */
    public enum Role {
        /** Has the process: sends values, executes commands. */
        CONTROLLED,
        /** Watches and commands. */
        CONTROLLING
    }

    /** What a station is to TCP. */
    public enum Connect {
        /** It opens the connection. */
        CLIENT,
        /** It listens. */
        SERVER
    }

    /** The parameters of one of the protocols. */
    public sealed interface Parameters permits Iec104Parameters, ModbusParameters, TlsParameters {}

    /**
     * The parameters of a client that polls registers (Modbus Messaging on TCP/IP 1.0b).
     *
     * @param timeout how long a response may stay away before the connection is closed; 1 s
     */
    public record ModbusParameters(Duration timeout) implements Parameters {}

    /**
     * The parameters of a client that publishes with QoS 1 (MQTT 3.1.1 §4.3.2) in TLS with certificates at both ends.
     *
     * @param timeout how long an acknowledgement, or the answer to a ping, may stay away before the connection is closed; 5 s
     * @param keepalive how long the client may be silent before it sends a ping (§3.1.2.10); 10 s
     */
    public record TlsParameters(Duration timeout, Duration keepalive) implements Parameters {}

    /**
     * The parameters of IEC 60870-5-104 §9.6, with its defaults.
     *
     * @param t0 how long the connection may take to be established; 30 s
     * @param t1 how long an acknowledgement may take before the connection is closed; 15 s
     * @param t2 how long a station may wait before it acknowledges; less than t1; 10 s
     * @param t3 how long a connection may be idle before a test frame is sent; 20 s
     * @param k the most I frames that may be unacknowledged; 12
     * @param w the most I frames that are received before they are acknowledged; at most two thirds of k; 8
     */
    public record Iec104Parameters(Duration t0, Duration t1, Duration t2, Duration t3, int k, int w)
            implements Parameters {

        /** What the standard proposes. */
        public static final Iec104Parameters DEFAULT = new Iec104Parameters(
                Duration.ofSeconds(30), Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(20), 12, 8);
    }
}

package org.reconverge.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.DockerClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reconverge.lab.tunnel.SessionCredentials;
import org.reconverge.model.history.HistoryCodec;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.SessionSpec;
import org.reconverge.model.spec.SessionSpec.Iec104Parameters;
import org.reconverge.model.spec.SessionSpec.ModbusParameters;
import org.reconverge.model.spec.SessionSpec.TlsParameters;
import org.reconverge.model.spec.Site;
import org.reconverge.model.spec.TunnelSpec;
import org.reconverge.model.spec.Via;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the emulators of the service and of the clients, each in the network namespace of its node. */
final class Emulators {

    private static final Logger LOG = LoggerFactory.getLogger(Emulators.class);

    private final DockerClient client;
    private final String image;
    private final BiFunction<String, String, Map<String, String>> labels;
    private final UnaryOperator<String> containerName;
    private final HistoryRecorder history;
    private final SessionCredentials credentials = new SessionCredentials();

    Emulators(
            DockerClient client,
            String image,
            BiFunction<String, String, Map<String, String>> labels,
            UnaryOperator<String> containerName,
            HistoryRecorder history) {
        this.client = client;
        this.image = image;
        this.labels = labels;
        this.containerName = containerName;
        this.history = history;
    }

    /**
     * Starts the service of a site: it answers probes on every service address, and inside tunnels if there are any, and
     * names the site.
     */
    SideContainer service(FailoverSpec spec, Site site, LabNode node) {
        int port = spec.clients().values().stream()
                .flatMap(one -> one.probes().stream())
                .mapToInt(ProbeSpec::port)
                .findFirst()
                .orElse(7000);
        List<String> arguments = new ArrayList<>(List.of("serve", "--site", site.name()));
        Stream.concat(spec.addresses().stream(), site.addresses().stream())
                .forEach(address -> arguments.addAll(List.of("--address", address)));
        spec.innerAddresses().forEach(address -> arguments.addAll(List.of("--address", address)));
        arguments.addAll(List.of("--port", String.valueOf(port)));
        siteStations(spec).forEach(stations -> arguments.addAll(List.of("--iec104", stations)));
        ports(spec, ModbusParameters.class).forEach(one -> arguments.addAll(List.of("--modbus", one.toString())));
        Set<Integer> tls = ports(spec, TlsParameters.class);
        tls.forEach(one -> arguments.addAll(List.of("--tls", one.toString())));
        return start(
                node,
                "service",
                tls.isEmpty()
                        ? Map.of()
                        : Map.of("RECONVERGE_TLS", pem(credentials.platform()).toString()),
                arguments);
    }

    /** Returns the ports of all sessions of one protocol. */
    private static Set<Integer> ports(FailoverSpec spec, Class<? extends SessionSpec.Parameters> protocol) {
        return spec.clients().values().stream()
                .flatMap(one -> one.sessions().stream())
                .filter(session -> protocol.isInstance(session.parameters()))
                .map(SessionSpec::port)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static ObjectNode pem(SessionCredentials.Pem pem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("certificate", pem.certificate())
                .put("privateKey", pem.privateKey())
                .put("authority", pem.authority())
                .put("serverName", SessionCredentials.SERVER_NAME);
    }

    /** Returns the other ends of all telecontrol sessions: what a site runs, once where clients ask for the same. */
    private static Set<String> siteStations(FailoverSpec spec) {
        Set<String> ends = new LinkedHashSet<>();
        for (ClientSpec client : spec.clients().values()) {
            for (SessionSpec session : client.sessions()) {
                if (!(session.parameters() instanceof Iec104Parameters iec104)) {
                    continue;
                }
                ObjectNode end = JsonNodeFactory.instance.objectNode();
                boolean calls = session.connect() == SessionSpec.Connect.SERVER;
                boolean isControlling = session.role() == SessionSpec.Role.CONTROLLED;
                end.put("station", isControlling ? "controlling" : "controlled")
                        .put("tcp", calls ? "client" : "server")
                        .put("port", session.port());
                if (calls) {
                    end.put(
                                    "address",
                                    client.tunnel()
                                            .map(TunnelSpec::innerAddress)
                                            .orElse(""))
                            .put("from", session.address())
                            .put("sessions", session.sessions());
                }
                if (isControlling) {
                    session.commands().ifPresent(every -> end.put("commandIntervalNanos", every.toNanos()));
                } else {
                    end.put("commonAddress", session.station())
                            .put("sessions", session.sessions())
                            .put("valueIntervalNanos", session.values().toNanos());
                }
                parameters(end, iec104);
                ends.add(end.toString());
            }
        }
        return ends.isEmpty() ? Set.of("off") : ends;
    }

    private ObjectNode gatewayEnd(ClientSpec client, SessionSpec session, ObjectNode end) {
        if (session.parameters() instanceof Iec104Parameters iec104) {
            return gatewayStations(session, iec104, end);
        }
        end.put("name", session.name())
                .put("address", session.address())
                .put("port", session.port())
                .put("sessions", session.sessions())
                .put("station", session.station())
                .put("intervalNanos", session.values().toNanos());
        if (session.parameters() instanceof ModbusParameters modbus) {
            end.put("type", "modbus").put("timeoutNanos", modbus.timeout().toNanos());
        } else if (session.parameters() instanceof TlsParameters tls) {
            end.put("type", "tls")
                    .put("timeoutNanos", tls.timeout().toNanos())
                    .put("keepaliveNanos", tls.keepalive().toNanos())
                    .set("tls", pem(credentials.client(client.name())));
        }
        return end;
    }

    private static ObjectNode gatewayStations(SessionSpec session, Iec104Parameters parameters, ObjectNode end) {
        boolean isControlled = session.role() == SessionSpec.Role.CONTROLLED;
        end.put("name", session.name())
                .put("type", "iec104")
                .put("station", isControlled ? "controlled" : "controlling")
                .put("tcp", session.connect() == SessionSpec.Connect.CLIENT ? "client" : "server")
                .put("address", session.address())
                .put("port", session.port())
                .put("sessions", session.sessions());
        if (isControlled) {
            end.put("commonAddress", session.station())
                    .put("valueIntervalNanos", session.values().toNanos());
        } else {
            session.commands().ifPresent(every -> end.put("commandIntervalNanos", every.toNanos()));
        }
        parameters(end, parameters);
        return end;
    }

    private static void parameters(ObjectNode end, Iec104Parameters parameters) {
        end.put("k", parameters.k())
                .put("w", parameters.w())
                .put("t0Nanos", parameters.t0().toNanos())
                .put("t1Nanos", parameters.t1().toNanos())
                .put("t2Nanos", parameters.t2().toNanos())
                .put("t3Nanos", parameters.t3().toNanos());
    }

    /** Groups the clients by the node they run in; one emulator serves all clients of a namespace. */
    Map<String, List<ClientSpec>> clientsByNode(FailoverSpec spec) {
        Map<String, List<ClientSpec>> byNode = new LinkedHashMap<>();
        spec.clients()
                .values()
                .forEach(one -> byNode.computeIfAbsent(one.node(), node -> new ArrayList<>())
                        .add(one));
        return byNode;
    }

    /** Starts the probes of clients that share a node. */
    SideContainer probes(List<ClientSpec> clients, LabNode node) {
        ObjectNode configuration = JsonNodeFactory.instance.objectNode();
        ArrayNode list = configuration.putArray("clients");
        for (ClientSpec one : clients) {
            ObjectNode entry = list.addObject().put("client", one.name());
            ArrayNode probes = entry.putArray("probes");
            for (ProbeSpec probe : one.probes()) {
                ObjectNode written = probes.addObject();
                one.lookup()
                        .ifPresentOrElse(
                                lookup -> written.put("host", lookup.name())
                                        .put("name-server", lookup.resolver())
                                        .put("lookup", lookup.policy().name().toLowerCase(Locale.ROOT)),
                                () -> written.put("address", probe.address()));
                if (probe.via() == Via.NETWORK && !probe.address().contains(":")) {
                    // What the network does to a tunnel shows only on the way that the tunnel takes.
                    one.tunnel().flatMap(TunnelSpec::from).ifPresent(address -> written.put("from", address));
                }
                written.put("name", probe.name())
                        .put("type", probe.type().name().toLowerCase(Locale.ROOT))
                        .put("port", probe.port())
                        .put("ratePerSecond", probe.rate().perSecond())
                        .put("thresholdNanos", probe.threshold().toNanos());
            }
            for (SessionSpec session : one.sessions()) {
                ObjectNode end = gatewayEnd(one, session, probes.addObject());
                Optional<String> inner = one.tunnel().map(TunnelSpec::innerAddress);
                if (session.connect() == SessionSpec.Connect.SERVER) {
                    end.put("address", inner.orElse("0.0.0.0"));
                } else if (session.via() == Via.TUNNEL) {
                    // Before there is a tunnel, the kernel would choose the outer address and keep to it until t0 is
                    // over.
                    inner.ifPresent(address -> end.put("from", address));
                }
            }
        }
        return start(node, "probe", Map.of("RECONVERGE_PROBES", configuration.toString()), List.of("probe"));
    }

    private SideContainer start(LabNode node, String role, Map<String, String> environment, List<String> arguments) {
        SideContainer container = new SideContainer(
                client,
                image,
                containerName.apply(node.name() + "-" + role),
                node.container(),
                labels.apply(role, node.name()),
                environment,
                arguments,
                SideContainer.Equipment.NONE,
                line -> telemetry(node.name(), line));
        node.addCompanion(container);
        container.start();
        return container;
    }

    private void telemetry(String node, String line) {
        try {
            history.append(HistoryCodec.parseLine(line));
        } catch (RuntimeException e) {
            // A process that is killed in the middle of a line leaves half of it.
            LOG.debug("emulator of {}: not telemetry: {}", node, line, e);
        }
    }
}

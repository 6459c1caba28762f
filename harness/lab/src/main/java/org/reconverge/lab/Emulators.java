package org.reconverge.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.api.DockerClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.reconverge.model.history.HistoryCodec;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.Site;
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
        if (spec.clients().values().stream().anyMatch(one -> one.tunnel().isPresent())) {
            arguments.addAll(List.of("--address", spec.innerAddress()));
        }
        arguments.addAll(List.of("--port", String.valueOf(port)));
        return start(node, "service", Map.of(), arguments);
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
                written.put("name", probe.name())
                        .put("type", probe.type().name().toLowerCase(Locale.ROOT))
                        .put("port", probe.port())
                        .put("ratePerSecond", probe.rate().perSecond())
                        .put("thresholdNanos", probe.threshold().toNanos());
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

package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Capability;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.reconverge.lab.tunnel.TunnelEnd;
import org.reconverge.model.history.HistoryCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the containers in which the ends of tunnels run, each in the network namespace of its node. */
final class TunnelContainers {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelContainers.class);
    private static final List<String> DEVICES = List.of("/dev/net/tun");

    private final DockerClient client;
    private final String image;
    private final BiFunction<String, String, Map<String, String>> labels;
    private final UnaryOperator<String> containerName;
    private final HistoryRecorder history;

    TunnelContainers(
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
     * Creates the container of an end; it is not started.
     *
     * @throws LabException if the engine refuses it, as where the host has no TUN device
     */
    SideContainer create(TunnelEnd end, LabNode node) {
        try {
            SideContainer container = new SideContainer(
                    client,
                    image,
                    containerName.apply(node.name() + "-" + end.name()),
                    node.container(),
                    labels.apply("tunnel", node.name()),
                    Map.of(),
                    List.of(),
                    new SideContainer.Equipment(
                            List.of(Capability.NET_ADMIN, Capability.NET_RAW), DEVICES, end.files()),
                    line -> telemetry(node.name(), line));
            node.addCompanion(container);
            return container;
        } catch (DockerException e) {
            throw new LabException(
                    end + " could not be created: " + e.getMessage()
                            + "; tunnels need the device /dev/net/tun on the engine's host (modprobe tun)",
                    e);
        }
    }

    private void telemetry(String node, String line) {
        try {
            history.append(HistoryCodec.parseLine(line));
        } catch (RuntimeException e) {
            // A process that is killed in the middle of a line leaves half of it.
            LOG.debug("tunnel of {}: not telemetry: {}", node, line, e);
        }
    }
}

package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.ImageMap;
import org.reconverge.model.topology.Node;
import org.reconverge.model.topology.NodeKind;
import org.reconverge.model.topology.Topology;

/** Finds for every node the image it runs: ours by the image map, else as it is present, else pulled. */
final class NodeImages {

    /** The prefix of keys that stand for our own images, which are no node's. */
    static final String OWN = "reconverge/";

    private static final Set<String> ALWAYS = Set.of("panel", "emulator");
    private static final int PULL_SECONDS = 120;

    private final Engine engine;
    private final ImageStore store;
    private final ImageMap map;
    private final boolean hasTunnels;

    NodeImages(Engine engine, ImageStore store, FailoverSpec spec) {
        this.engine = engine;
        this.store = store;
        this.map = ImageMap.load(spec.images());
        this.hasTunnels = spec.clients().values().stream()
                .anyMatch(client -> client.tunnel().isPresent());
    }

    /** Returns tags by node name, and of our own images by {@link #OWN} and their name. */
    Map<String, String> resolve(Topology topology) {
        Map<String, ImageMap.Choice> choices = new LinkedHashMap<>();
        Set<String> own = new LinkedHashSet<>(ALWAYS);
        if (hasTunnels) {
            own.add("vpn");
        }
        for (Node node : topology.nodes().values()) {
            if (node.kind() == NodeKind.LINUX) {
                ImageMap.Choice choice = choose(node.image().orElseThrow());
                choices.put(node.name(), choice);
                ownName(choice.image(), own);
            }
        }
        Map<String, String> built = store.ensure(own);
        Map<String, String> tags = new HashMap<>();
        built.forEach((name, tag) -> tags.put(OWN + name, tag));
        choices.forEach((node, choice) -> {
            String reference = choice.image();
            String ours = reference.startsWith(OWN) ? built.get(reference.substring(OWN.length())) : null;
            tags.put(node, ours != null ? ours : present(node, topology, choice));
        });
        return tags;
    }

    /** A replacement of ours stands in for an image that the engine does not have; where it has it, the user's counts. */
    private ImageMap.Choice choose(String image) {
        ImageMap.Choice choice = map.choose(image);
        boolean isStandIn = choice instanceof ImageMap.Choice.Replaced replaced
                && replaced.entry().origin() == ImageMap.Origin.BUILT_IN;
        return isStandIn && isPresent(image) ? new ImageMap.Choice.AsWritten(image) : choice;
    }

    private boolean isPresent(String image) {
        try {
            engine.client().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private void ownName(String reference, Set<String> own) {
        if (reference.startsWith(OWN) && store.names().contains(reference.substring(OWN.length()))) {
            own.add(reference.substring(OWN.length()));
        }
    }

    private String present(String name, Topology topology, ImageMap.Choice choice) {
        return isPresent(choice.image())
                ? choice.image()
                : pulled(Objects.requireNonNull(topology.nodes().get(name)), choice);
    }

    private String pulled(Node node, ImageMap.Choice choice) {
        DockerClient client = engine.client();
        String reference = choice.image();
        String reason;
        try {
            boolean tagged = reference.lastIndexOf(':') > reference.lastIndexOf('/') || reference.contains("@");
            if (client.pullImageCmd(tagged ? reference : reference + ":latest")
                    .exec(new PullImageResultCallback())
                    .awaitCompletion(PULL_SECONDS, TimeUnit.SECONDS)) {
                client.inspectImageCmd(reference).exec();
                return reference;
            }
            reason = "no end within " + PULL_SECONDS + " s";
        } catch (DockerException e) {
            reason = String.valueOf(e.getMessage()).strip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reason = "interrupted";
        }
        throw new LabException("node " + node.name() + " (" + node.position() + "): image '" + reference
                + "' is not present and could not be pulled (" + reason + "). " + choice.explain() + ". Ours are "
                + store.names().stream().map(name -> OWN + name).toList());
    }
}

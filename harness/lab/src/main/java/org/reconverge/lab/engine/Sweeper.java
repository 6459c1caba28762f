package org.reconverge.lab.engine;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.reconverge.lab.engine.Owner.Liveness;

/**
 * Removes labs from an engine: everything that carries the label {@link Labels#LAB}, and nothing else.
 *
 * <p>It complements the {@link Reaper} where that one could not do its work, such as after a restart of the engine.
 */
public final class Sweeper {

    /** What an engine removes at once without slowing down. */
    private static final int AT_ONCE = 8;

    private final Engine engine;

    /** Creates a sweeper of an engine. */
    public Sweeper(Engine engine) {
        this.engine = engine;
    }

    /**
     * A lab on the engine.
     *
     * @param id its id
     * @param owner the process that it belongs to, if its labels name one
     * @param liveness what can be said about that process
     * @param containers how many containers it has
     */
    public record FoundLab(String id, Optional<Owner> owner, Liveness liveness, int containers) {}

    /** Returns every lab on the engine, ordered by id. */
    public List<FoundLab> labs() {
        Map<String, List<Container>> byLab = labelled().stream()
                .collect(Collectors.groupingBy(
                        container -> container.getLabels().getOrDefault(Labels.LAB, ""),
                        TreeMap::new,
                        Collectors.toList()));
        return byLab.entrySet().stream()
                .map(entry -> found(entry.getKey(), entry.getValue()))
                .toList();
    }

    /**
     * Removes the labs whose owner is dead. A lab whose owner lives, or may live where this process cannot look, stays.
     *
     * @return the labs that were removed
     */
    public List<FoundLab> sweep() {
        List<FoundLab> dead =
                labs().stream().filter(lab -> lab.liveness() == Liveness.DEAD).toList();
        dead.forEach(lab -> remove(lab.id()));
        return dead;
    }

    /** Removes a lab, whoever owns it. Returns when nothing of it is left. */
    public void remove(String lab) {
        Map<String, String> label = Map.of(Labels.LAB, lab);
        // The reaper goes last: should this process die in the middle, it finishes the work.
        Map<Boolean, List<String>> ids =
                engine.client().listContainersCmd().withShowAll(true).withLabelFilter(label).exec().stream()
                        .collect(Collectors.partitioningBy(
                                container ->
                                        "reaper".equals(container.getLabels().get(Labels.ROLE)),
                                Collectors.mapping(Container::getId, Collectors.toList())));
        removeContainers(ids.getOrDefault(false, List.of()));
        engine.client()
                .listNetworksCmd()
                .withFilter("label", List.of(Labels.LAB + "=" + lab))
                .exec()
                .forEach(network -> ignoringAbsence(
                        network.getId(),
                        id -> engine.client().removeNetworkCmd(id).exec()));
        Stream.ofNullable(engine.client()
                        .listVolumesCmd()
                        .withFilter("label", List.of(Labels.LAB + "=" + lab))
                        .exec()
                        .getVolumes())
                .flatMap(Collection::stream)
                .forEach(volume -> ignoringAbsence(
                        volume.getName(),
                        name -> engine.client().removeVolumeCmd(name).exec()));
        removeContainers(ids.getOrDefault(true, List.of()));
    }

    private FoundLab found(String id, List<Container> containers) {
        Optional<Owner> owner = containers.stream()
                .flatMap(container -> Owner.from(container.getLabels()).stream())
                .findFirst();
        return new FoundLab(id, owner, owner.map(Owner::liveness).orElse(Liveness.UNKNOWN), containers.size());
    }

    private List<Container> labelled() {
        return engine.client()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(Labels.LAB))
                .exec();
    }

    private void removeContainers(List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(AT_ONCE, ids.size()));
        try {
            List<CompletableFuture<Void>> removals = ids.stream()
                    .map(id -> CompletableFuture.runAsync(() -> ignoringAbsence(id, this::removeContainer), executor))
                    .toList();
            removals.forEach(CompletableFuture::join);
        } finally {
            executor.shutdown();
        }
    }

    private void removeContainer(String id) {
        engine.client()
                .removeContainerCmd(id)
                .withForce(true)
                .withRemoveVolumes(true)
                .exec();
    }

    private static void ignoringAbsence(String id, Consumer<String> removal) {
        try {
            removal.accept(id);
        } catch (NotFoundException | ConflictException e) {
            // Somebody else removed it, or is about to.
        }
    }
}

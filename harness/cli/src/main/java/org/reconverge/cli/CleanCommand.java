package org.reconverge.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.lab.engine.Owner.Liveness;
import org.reconverge.lab.engine.Sweeper;
import org.reconverge.lab.engine.Sweeper.FoundLab;
import org.reconverge.lab.engine.XdgDirectories;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what is left of labs. */
@Command(
        name = "clean",
        description = {
            "Removes what labs left behind.",
            "Those are labs whose process is gone. Labs that run are spared, and so is everything that is not"
                    + " Reconverge's."
        })
final class CleanCommand implements Callable<Integer> {

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Option(names = "--images", description = "Also remove the images that Reconverge built, and its cache.")
    private boolean images;

    @Option(names = "--force", description = "Also remove labs that run, or whose process cannot be seen from here.")
    private boolean force;

    @Override
    public Integer call() {
        try (Engine engine = Engine.connect()) {
            Sweeper sweeper = new Sweeper(engine);
            List<FoundLab> removed = new ArrayList<>();
            List<FoundLab> spared = new ArrayList<>();
            for (FoundLab lab : sweeper.labs()) {
                if (force || lab.liveness() == Liveness.DEAD) {
                    sweeper.remove(lab.id());
                    removed.add(lab);
                } else {
                    spared.add(lab);
                }
            }
            List<String> removedImages = List.of();
            if (images) {
                removedImages = new ImageStore(engine, options.progress()).removeAll();
                deleteRecursively(XdgDirectories.cachePath());
            }
            show(removed, spared, removedImages);
            return ExitCode.PASS;
        }
    }

    private void show(List<FoundLab> removed, List<FoundLab> spared, List<String> removedImages) {
        if (options.isJson()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("removed", removed);
            result.put("spared", spared);
            result.put("removedImages", removedImages);
            options.json(result);
            return;
        }
        removed.forEach(
                lab -> options.out().println("removed lab " + lab.id() + " (" + lab.containers() + " containers)"));
        spared.forEach(lab -> options.out().println("spared lab " + lab.id() + ": " + reason(lab)));
        removedImages.forEach(tag -> options.out().println("removed image " + tag));
        if (removed.isEmpty() && spared.isEmpty() && removedImages.isEmpty()) {
            options.out().println("nothing to remove");
        }
    }

    private static String reason(FoundLab lab) {
        String owner = lab.owner()
                .map(process -> "process " + process.pid() + " on " + process.host())
                .orElse("its owner");
        return lab.liveness() == Liveness.ALIVE
                ? owner + " runs it"
                : owner + " cannot be seen from here (--force removes it all the same)";
    }

    private static void deleteRecursively(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.reconverge.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineInstaller;
import org.reconverge.lab.engine.ImageStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds and lists the images. */
@Command(
        name = "images",
        description = {
            "Builds the images that labs run on.",
            "Only what is missing or out of date is built. A run does the same by itself."
        })
final class ImagesCommand implements Callable<Integer> {

    @Mixin
    private final CommonOptions options = new CommonOptions();

    @Option(names = "--list", description = "Only tell how the images stand.")
    private boolean list;

    @Option(names = "--rebuild", description = "Build all of them anew on a fresh Debian, to pick up security updates.")
    private boolean rebuild;

    @Parameters(paramLabel = "NAME", description = "Images to build (default: all).")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        try (Engine engine = new EngineInstaller(options::say).connect()) {
            ImageStore images = new ImageStore(engine, options.progress());
            if (list) {
                List<ImageStore.Status> status = images.status();
                if (options.isJson()) {
                    options.json(status);
                } else {
                    status.forEach(image -> options.out()
                            .printf(
                                    Locale.ROOT,
                                    "%-10s %-36s %s%n",
                                    image.name(),
                                    image.tag(),
                                    image.state().name().toLowerCase(Locale.ROOT)));
                }
                return ExitCode.PASS;
            }
            Map<String, String> tags =
                    rebuild ? images.rebuild() : images.ensure(names.isEmpty() ? List.copyOf(images.names()) : names);
            if (options.isJson()) {
                options.json(tags);
            } else {
                tags.values().forEach(options.out()::println);
            }
            return ExitCode.PASS;
        }
    }
}

package org.reconverge.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineUnavailableException;
import org.reconverge.lab.engine.ImageBuildException;
import org.reconverge.lab.engine.ImageStore;
import org.reconverge.lab.engine.KernelProbe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells whether labs can run here, and how well. */
@Command(
        name = "doctor",
        description = {
            "Tells whether labs can run here.",
            "Shows the engine, what its kernel can do (tried in a container that is thrown away), and what is used"
                    + " instead of what is missing. Builds the image that it takes to try. Exit code 0 if a lab can"
                    + " run."
        })
final class DoctorCommand implements Callable<Integer> {

    @Mixin
    private final CommonOptions options = new CommonOptions();

    private final List<Line> lines = new ArrayList<>();

    /** How a thing stands. */
    private enum State {
        /** As it should be. */
        ok,
        /** Not there; a fallback takes its place, or something cannot be tested. */
        fallback,
        /** No lab can run. */
        missing
    }

    /** One thing that was looked at. */
    private record Line(String group, String what, State state, String detail) {}

    @Override
    public Integer call() {
        examineTools();
        try (Engine engine = Engine.connect()) {
            add("engine", "version", State.ok, engine.version());
            add("engine", "API", State.ok, engine.apiVersion());
            add("engine", "address", State.ok, engine.address().toString());
            add("engine", "kernel", State.ok, engine.kernelRelease() + (engine.isLocal() ? "" : ", not this host's"));
            ImageStore images = new ImageStore(engine, options.progress());
            examineKernel(engine, images);
            examineImages(images);
        } catch (EngineUnavailableException e) {
            add("engine", "connection", State.missing, String.valueOf(e.getMessage()));
        } catch (ImageBuildException e) {
            add("images", "panel", State.missing, String.valueOf(e.getMessage()));
        }
        show();
        return isHealthy() ? ExitCode.PASS : ExitCode.INCONCLUSIVE;
    }

    private void examineTools() {
        add("tools", "Java", State.ok, Runtime.version() + ", " + System.getProperty("java.home"));
        boolean maven = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "mvn")));
        add("tools", "Maven", maven ? State.ok : State.fallback, maven ? "" : "none: 'verify' cannot run");
    }

    private void examineKernel(Engine engine, ImageStore images) {
        for (KernelProbe.Finding finding : new KernelProbe(engine, images).run()) {
            State state =
                    finding.present() ? State.ok : finding.capability().isRequired() ? State.missing : State.fallback;
            String detail = finding.present()
                    ? ""
                    : state == State.missing
                            ? finding.detail()
                            : finding.capability().fallback();
            add("kernel", finding.capability().title(), state, detail);
        }
    }

    private void examineImages(ImageStore images) {
        for (ImageStore.Status image : images.status()) {
            String detail = switch (image.state()) {
                case PRESENT -> image.tag();
                case STALE -> "out of date; built when it is needed";
                case ABSENT -> "built when it is needed";
            };
            add("images", image.name(), image.state() == ImageStore.State.PRESENT ? State.ok : State.fallback, detail);
        }
    }

    private void add(String group, String what, State state, String detail) {
        lines.add(new Line(group, what, state, detail));
    }

    private boolean isHealthy() {
        return lines.stream().noneMatch(line -> line.state() == State.missing);
    }

    private void show() {
        if (options.isJson()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("canRunLabs", isHealthy());
            result.put("findings", lines);
            options.json(result);
            return;
        }
        for (Line line : lines) {
            options.out()
                    .println(String.format(
                                    Locale.ROOT,
                                    "%-7s %-22s %-8s %s",
                                    line.group(),
                                    line.what(),
                                    line.state(),
                                    line.detail())
                            .stripTrailing());
        }
        options.out().println(isHealthy() ? "Labs can run here." : "No lab can run here: see what is missing above.");
    }
}

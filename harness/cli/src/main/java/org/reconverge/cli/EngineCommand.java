package org.reconverge.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.reconverge.lab.engine.Engine;
import org.reconverge.lab.engine.EngineInstaller;
import org.reconverge.lab.engine.Sweeper;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts and stops an engine of our own where there is none. */
@Command(
        name = "engine",
        description = {
            "Starts, stops and shows the Docker Engine that labs run on.",
            "An engine that is configured and answers is used as it is. Where none answers, 'start' installs"
                    + " docker.io (Debian, as root) and starts it without bridge and firewall rules."
        },
        subcommands = {
            EngineCommand.Start.class,
            EngineCommand.Stop.class,
            EngineCommand.Status.class,
            EngineCommand.Environment.class
        })
final class EngineCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("UnusedVariable") // for its help
    private final CommonOptions options = new CommonOptions();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with the engine.");
    }

    /** Makes sure that an engine answers. */
    @Command(name = "start", description = "Makes sure that an engine answers; installs and starts one if none does.")
    static final class Start implements Callable<Integer> {

        @Mixin
        private final CommonOptions options = new CommonOptions();

        @Override
        public Integer call() {
            try (Engine engine = new EngineInstaller(options::say).connect()) {
                show(engine, options);
            }
            return ExitCode.PASS;
        }
    }

    /** Stops what {@link Start} started. */
    @Command(name = "stop", description = "Stops the engine that Reconverge started, and no other.")
    static final class Stop implements Callable<Integer> {

        @Mixin
        private final CommonOptions options = new CommonOptions();

        @Option(names = "--force", description = "Stop it even if labs or other containers run on it.")
        private boolean force;

        @Override
        public Integer call() throws IOException {
            EngineInstaller installer = new EngineInstaller(options::say);
            if (!installer.isRunning()) {
                options.say(installer.status());
                return ExitCode.PASS;
            }
            List<String> running = force ? List.of() : runningContainers();
            if (!running.isEmpty()) {
                options.err()
                        .println("Containers run on this engine: " + String.join(", ", running)
                                + ". Stop them first, or use --force.");
                return ExitCode.INCONCLUSIVE;
            }
            installer.stop();
            options.say("The engine is stopped.");
            return ExitCode.PASS;
        }

        private static List<String> runningContainers() {
            try (Engine engine = Engine.connect()) {
                new Sweeper(engine).sweep();
                return engine.client().listContainersCmd().exec().stream()
                        .map(container -> container.getNames()[0].substring(1))
                        .toList();
            }
        }
    }

    /** Shows the engine. */
    @Command(name = "status", description = "Shows which engine is used, and whether Reconverge started it.")
    static final class Status implements Callable<Integer> {

        @Mixin
        private final CommonOptions options = new CommonOptions();

        @Override
        public Integer call() {
            try (Engine engine = Engine.connect()) {
                show(engine, options);
            }
            return ExitCode.PASS;
        }
    }

    /** Prints the engine's address for other programs. */
    @Command(
            name = "env",
            description = {
                "Prints shell commands that make docker and Testcontainers use the same engine:",
                "eval \"$(./reconverge engine env)\""
            })
    static final class Environment implements Callable<Integer> {

        @Mixin
        private final CommonOptions options = new CommonOptions();

        @Option(names = "--start", hidden = true, description = "Install and start an engine if none answers.")
        private boolean start;

        @Override
        public Integer call() {
            EngineInstaller installer = new EngineInstaller(options::say);
            try (Engine engine = start ? installer.connect() : Engine.connect()) {
                Map<String, String> environment = new LinkedHashMap<>(engine.environment());
                environment.put("RECONVERGE_API_VERSION", engine.apiVersion());
                environment.put("RECONVERGE_ENGINE_LOCAL", Boolean.toString(engine.isLocal()));
                environment.put("RECONVERGE_ENGINE_STARTED", Boolean.toString(installer.hasStarted()));
                if (options.isJson()) {
                    options.json(environment);
                } else {
                    environment.forEach((name, value) -> options.out().println("export " + name + "=" + quoted(value)));
                }
            }
            return ExitCode.PASS;
        }

        /** POSIX shell quoting: nothing is special between single quotes but the quote itself. */
        private static String quoted(String value) {
            return "'" + value.replace("'", "'\\''") + "'";
        }
    }

    private static void show(Engine engine, CommonOptions options) {
        EngineInstaller installer = new EngineInstaller(options::say);
        if (options.isJson()) {
            options.json(Map.of(
                    "engine", engine.version(),
                    "api", engine.apiVersion(),
                    "address", engine.address().toString(),
                    "kernel", engine.kernelRelease(),
                    "local", engine.isLocal(),
                    "startedByReconverge", installer.isRunning()));
        } else {
            options.out().println(engine.describe());
            options.out().println(installer.status());
        }
    }
}

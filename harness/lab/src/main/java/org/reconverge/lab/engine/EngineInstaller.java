package org.reconverge.lab.engine;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.reconverge.lab.engine.EngineUnavailableException.Attempt;

/**
 * Installs and starts a Docker Engine on a Debian machine that has none, and stops it again.
 *
 * <p>The engine is started without a bridge and with its hands off iptables and IP forwarding: labs need none of
 * those, and the host's firewall stays as it is. It listens on the usual socket, so that {@code docker} and
 * Testcontainers find it too.
 *
 * <p>Under systemd there are two cases. If the administrator has Docker installed and enabled, that very service is
 * started, with the administrator's settings. If docker.io is installed here and now, its units are kept from starting
 * and disabled, since a reboot must not bring up a bridge and firewall rules that nobody asked for; the engine then
 * runs by itself, as it does without systemd.
 */
public final class EngineInstaller {

    /**
     * dockerd executes itself anew twice for the network namespace of every container, and spends a third of that short life
     * collecting what it has just made: 43 ms of a processor instead of 28. containerd and runc inherit it.
     */
    private static final String GO_COLLECTOR = "GOGC";

    private static final String FOUR_TIMES_WHAT_LIVES = "400";

    private static final List<String> PACKAGE = List.of("docker.io");
    private static final List<String> OPTIONS =
            List.of("--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(90);
    private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");

    private final Daemon daemon;
    private final Consumer<String> announce;
    private boolean hasStarted;

    /**
     * Creates an installer of the engine on the usual socket.
     *
     * @param announce told in one line what is about to be done to the machine
     */
    public EngineInstaller(Consumer<String> announce) {
        this(
                new Daemon(
                        Path.of("/run/reconverge"),
                        EngineAddresses.DEFAULT_SOCKET,
                        Path.of("/var/run/docker"),
                        List.of()),
                announce);
    }

    EngineInstaller(Daemon daemon, Consumer<String> announce) {
        this.daemon = daemon;
        this.announce = announce;
    }

    /**
     * Where an engine keeps what.
     *
     * @param state its process id file, its log and what is known about it
     * @param socket where it listens
     * @param execRoot where it keeps the state of running containers
     * @param options further options of {@code dockerd}
     */
    record Daemon(Path state, Path socket, Path execRoot, List<String> options) {

        Path log() {
            return state.resolve("dockerd.log");
        }

        Path properties() {
            return state.resolve("engine.properties");
        }

        List<String> command() {
            List<String> command = new ArrayList<>(List.of("dockerd"));
            command.addAll(OPTIONS);
            command.add("--host=unix://" + socket);
            command.add("--exec-root=" + execRoot);
            command.add("--pidfile=" + state.resolve("dockerd.pid"));
            command.addAll(options);
            return command;
        }

        /** Returns the address at which the engine's own containerd serves its shims. */
        String containerd() {
            return execRoot + "/containerd/containerd.sock";
        }
    }

    /**
     * The engine that Reconverge started.
     *
     * @param pid its process id; 0 if systemd runs it
     * @param startTime when that process started, in a unit of the host's choice
     */
    private record Started(long pid, String startTime) {

        boolean bySystemd() {
            return pid == 0;
        }

        boolean isRunning() {
            return bySystemd()
                    ? succeeds("systemctl", "is-active", "--quiet", "docker.service")
                    : Owner.startTime(pid).filter(startTime::equals).isPresent();
        }
    }

    /**
     * Makes sure that an engine answers, and installs and starts one if none does.
     *
     * @param reason why none answers so far
     * @return whether this call started it
     * @throws EngineUnavailableException if it must not or cannot be done; the message says what to run instead
     */
    public boolean start(EngineUnavailableException reason) {
        if (reason.isAddressNamed() && !namesOurSocket(reason)) {
            throw reason;
        }
        if (!DebianPackages.isRoot()) {
            throw unavailable("not root, so no engine can be started; run: sudo ./reconverge engine start");
        }
        try {
            Files.createDirectories(
                    daemon.state(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            try (FileChannel channel = FileChannel.open(
                            daemon.state().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                assert lock.isValid();
                return !answers() && installAndStart();
            }
        } catch (IOException e) {
            throw unavailable(EngineMessage.of(e));
        }
    }

    /**
     * Connects to the engine that the user configured, and installs and starts one if none answers.
     *
     * @throws EngineUnavailableException if that must not or cannot be done
     */
    public Engine connect() {
        try {
            return Engine.connect();
        } catch (EngineUnavailableException reason) {
            hasStarted = start(reason);
            return Engine.connect();
        }
    }

    /** Returns whether {@link #connect} of this very object started an engine. */
    public boolean hasStarted() {
        return hasStarted;
    }

    /** Returns whether an engine that Reconverge started, now or earlier, is running. */
    public boolean isRunning() {
        return started().filter(Started::isRunning).isPresent();
    }

    /** Returns what is known about the engine that Reconverge started, for people. */
    public String status() {
        return started()
                .filter(Started::isRunning)
                .map(engine -> engine.bySystemd()
                        ? "started by Reconverge as systemd's docker.service"
                        : "started by Reconverge, process " + engine.pid() + ", log " + daemon.log())
                .orElse("no engine that Reconverge started is running");
    }

    /**
     * Stops the engine that Reconverge started, and no other. Returns when its processes are gone.
     *
     * @return whether there was one
     * @throws IOException if it does not end
     */
    public boolean stop() throws IOException {
        Optional<Started> started = started();
        if (started.isEmpty()) {
            return false;
        }
        boolean running = started.get().isRunning();
        if (running && started.get().bySystemd()) {
            ExternalCommand.run(List.of("systemctl", "stop", "docker.socket", "docker.service"), Map.of());
        } else if (running) {
            end(started.get().pid());
        }
        Files.deleteIfExists(daemon.properties());
        return running;
    }

    private boolean installAndStart() throws IOException {
        boolean installed = DebianPackages.isOnPath("dockerd");
        if (!installed) {
            String obstacle = DebianPackages.whyNotInstallable(PACKAGE);
            if (!obstacle.isEmpty()) {
                throw new IOException("no engine is installed, and " + obstacle);
            }
            announce.accept("No Docker Engine answers: installing docker.io and starting it without bridge and"
                    + " firewall rules (stop it with './reconverge engine stop')");
            withoutServiceStarts(() -> DebianPackages.install(PACKAGE));
            if (answers()) {
                return false; // the machine's own policy let the service start
            }
            if (isSystemdRunning()) {
                ExternalCommand.run(
                        List.of("systemctl", "--quiet", "disable", "docker.service", "docker.socket"), Map.of());
            }
        } else if (isSystemdRunning() && succeeds("systemctl", "is-enabled", "--quiet", "docker.service")) {
            announce.accept(
                    "No Docker Engine answers: starting docker.service (stop it with" + " './reconverge engine stop')");
            ExternalCommand.run(List.of("systemctl", "start", "docker.service"), Map.of());
            remember(new Started(0, ""));
            awaitAnswer(new Started(0, ""));
            return true;
        } else {
            announce.accept("No Docker Engine answers: starting dockerd without bridge and firewall rules (stop it"
                    + " with './reconverge engine stop')");
        }
        Started started = launch();
        remember(started);
        awaitAnswer(started);
        return true;
    }

    /** Starts the daemon in a session of its own, so that neither Ctrl-C nor the end of this process reaches it. */
    private Started launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "log=$1; shift; setsid \"$@\" >>\"$log\" 2>&1 </dev/null & echo $!",
                "sh",
                daemon.log().toString()));
        command.addAll(daemon.command());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putIfAbsent(GO_COLLECTOR, FOUR_TIMES_WHAT_LIVES);
        Process shell = builder.start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        long pid = Long.parseLong(output);
        // Empty if it has ended already: then it is not running, which the caller finds out next.
        return new Started(pid, Owner.startTime(pid).orElse(""));
    }

    private void awaitAnswer(Started started) throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!answers()) {
            if (!started.isRunning()) {
                throw new IOException("dockerd ended while it started" + logTail());
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("dockerd did not answer within " + START_TIMEOUT.toSeconds() + " s" + logTail());
            }
            pause();
        }
    }

    private void end(long pid) throws IOException {
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process);
        process.destroy();
        long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
        // The engine ends its containers first; their shims are nobody's children, but know its containerd.
        while (family.stream().anyMatch(EngineInstaller::runs)
                || shims().findAny().isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new IOException("process " + pid + " and its helpers did not end within "
                        + STOP_TIMEOUT.toSeconds() + " s" + logTail());
            }
            pause();
        }
    }

    private static boolean runs(ProcessHandle process) {
        return Owner.startTime(process.pid()).isPresent() && process.isAlive();
    }

    private Stream<ProcessHandle> shims() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("containerd-shim"))
                .filter(process -> process.info().commandLine().orElse("").contains(daemon.containerd()));
    }

    private boolean answers() {
        try {
            Engine.connect(EngineAddress.of("started by Reconverge", "unix://" + daemon.socket()))
                    .close();
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private void remember(Started started) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("pid", Long.toString(started.pid()));
        properties.setProperty("start-time", started.startTime());
        try (Writer writer = Files.newBufferedWriter(daemon.properties())) {
            properties.store(writer, "The Docker Engine that Reconverge started");
        }
    }

    private Optional<Started> started() {
        if (!Files.exists(daemon.properties())) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(daemon.properties())) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Optional.of(new Started(
                Long.parseLong(properties.getProperty("pid", "-1")), properties.getProperty("start-time", "")));
    }

    private String logTail() throws IOException {
        return Files.exists(daemon.log())
                ? "; the end of " + daemon.log() + ":\n    "
                        + String.join("\n    ", ExternalCommand.lastLines(daemon.log()))
                : "";
    }

    private boolean namesOurSocket(EngineUnavailableException reason) {
        URI ours = URI.create("unix://" + daemon.socket());
        return reason.attempts().stream().map(Attempt::where).anyMatch(ours.toString()::equals);
    }

    private EngineUnavailableException unavailable(String reason) {
        return new EngineUnavailableException(
                List.of(new Attempt("an engine of our own", "unix://" + daemon.socket(), reason)), false);
    }

    /**
     * Keeps Debian's maintainer scripts from starting Docker's services with their default settings. The policy lets
     * every other service pass, and binds only while this process lives, should it be left behind.
     */
    private static void withoutServiceStarts(Installation installation) throws IOException {
        if (Files.exists(POLICY)) {
            installation.run();
            return;
        }
        Files.writeString(POLICY, """
                #!/bin/sh
                # Written by Reconverge while it installs docker.io; may be deleted.
                case "$1" in
                  docker|docker.*|containerd|containerd.*) kill -0 %d 2>/dev/null && exit 101 ;;
                esac
                exit 0
                """.formatted(ProcessHandle.current().pid()));
        try {
            Files.setPosixFilePermissions(POLICY, PosixFilePermissions.fromString("rwxr-xr-x"));
            installation.run();
        } finally {
            Files.deleteIfExists(POLICY);
        }
    }

    /** The step that must not start services. */
    @FunctionalInterface
    private interface Installation {
        void run() throws IOException;
    }

    private static boolean isSystemdRunning() {
        return Files.isDirectory(Path.of("/run/systemd/system"));
    }

    private static boolean succeeds(String... command) {
        try {
            ExternalCommand.run(List.of(command), Map.of());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

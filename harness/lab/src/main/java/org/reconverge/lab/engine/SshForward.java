package org.reconverge.lab.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A local socket that leads to the socket of an engine on another host, through the user's own {@code ssh}: keys,
 * agent, jump hosts and known hosts are those of the user's configuration.
 *
 * <p>The remote side runs {@code cat} and waits for the end of its input, so that ssh ends with this process however
 * this process ends.
 */
final class SshForward implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Process ssh;
    private final Path directory;
    private final String remoteSocket;

    private SshForward(Process ssh, Path directory, String remoteSocket) {
        this.ssh = ssh;
        this.directory = directory;
        this.remoteSocket = remoteSocket;
    }

    /**
     * Opens the forward and waits until the local socket is there.
     *
     * @param uri {@code ssh://[user@]host[:port][/path/of/docker.sock]}
     * @throws IOException if ssh fails or takes longer than 20 s; the message is ssh's own
     */
    static SshForward open(URI uri) throws IOException {
        Path directory = Files.createTempDirectory(
                "reconverge-ssh", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        String remoteSocket = uri.getPath() == null || uri.getPath().length() <= 1
                ? EngineAddresses.DEFAULT_SOCKET.toString()
                : uri.getPath();
        Path errors = directory.resolve("stderr");
        Process ssh;
        try {
            ssh = new ProcessBuilder(command(uri, directory.resolve("docker.sock"), remoteSocket))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            deleteRecursively(directory);
            throw e;
        }
        SshForward forward = new SshForward(ssh, directory, remoteSocket);
        try {
            forward.awaitSocket(errors);
            return forward;
        } catch (IOException e) {
            forward.close();
            throw e;
        }
    }

    static List<String> command(URI uri, Path localSocket, String remoteSocket) {
        List<String> command = new ArrayList<>(List.of("ssh", "-T"));
        for (String option : List.of(
                "BatchMode=yes",
                "ExitOnForwardFailure=yes",
                "ConnectTimeout=10",
                "ServerAliveInterval=15",
                "ControlPath=none")) {
            command.add("-o");
            command.add(option);
        }
        if (uri.getPort() > 0) {
            command.add("-p");
            command.add(Integer.toString(uri.getPort()));
        }
        command.add("-L");
        command.add(localSocket + ":" + remoteSocket);
        command.add("--");
        command.add(uri.getUserInfo() == null ? uri.getHost() : uri.getUserInfo() + "@" + uri.getHost());
        command.add("cat");
        return command;
    }

    Path socket() {
        return directory.resolve("docker.sock");
    }

    /** Returns the path of the engine's socket on the other host. */
    String remoteSocket() {
        return remoteSocket;
    }

    private void awaitSocket(Path errors) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!Files.exists(socket())) {
            try {
                if (ssh.waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IOException("ssh ended with exit code " + ssh.exitValue() + ": "
                            + Files.readString(errors).strip());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while ssh connected", e);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("ssh did not connect within " + TIMEOUT.toSeconds() + " s");
            }
        }
    }

    @Override
    public void close() {
        ssh.destroy();
        try {
            if (!ssh.waitFor(5, TimeUnit.SECONDS)) {
                ssh.destroyForcibly();
            }
        } catch (InterruptedException e) {
            ssh.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        deleteRecursively(directory);
    }

    private static void deleteRecursively(Path directory) {
        try (var entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                Files.deleteIfExists(entry);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

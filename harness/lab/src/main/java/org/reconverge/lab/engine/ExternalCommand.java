package org.reconverge.lab.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs programs of this host and keeps what they say for when they fail. */
final class ExternalCommand {

    private static final int KEPT_LINES = 20;

    private ExternalCommand() {}

    /**
     * Runs a program to its end.
     *
     * @throws IOException if it cannot be started or fails; the message ends with its last lines
     */
    static void run(List<String> command, Map<String, String> environment) throws IOException {
        Path log = Files.createTempFile("reconverge", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            int exitCode = waitFor(builder.start());
            if (exitCode != 0) {
                throw new IOException("'" + String.join(" ", command) + "' ended with exit code " + exitCode + "\n    "
                        + String.join("\n    ", lastLines(log)));
            }
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /** Returns the last lines of a log file. */
    static List<String> lastLines(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return lines.subList(Math.max(0, lines.size() - KEPT_LINES), lines.size());
    }

    private static int waitFor(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project that is not ours, with a lab of its own, uses the jars as they are released.
 *
 * <p>They go to a local repository that is thrown away. What others publish comes from the real one, which is linked into
 * it: nothing is downloaded again, and nothing of ours is left in it.
 */
@Tag("full")
class SampleUserProjectIT {

    @Test
    void verifiesWithReleasedJars(@TempDir Path directory) throws IOException, InterruptedException {
        Path here = Path.of("").toAbsolutePath();
        Path repository = Files.createDirectories(directory.resolve("repository"));
        shareEverythingButOurs(Path.of(System.getProperty("user.home"), ".m2", "repository"), repository);
        Path project = copy(here.resolve("sample-user-project"), directory.resolve("project"));

        maven(
                Objects.requireNonNull(here.getParent()),
                List.of(
                        "-Dmaven.repo.local=" + repository,
                        "-DskipTests",
                        "-Dspotless.check.skip=true",
                        "-pl",
                        "harness/junit",
                        "-am",
                        "install"));
        String output = maven(project, List.of("-Dmaven.repo.local=" + repository, "verify"));
        assertThat(output).contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0");
        assertThat(project.resolve("target/failover")).isDirectoryRecursivelyContaining("glob:**/verdict.json");
    }

    private static void shareEverythingButOurs(Path from, Path to) throws IOException {
        link(from, to, "org");
        Files.createDirectories(to.resolve("org"));
        link(from.resolve("org"), to.resolve("org"), "reconverge");
    }

    private static void link(Path from, Path to, String except) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                Path name = entry.getFileName();
                if (!name.toString().equals(except)) {
                    Files.createSymbolicLink(to.resolve(name), entry);
                }
            }
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(file -> !file.startsWith(from.resolve("target")))
                    .toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    private static String maven(Path directory, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-ntp"));
        command.addAll(arguments);
        Path log = Files.createTempFile("maven", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(Map.of("TESTCONTAINERS_RYUK_DISABLED", "true"));
        int status = builder.start().waitFor();
        String output = Files.readString(log, StandardCharsets.UTF_8);
        Files.delete(log);
        assertThat(status).as("%s in %s:%n%s", command, directory, output).isZero();
        return output;
    }
}

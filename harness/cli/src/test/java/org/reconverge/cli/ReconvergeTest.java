package org.reconverge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReconvergeTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    @Test
    void versionNamesWhatItWasBuiltFrom() {
        assertThat(execute("--version")).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).startsWith("Reconverge ");
    }

    @Test
    void helpListsTheCommandsOnceAndEveryCommandHasItsOwn() {
        assertThat(execute("--help")).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).containsOnlyOnce("Usage: reconverge").contains("validate", "verify");

        CommandLine commandLine = Reconverge.commandLine();
        commandLine
                .getSubcommands()
                .forEach((name, command) -> assertThat(
                                command.getCommandSpec().usageMessage().description())
                        .as(name)
                        .satisfies(lines -> assertThat(lines.length > 0 || name.equals("warm-up"))
                                .isTrue()));
    }

    @Test
    void aWrongCommandLineIsBadInputAndResultsAreNotTouched() {
        assertThat(execute("valdate")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(execute()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(execute("validate", directory + "/missing.clab.yml")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("valdate", "There is no file").doesNotContain("\tat ");
    }

    @Test
    void aBundledLabIsValidatedByItsName() {
        assertThat(execute("validate", "--offline", "minimal")).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("minimal.failover.yml: valid", "minimal.clab.yml: valid");

        assertThat(execute("validate", "--offline", "minimall")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("There is no file 'minimall'", "minimal, ");
    }

    @Test
    void drawsBundledLabsAndTopologiesWithoutASpec() throws IOException {
        assertThat(execute("graph", "minimal")).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).startsWith("<?xml").contains("site berlin", "client, home berlin");

        Path topology = directory.resolve("pair.clab.yml");
        Files.writeString(topology, """
                name: pair
                topology:
                  nodes:
                    a: {kind: linux, image: x}
                    b: {kind: linux, image: x}
                  links:
                    - endpoints: ["a:eth1", "b:eth1"]
                """);
        Path drawing = directory.resolve("docs/pair.mmd");
        assertThat(execute("graph", topology.toString(), "-o", drawing.toString()))
                .isEqualTo(ExitCode.PASS);
        assertThat(Files.readString(drawing)).startsWith("flowchart TB").contains("eth1 - eth1");
    }

    @Test
    void thereIsNoReportOfWhatIsNoEvidence() {
        assertThat(execute("report", directory.toString())).isEqualTo(ExitCode.INCONCLUSIVE);
        assertThat(err.toString()).contains("expected an evidence directory");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void everyProblemOfAFileIsReportedWithItsPlace() throws IOException {
        Path topology = directory.resolve("wrong.clab.yml");
        Files.writeString(topology, """
                name: wrong
                topology:
                  nodes:
                    a: {kind: linux, image: "x", binds: ["missing.conf:/etc/frr/frr.conf"]}
                    b: {kind: no-such-kind, image: "x"}
                  links:
                    - endpoints: ["a:eth1", "c:eth1"]
                """);

        assertThat(execute("validate", "--offline", topology.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(out.toString())
                .contains(topology + ":4:", "missing.conf", topology + ":5:", "no-such-kind", topology + ":7:");

        out.getBuffer().setLength(0);
        assertThat(execute("validate", "--offline", "--format", "json", topology.toString()))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(out.toString()).startsWith("[").contains("\"line\" : 5", "\"severity\" : \"error\"");
    }

    @Test
    void aValidTopologyIsSummarised() throws IOException {
        Path topology = directory.resolve("right.clab.yml");
        Files.writeString(topology, """
                name: right
                topology:
                  nodes:
                    a: {kind: linux, image: "x"}
                    b: {kind: linux, image: "x"}
                  links:
                    - endpoints: ["a:eth1", "b:eth1"]
                """);

        assertThat(execute("validate", directory.toString())).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("right.clab.yml: valid, 2 nodes, 1 link");
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        assertThat(execute("completion")).isEqualTo(ExitCode.PASS);
        assertThat(out.toString())
                .contains("#!/usr/bin/env bash", "validate", "doctor")
                .doesNotContain("warm-up");
    }

    private int execute(String... arguments) {
        return Reconverge.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}

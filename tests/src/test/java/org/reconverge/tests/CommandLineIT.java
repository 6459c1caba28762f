package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.cli.Reconverge;
import picocli.CommandLine;

/** What a command leaves is what another one reads. */
class CommandLineIT {

    @TempDir
    Path directory;

    @Test
    void theEvidenceOfARunIsIntactUntilSomebodyTouchesIt() throws IOException {
        Path evidence = directory.resolve("evidence");
        StringWriter table = new StringWriter();
        assertThat(execute(table, "run", "minimal", "--scenario", "fibre-cut", "--evidence", evidence.toString()))
                .isZero();
        assertThat(table.toString()).contains("berlin -> frankfurt", "PASS", "evidence: " + evidence);
        assertThat(evidence).isDirectoryContaining("glob:**/topology.svg").isDirectoryContaining("glob:**/report.html");

        StringWriter said = new StringWriter();
        assertThat(execute(said, "check", evidence.toString()))
                .as(said.toString())
                .isZero();
        assertThat(said.toString())
                .contains("berlin -> frankfurt", "PASS")
                .contains("The evidence is intact, and every verdict is the same as it was.");

        // The control assertion: it would not say so of anything.
        Files.writeString(evidence.resolve("fibre-cut/1/verdict.json"), "\n", StandardOpenOption.APPEND);
        said.getBuffer().setLength(0);
        assertThat(execute(said, "check", evidence.toString())).isEqualTo(3);
        assertThat(said.toString()).contains("verdict.json").doesNotContain("evidence is intact");
    }

    @Test
    void programsReadTheResultOfARunAndOfItsCheck() throws IOException {
        Path evidence = directory.resolve("evidence");
        StringWriter ran = new StringWriter();
        assertThat(execute(
                        ran,
                        "run",
                        "minimal",
                        "--scenario",
                        "fibre-cut",
                        "--evidence",
                        evidence.toString(),
                        "--format",
                        "json"))
                .isZero();
        JsonNode row = json(ran).at("/summary/rows/0");
        assertThat(row.path("servedBefore").path(0).asText()).isEqualTo("berlin");
        assertThat(row.path("servedAfter").path(0).asText()).isEqualTo("frankfurt");
        assertThat(row.path("verdict").asText()).isEqualTo("pass");
        assertThat(row.at("/outage/median/value").asLong()).isPositive();

        StringWriter checked = new StringWriter();
        assertThat(execute(checked, "check", evidence.toString(), "--format", "json"))
                .isZero();
        assertThat(json(checked).path("same").asBoolean()).isTrue();
        assertThat(json(checked).path("summary")).isEqualTo(json(ran).path("summary"));
    }

    /** A containerlab file needs no spec to be looked at; with nothing on standard input, it is only shown that it comes up. */
    @Test
    void aContainerlabFileComesUpByItself() {
        StringWriter said = new StringWriter();
        Path capture = directory.resolve("wires.pcapng");
        InputStream terminal = System.in;
        System.setIn(InputStream.nullInputStream());
        try {
            assertThat(execute(
                            said,
                            "up",
                            Labs.resource("labs/exchange/exchange.clab.yml").toString(),
                            "--capture",
                            capture.toString()))
                    .as(said.toString())
                    .isZero();
        } finally {
            System.setIn(terminal);
        }
        assertThat(said.toString())
                .containsPattern("core1\\.ix +BGP 6/6 +docker exec -it [0-9a-f]{12} vtysh")
                .containsPattern("anycast1\\.dc1 +BGP 2/2 +docker exec -it [0-9a-f]{12} birdc")
                .contains("is in steady state");
        assertThat(capture).isNotEmptyFile();
    }

    private static JsonNode json(StringWriter out) throws IOException {
        return new JsonMapper().readTree(out.toString());
    }

    private static int execute(StringWriter out, String... arguments) {
        CommandLine command = Reconverge.commandLine();
        command.setOut(new PrintWriter(out, true));
        return command.execute(arguments);
    }
}

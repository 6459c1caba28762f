package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
        assertThat(table.toString()).contains("berlin -> frankfurt", "PASS");
        assertThat(evidence).isDirectoryContaining("glob:**/topology.svg").isDirectoryContaining("glob:**/report.html");

        StringWriter said = new StringWriter();
        assertThat(execute(said, "check", evidence.toString()))
                .as(said.toString())
                .isZero();
        assertThat(said.toString()).contains("The evidence is intact, and every verdict is the same as it was.");

        // The control assertion: it would not say so of anything.
        Files.writeString(evidence.resolve("fibre-cut/1/verdict.json"), "\n", StandardOpenOption.APPEND);
        said.getBuffer().setLength(0);
        assertThat(execute(said, "check", evidence.toString())).isEqualTo(3);
        assertThat(said.toString()).contains("verdict.json").doesNotContain("evidence is intact");
    }

    private static int execute(StringWriter out, String... arguments) {
        CommandLine command = Reconverge.commandLine();
        command.setOut(new PrintWriter(out, true));
        return command.execute(arguments);
    }
}

package org.reconverge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

    private final StringWriter written = new StringWriter();

    @Test
    void aTerminalSeesOneLinePerPhase() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(written), true, false, 40);

        progress.progress("images", "frr: Step 1/8 : RUN apt-get update and much more", 0, 2);
        progress.progress("images", "", 2, 2);
        progress.progress("wires", "", 14, 14);

        assertThat(written.toString().split("\n", -1)).hasSize(3);
        assertThat(written.toString())
                .contains("\r\u001b[2Kimages         0/2  frr: Step 1/8 : RUN\r")
                .containsPattern("images         2/2  \\d+\\.\\d s\\n");
    }

    @Test
    void elsewhereALineTellsWhatIsDoneAndNoMore() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(written), false, false, 80);

        progress.progress("images", "base", 0, 2);
        progress.progress("images", "base: Step 1/8", 0, 2);
        progress.progress("images", "frr", 1, 2);
        progress.progress("images", "", 2, 2);

        assertThat(written.toString().lines())
                .hasSize(3)
                .noneMatch(line -> line.contains("Step"))
                .noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void quietIsSilent() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(written), true, true, 80);

        progress.progress("images", "base", 0, 2);
        progress.say("installing");

        assertThat(written.toString()).isEmpty();
    }
}

package org.reconverge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

    private final StringWriter written = new StringWriter();

    @Test
    void aTerminalWithoutASizeIsTakenForAUsualOne() {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(written), true, false, 0, 0);

        progress.progress("containers", "gw-north", 1, 12);

        assertThat(written.toString()).contains("gw-north");
        assertThat(progress.width()).isEqualTo(79);
    }

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

    /** What a terminal with a cursor and two erasing commands would show. */
    private List<String> screen() {
        List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        Matcher part = Pattern.compile("\u001b\\[(\\??\\d*)([A-Za-z])|([^\u001b])", Pattern.DOTALL)
                .matcher(written.toString());
        while (part.find()) {
            String text = part.group(3);
            if (text != null && text.equals("\r")) {
                column = 0;
            } else if (text != null && text.equals("\n")) {
                row++;
                column = 0;
                if (row == rows.size()) {
                    rows.add(new StringBuilder());
                }
            } else if (text != null) {
                rows.get(row).setLength(Math.max(column, rows.get(row).length()));
                rows.get(row).replace(column, column + 1, text);
                column++;
            } else if (part.group(2).equals("A")) {
                row -= Integer.parseInt(part.group(1));
            } else if (part.group(2).equals("K")) {
                rows.get(row).setLength(part.group(1).equals("2") ? 0 : column);
            } else if (part.group(2).equals("J")) {
                rows.get(row).setLength(column);
                rows.subList(row + 1, rows.size()).clear();
            }
        }
        return rows.stream().map(StringBuilder::toString).toList();
    }

    @Test
    void aPictureStaysBelowWhatIsSaidAndLeavesNothingBehind() throws InterruptedException {
        ConsoleProgress progress = new ConsoleProgress(new PrintWriter(written), true, false, 60, 5);

        try (ConsoleProgress.Picture picture = progress.draw(() -> List.of("one", "two", "three", "too much"))) {
            assertThat(picture).isNotNull();
            // It is drawn by a clock of its own.
            for (int i = 0; i < 100 && !screen().contains("three"); i++) {
                Thread.sleep(20);
            }
            progress.progress("scenarios", "fibre-cut", 0, 2);
            progress.say("fibre-cut PASS");
            assertThat(screen())
                    .containsExactly("fibre-cut PASS", "scenarios      0/2  fibre-cut", "one", "two", "three");
        }
        progress.say("done");

        assertThat(screen()).containsExactly("fibre-cut PASS", "done", "scenarios      0/2  fibre-cut");
        assertThat(written.toString()).contains("\u001b[?25l").endsWith("scenarios      0/2  fibre-cut");
        assertThat(written.toString().lastIndexOf("\u001b[?25h"))
                .as("the cursor comes back")
                .isGreaterThan(written.toString().lastIndexOf("\u001b[?25l"));
    }

    @Test
    void noPictureIsDrawnWhereThereIsNoTerminal() {
        assertThat(new ConsoleProgress(new PrintWriter(written), false, false, 80).canDraw())
                .isFalse();
        assertThat(new ConsoleProgress(new PrintWriter(written), true, true, 80).canDraw())
                .isFalse();
        assertThat(new ConsoleProgress(new PrintWriter(written), true, false, 80).canDraw())
                .isTrue();
    }
}

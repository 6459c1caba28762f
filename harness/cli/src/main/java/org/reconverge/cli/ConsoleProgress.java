package org.reconverge.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.reconverge.lab.ProgressListener;

/**
 * Shows progress: on a terminal one line per phase that is rewritten as it goes and stays when the phase is over,
 * elsewhere a plain line when something is done.
 */
final class ConsoleProgress implements ProgressListener {

    private static final String ERASE_LINE = "\r\u001b[2K";
    private static final int DEFAULT_WIDTH = 80;

    private final PrintWriter err;
    private final boolean live;
    private final boolean quiet;
    private final int width;

    private String phase = "";
    private String shown = "";
    private int shownDone;
    private int shownTotal;
    private long phaseStart;

    ConsoleProgress(PrintWriter err, boolean live, boolean quiet, int width) {
        this.err = err;
        this.live = live;
        this.quiet = quiet;
        this.width = width;
    }

    /** Returns the listener that fits where standard error goes; the launcher knows and says so. */
    static ConsoleProgress on(PrintWriter err, boolean quiet) {
        boolean terminal = Boolean.getBoolean("reconverge.terminal") && !"dumb".equals(System.getenv("TERM"));
        return new ConsoleProgress(err, terminal, quiet, Integer.getInteger("reconverge.columns", DEFAULT_WIDTH));
    }

    @Override
    public synchronized void progress(String newPhase, String detail, int done, int total) {
        if (quiet) {
            return;
        }
        if (!newPhase.equals(phase)) {
            leaveLine();
            phase = newPhase;
            phaseStart = System.nanoTime();
            shown = "";
            shownDone = -1;
        }
        String count = total > 0 ? " " + done + "/" + total : "";
        boolean over = total > 0 && done >= total;
        String line = String.format(Locale.ROOT, "%-14s%s%s", phase, count, detail.isEmpty() ? "" : "  " + detail);
        if (over) {
            show(line + String.format(Locale.ROOT, "  %.1f s", elapsed().toMillis() / 1000.0));
            leaveLine();
            phase = "";
        } else if (live || done != shownDone || total != shownTotal || total == 0) {
            show(line);
        }
        shownDone = done;
        shownTotal = total;
    }

    /** Writes a line that is no progress. */
    synchronized void say(String line) {
        if (quiet) {
            return;
        }
        if (live && !shown.isEmpty()) {
            err.print(ERASE_LINE);
        }
        err.println(line);
        if (live) {
            err.print(shown);
        }
        err.flush();
    }

    private void show(String line) {
        if (line.equals(shown)) {
            return;
        }
        if (live) {
            // A line that wraps could not be erased.
            shown = line.length() < width ? line : line.substring(0, width - 1);
            err.print(ERASE_LINE + shown);
        } else {
            shown = line;
            err.println(line);
        }
        err.flush();
    }

    private void leaveLine() {
        if (live && !shown.isEmpty()) {
            err.println();
            err.flush();
        }
        shown = "";
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - phaseStart);
    }

    /** Ends a live line, so that what follows begins on a line of its own. */
    synchronized void end() {
        leaveLine();
        phase = "";
    }
}

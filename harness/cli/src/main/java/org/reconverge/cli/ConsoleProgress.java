package org.reconverge.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.reconverge.lab.ProgressListener;

/**
 * Shows progress: on a terminal one line per phase that is rewritten as it goes and stays when the phase is over,
 * elsewhere a plain line when something is done.
 */
final class ConsoleProgress implements ProgressListener {

    private static final String ERASE_LINE = "\r\u001b[2K";
    private static final String ERASE_TO_END = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";
    private static final int DEFAULT_WIDTH = 80;
    private static final int DEFAULT_HEIGHT = 24;
    private static final Duration REDRAW = Duration.ofMillis(250);

    private final PrintWriter err;
    private final boolean live;
    private final boolean quiet;
    private final int width;
    private final int height;

    private Supplier<List<String>> picture = List::of;
    private boolean drawing;
    private int drawn;

    private String phase = "";
    private String shown = "";
    private int shownDone;
    private int shownTotal;
    private long phaseStart;

    ConsoleProgress(PrintWriter err, boolean live, boolean quiet, int width) {
        this(err, live, quiet, width, DEFAULT_HEIGHT);
    }

    ConsoleProgress(PrintWriter err, boolean live, boolean quiet, int width, int height) {
        this.err = err;
        this.live = live;
        this.quiet = quiet;
        // A terminal that nobody has told its size, as programs make them, says 0.
        this.width = width > 0 ? width : DEFAULT_WIDTH;
        this.height = height > 0 ? Math.max(3, height) : DEFAULT_HEIGHT;
    }

    /** Returns the listener that fits where standard error goes; the launcher knows and says so. */
    static ConsoleProgress on(PrintWriter err, boolean quiet) {
        boolean terminal = Boolean.getBoolean("reconverge.terminal") && !"dumb".equals(System.getenv("TERM"));
        return new ConsoleProgress(
                err,
                terminal,
                quiet,
                Integer.getInteger("reconverge.columns", DEFAULT_WIDTH),
                Integer.getInteger("reconverge.lines", DEFAULT_HEIGHT));
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
        if (live) {
            erase();
        }
        err.println(line);
        if (live) {
            err.print(shown);
            drawPicture();
        }
        err.flush();
    }

    /** Returns whether pictures can be drawn: on a terminal, if progress is wanted at all. */
    boolean canDraw() {
        return live && !quiet;
    }

    /**
     * Draws a picture below the line of progress, until the returned handle is closed. It is drawn a few times a second,
     * and its lines must not be wider than {@link #width()}. The cursor, which would flicker over it, is hidden as long,
     * and comes back even if the process is told to end.
     */
    Picture draw(Supplier<List<String>> lines) {
        Thread atExit = new Thread(this::endPicture, "reconverge-terminal");
        Runtime.getRuntime().addShutdownHook(atExit);
        synchronized (this) {
            picture = () -> lines.get().stream().limit(height - 2L).toList();
            drawing = true;
            err.print(HIDE_CURSOR);
        }
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "reconverge-watch");
            thread.setDaemon(true);
            return thread;
        });
        // A picture that fails must not take the run with it, nor go on failing.
        clock.scheduleAtFixedRate(this::redraw, 0, REDRAW.toMillis(), TimeUnit.MILLISECONDS);
        return () -> {
            clock.shutdownNow();
            endPicture();
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException e) {
                return; // The process ends already, and the hook runs.
            }
        };
    }

    /** A picture that is being drawn; closing it erases it. */
    interface Picture extends AutoCloseable {
        @Override
        void close();
    }

    /** Returns the width of a line in columns. */
    int width() {
        return width - 1;
    }

    private synchronized void redraw() {
        if (!drawing) {
            return;
        }
        List<String> lines = picture.get();
        StringBuilder text =
                new StringBuilder(up(drawn)).append('\r').append(shown).append(ERASE_TO_END);
        // Lines are written over the old ones, and only what is left of these is erased: nothing flickers.
        lines.forEach(line -> text.append('\n').append(line).append(ERASE_TO_END));
        drawn = lines.size();
        err.print(text.append(ERASE_BELOW));
        err.flush();
    }

    private synchronized void endPicture() {
        if (!drawing) {
            return;
        }
        drawing = false;
        err.print(up(drawn) + '\r' + shown + ERASE_TO_END + ERASE_BELOW + SHOW_CURSOR);
        err.flush();
        drawn = 0;
        picture = List::of;
    }

    /** Erases the line of progress and the picture below it; the cursor is where they began. */
    private void erase() {
        err.print(drawn == 0 ? ERASE_LINE : up(drawn) + ERASE_LINE + ERASE_BELOW);
        drawn = 0;
    }

    private void drawPicture() {
        List<String> lines = picture.get();
        lines.forEach(line -> err.print("\n" + line + ERASE_TO_END));
        drawn = lines.size();
    }

    private static String up(int lines) {
        return lines == 0 ? "" : "\u001b[" + lines + "A";
    }

    private void show(String line) {
        if (line.equals(shown)) {
            return;
        }
        if (live) {
            // A line that wraps could not be erased.
            shown = line.length() < width ? line : line.substring(0, width - 1);
            erase();
            err.print(shown);
            drawPicture();
        } else {
            shown = line;
            err.println(line);
        }
        err.flush();
    }

    private void leaveLine() {
        String left = shown;
        shown = "";
        if (live && !left.isEmpty()) {
            if (drawn == 0) {
                err.println();
            } else {
                erase();
                err.println(left);
                drawPicture();
            }
            err.flush();
        }
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

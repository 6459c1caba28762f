package org.reconverge.lab;

/** Counts the parts of a phase as they end, on any thread, and reports them in the order of the count. */
final class PhaseCount {

    private final ProgressListener progress;
    private final String phase;
    private final int total;
    private int done;

    PhaseCount(ProgressListener progress, String phase, int total) {
        this.progress = progress;
        this.phase = phase;
        this.total = total;
    }

    /** Reports that one more part is done. */
    synchronized void done(String detail) {
        // Reported under the lock: a count that overtook the last one would open a phase again that is over.
        done++;
        progress.progress(phase, detail, done, total);
    }
}

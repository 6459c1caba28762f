package org.reconverge.lab;

/** Told how far a longer piece of work has come, for people to watch; never for decisions. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Reports a step.
     *
     * @param phase the piece of work in one or two words, such as {@code images} or {@code BGP sessions}
     * @param detail what is being done now, such as {@code frr: step 3 of 7}; may be empty
     * @param done how many parts are done
     * @param total how many parts there are; the phase is over when {@code done} reaches it; 0 if unknown
     */
    void progress(String phase, String detail, int done, int total);

    /** Returns a listener that ignores everything. */
    static ProgressListener silent() {
        return (phase, detail, done, total) -> {};
    }
}

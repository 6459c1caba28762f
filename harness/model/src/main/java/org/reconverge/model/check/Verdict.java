package org.reconverge.model.check;

/** What a trial shows. Ordered from best to worst for {@code FAIL} to win over {@code INCONCLUSIVE} in a summary. */
public enum Verdict {
    /** Everything that was expected was seen, within the budget, accuracy included. */
    PASS,
    /** The trial proves nothing either way. */
    INCONCLUSIVE,
    /** Something that was expected was seen not to hold. */
    FAIL;

    /** Returns the worse of two verdicts. */
    public Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}

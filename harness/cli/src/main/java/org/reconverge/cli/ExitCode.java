package org.reconverge.cli;

/** What the command's exit code says to a script. */
public final class ExitCode {

    /** Everything that was asked for was done, and what was judged passed. */
    public static final int PASS = 0;

    /** Something was judged and failed: a budget was missed or an expectation not met. */
    public static final int BUDGET_MISSED = 1;

    /** The command line or a file of the user's is wrong. */
    public static final int BAD_INPUT = 2;

    /** Nothing can be said: inconclusive, or the harness itself failed. */
    public static final int INCONCLUSIVE = 3;

    private ExitCode() {}
}

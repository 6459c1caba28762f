package org.reconverge.junit;

import java.util.List;
import org.opentest4j.MultipleFailuresError;

/** Tells a test that proved nothing from one that failed. */
final class Inconclusive {

    private Inconclusive() {}

    /** Returns whether all that is wrong is inconclusive; of several soft failures, none may be a real one. */
    static boolean is(Throwable failure) {
        if (failure instanceof MultipleFailuresError several) {
            List<Throwable> failures = several.getFailures();
            return !failures.isEmpty() && failures.stream().allMatch(Inconclusive::is);
        }
        // Soft assertions may wrap what they collect to add the line.
        return failure instanceof InconclusiveError
                || (failure instanceof AssertionError && failure.getCause() instanceof InconclusiveError);
    }
}

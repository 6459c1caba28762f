package org.reconverge.junit;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.reconverge.lab.Outage;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.history.History;

/**
 * What a test on a lab leaves behind.
 *
 * @param test the test, {@code FibreCutTest.northSurvives}
 * @param lab the topology's name
 * @param verdict how it ended
 * @param failure why it did not pass; empty if it did
 * @param history everything observed from its steady state to its end
 * @param outages the outages that were asserted on, in order
 * @param directory its part of the evidence directory
 * @param picture the picture of the topology
 */
public record TestRecord(
        String test,
        String lab,
        Verdict verdict,
        Optional<Throwable> failure,
        History history,
        List<Outage> outages,
        Path directory,
        Path picture) {

    /** Copies the list, so that a record never changes. */
    public TestRecord {
        outages = List.copyOf(outages);
    }
}

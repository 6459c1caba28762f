package org.reconverge.junit;

import org.assertj.core.api.Assertions;
import org.reconverge.lab.Client;
import org.reconverge.lab.Lab;
import org.reconverge.lab.Outage;

/**
 * The entry points of all assertions, AssertJ's own included, for one static import:
 * {@code import static org.reconverge.junit.FailoverAssertions.assertThat;}.
 */
public final class FailoverAssertions extends Assertions {

    private FailoverAssertions() {}

    /** Asserts something of a client as it is served now. */
    public static ClientAssert assertThat(Client actual) {
        return new ClientAssert(actual);
    }

    /** Asserts something of what a client saw of an injection. */
    public static OutageAssert assertThat(Outage actual) {
        return new OutageAssert(actual);
    }

    /** Asserts something of a lab as a whole. */
    public static LabAssert assertThat(Lab actual) {
        return new LabAssert(actual);
    }
}

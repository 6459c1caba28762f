package org.reconverge.junit;

import org.assertj.core.api.SoftAssertions;
import org.reconverge.lab.Client;
import org.reconverge.lab.Lab;
import org.reconverge.lab.Outage;

/**
 * Soft assertions: a lab run is expensive, so all that is wrong with it is told at once.
 *
 * <pre>{@code
 * FailoverSoftAssertions softly = new FailoverSoftAssertions();
 * softly.assertThat(north.outageAfter(cut)).isRecoveredWithin(Duration.ofSeconds(1)).isServedBy("frankfurt");
 * softly.assertThat(south.outageAfter(cut)).losesNothing();
 * softly.assertAll();
 * }</pre>
 */
public class FailoverSoftAssertions extends SoftAssertions {

    /** Creates a collection of assertions; {@link #assertAll()} tells what failed. */
    public FailoverSoftAssertions() {}

    /** Asserts something of a client as it is served now. */
    public ClientAssert assertThat(Client actual) {
        return proxy(ClientAssert.class, Client.class, actual);
    }

    /** Asserts something of what a client saw of an injection. */
    public OutageAssert assertThat(Outage actual) {
        return proxy(OutageAssert.class, Outage.class, actual);
    }

    /** Asserts something of a lab as a whole. */
    public LabAssert assertThat(Lab actual) {
        return proxy(LabAssert.class, Lab.class, actual);
    }
}

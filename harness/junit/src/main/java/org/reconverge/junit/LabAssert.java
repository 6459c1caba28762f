package org.reconverge.junit;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabException;

/** Assertions about a lab as a whole. */
public class LabAssert extends AbstractAssert<LabAssert, Lab> {

    /** Creates the assertion. */
    public LabAssert(Lab actual) {
        super(actual, LabAssert.class);
    }

    /**
     * Verifies that every session is up, routes are still, and every client is served by its home without loss, within the
     * time that the spec gives for it.
     *
     * <pre>{@code
     * cut.close();
     * assertThat(lab).returnsToSteadyState(); // passes after the repair; fails while the fault is in force
     * }</pre>
     */
    public LabAssert returnsToSteadyState() {
        isNotNull();
        try {
            actual.awaitSteadyState();
        } catch (LabException e) {
            failWithMessage("%s", describeUnsteady(actual.topology().name(), String.valueOf(e.getMessage()), faults()));
        }
        return this;
    }

    /**
     * Verifies that no fault is in force and nothing is left of any: no wire without carrier, no drop, no stopped process.
     *
     * <pre>{@code
     * try (Injection hang = lab.inject(processHang("ber-edge1", "bgpd"))) {
     *     assertThat(lab).hasNoResidualFault(); // fails
     * }
     * assertThat(lab).hasNoResidualFault(); // passes
     * }</pre>
     */
    public LabAssert hasNoResidualFault() {
        isNotNull();
        List<String> found = new ArrayList<>(faults());
        found.addAll(actual.residue());
        if (!found.isEmpty()) {
            failWithMessage("%s", describeResidue(actual.topology().name(), found));
        }
        return this;
    }

    private List<String> faults() {
        return actual.faultsInForce().stream()
                .map(fault -> fault.describe() + " is in force")
                .toList();
    }

    static String describeUnsteady(String lab, String reason, List<String> faults) {
        return Messages.lines(
                "Expecting lab " + lab,
                "to return to steady state",
                "but " + reason
                        + (faults.isEmpty() ? "" : System.lineSeparator() + "and " + String.join(", ", faults)));
    }

    static String describeResidue(String lab, List<String> found) {
        return Messages.lines(
                "Expecting lab " + lab,
                "to have no residual fault",
                "but " + String.join(System.lineSeparator() + "    ", found));
    }
}

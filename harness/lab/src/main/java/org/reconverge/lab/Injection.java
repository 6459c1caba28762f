package org.reconverge.lab;

import org.reconverge.model.fault.Fault;
import org.reconverge.model.history.MonotonicTime;

/**
 * One application of a fault. Closing it takes the fault back and looks for residue; closing it again does nothing.
 */
public final class Injection implements AutoCloseable {

    private final Injector injector;
    private final String id;
    private final Fault fault;
    private final FaultPlan plan;
    private final MonotonicTime before;
    private final MonotonicTime after;
    private final boolean verified;
    private boolean reverted;

    Injection(
            Injector injector,
            String id,
            Fault fault,
            FaultPlan plan,
            MonotonicTime before,
            MonotonicTime after,
            boolean verified) {
        this.injector = injector;
        this.id = id;
        this.fault = fault;
        this.plan = plan;
        this.before = before;
        this.after = after;
        this.verified = verified;
    }

    /** Returns its id within the lab. */
    public String id() {
        return id;
    }

    /** Returns what was applied. */
    public Fault fault() {
        return fault;
    }

    FaultPlan plan() {
        return plan;
    }

    /** Returns the lower bound of the convergence event instant (RFC 6412 §3.2.2). */
    public MonotonicTime before() {
        return before;
    }

    /** Returns the upper bound of the convergence event instant (RFC 6412 §3.2.2). */
    public MonotonicTime after() {
        return after;
    }

    /** Returns whether the fault was seen to bite. */
    public boolean isVerified() {
        return verified;
    }

    /**
     * Takes the fault back: the reversion's convergence event.
     *
     * @throws LabException if something of it is left
     */
    @Override
    public synchronized void close() {
        if (!reverted) {
            reverted = true;
            injector.revert(this);
        }
    }
}

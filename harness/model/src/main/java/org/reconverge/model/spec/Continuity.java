package org.reconverge.model.spec;

/** How much of a tunnel survived an event. Ordered from best to worst. */
public enum Continuity {
    /** The keys are the same: the tunnel noticed nothing but lost packets. */
    SAME_SESSION,
    /** New keys between the same peers: same interface, same inner address. What applications call the same tunnel. */
    RESUMED,
    /** The interface or its inner address went away and came back. */
    REESTABLISHED,
    /** The tunnel did not come back. */
    LOST;

    /** Returns whether this is {@code weakest} or better. */
    public boolean atLeast(Continuity weakest) {
        return compareTo(weakest) <= 0;
    }
}

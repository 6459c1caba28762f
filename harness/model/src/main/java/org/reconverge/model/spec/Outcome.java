package org.reconverge.model.spec;

/** What is expected of a client after an event. */
public enum Outcome {
    /** It recovers within its budget. */
    RECOVERS,
    /** It does not: a control, which shows beside the others what they would be without what is tested. */
    MISSES
}

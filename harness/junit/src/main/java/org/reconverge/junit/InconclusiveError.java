package org.reconverge.junit;

/**
 * What was seen proves neither that the assertion holds nor that it does not: the fault did not bite, the client was not
 * steady before, the host stalled, or the value lies within its own accuracy of the limit. Never green, and never to be
 * taken for a miss.
 */
public final class InconclusiveError extends AssertionError {

    private static final long serialVersionUID = 1;

    /** Creates the error; the message is to begin with {@code INCONCLUSIVE:}. */
    public InconclusiveError(String message) {
        super(message);
    }
}

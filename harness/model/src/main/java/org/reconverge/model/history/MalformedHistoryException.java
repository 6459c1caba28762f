package org.reconverge.model.history;

/** A line is not a history event. The message says what was expected and what was found. */
public final class MalformedHistoryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates the exception with a message that says what was expected and what was found. */
    public MalformedHistoryException(String message) {
        super(message);
    }

    /** Creates the exception with a message that says what was expected and what was found, and its cause. */
    public MalformedHistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}

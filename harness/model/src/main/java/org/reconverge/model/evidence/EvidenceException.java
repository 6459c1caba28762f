package org.reconverge.model.evidence;

/** Evidence cannot be written or read. The message says which file, and why. */
public final class EvidenceException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates the exception with a message that says which file, and why. */
    public EvidenceException(String message) {
        super(message);
    }

    /** Creates the exception with a message that says which file, and why, and its cause. */
    public EvidenceException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.reconverge.lab;

import org.jspecify.annotations.Nullable;

/** Thrown when a lab could not be started, or could not do what it was asked to. The message says what to try. */
public class LabException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Creates the exception. */
    public LabException(String message) {
        super(message);
    }

    /** Creates the exception. */
    public LabException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

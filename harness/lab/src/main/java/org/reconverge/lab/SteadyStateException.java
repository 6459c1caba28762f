package org.reconverge.lab;

/** Thrown when a lab does not come to steady state in the spec's time, or cannot; the message names what is missing. */
public final class SteadyStateException extends LabException {

    private static final long serialVersionUID = 1;

    SteadyStateException(String message) {
        super(message);
    }

    SteadyStateException(String message, Throwable cause) {
        super(message, cause);
    }
}

package org.reconverge.lab.panel;

import org.jspecify.annotations.Nullable;

/** Thrown when the patch panel could not do what it was asked to. */
public final class PanelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    PanelException(String message) {
        super(message);
    }

    PanelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

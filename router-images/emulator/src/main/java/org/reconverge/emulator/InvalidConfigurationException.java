package org.reconverge.emulator;

import java.io.Serial;

/** The emulator was called with something that it cannot run; the message says what was expected. */
final class InvalidConfigurationException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    InvalidConfigurationException(String message) {
        super(message);
    }
}

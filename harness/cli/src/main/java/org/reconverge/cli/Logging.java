package org.reconverge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** The log: warnings on standard error, and everything of our own with {@code --verbose}. */
final class Logging {

    private Logging() {}

    static void configure(boolean verbose) {
        if (verbose && LoggerFactory.getLogger("org.reconverge") instanceof Logger logger) {
            logger.setLevel(Level.DEBUG);
        }
    }
}

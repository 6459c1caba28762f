package org.reconverge.model.source;

import java.util.List;

/**
 * A value read from a user's file, with what is to be said about the file.
 *
 * @param value what the file means
 * @param problems its warnings, in document order; a file with errors has no value and ends in an
 *     {@link InvalidFileException} instead
 * @param <T> what the file describes
 */
public record Parsed<T>(T value, List<Problem> problems) {

    /** Copies the list, so that a parsed value never changes. */
    public Parsed {
        problems = List.copyOf(problems);
    }
}

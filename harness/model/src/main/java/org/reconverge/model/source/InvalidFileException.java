package org.reconverge.model.source;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown when a user's file has at least one error; carries all of its problems, not the first. */
public final class InvalidFileException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /**
     * Creates the exception.
     *
     * @param problems every problem of the file, warnings included, in document order
     */
    public InvalidFileException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Returns every problem of the file, warnings included, in document order. */
    public List<Problem> problems() {
        return problems;
    }
}

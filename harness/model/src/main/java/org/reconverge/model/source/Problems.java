package org.reconverge.model.source;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.reconverge.model.source.Problem.Severity;

/** Collects what is wrong in a user's file while it is read, so that all of it is reported and not the first. */
public final class Problems {

    private final Set<Problem> found = new LinkedHashSet<>();

    /** Notes that the file cannot be used. The same problem is kept once. */
    public void error(Position position, String path, String message) {
        found.add(new Problem(Severity.ERROR, position, path, message));
    }

    /** Notes that something of the file is ignored. The same problem is kept once. */
    public void warning(Position position, String path, String message) {
        found.add(new Problem(Severity.WARNING, position, path, message));
    }

    /** Notes problems that were found elsewhere, in another file for example. */
    public void addAll(List<Problem> others) {
        found.addAll(others);
    }

    /** Returns whether the file can be used. */
    public boolean hasErrors() {
        return found.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** Returns the problems by file, in the order in which files were first mentioned, and by place in it. */
    public List<Problem> inDocumentOrder() {
        List<java.nio.file.Path> files = found.stream()
                .map(problem -> problem.position().file())
                .distinct()
                .toList();
        return found.stream()
                .sorted(Comparator.comparing((Problem problem) ->
                                files.indexOf(problem.position().file()))
                        .thenComparing(problem -> problem.position().line())
                        .thenComparing(problem -> problem.position().column()))
                .toList();
    }

    /**
     * Ends the reading of a file.
     *
     * @throws InvalidFileException with every problem if there is an error
     */
    public <T> Parsed<T> conclude(T value) {
        throwIfErrors();
        return new Parsed<>(value, inDocumentOrder());
    }

    /**
     * Stops the reading of a file that cannot be understood any further.
     *
     * @throws InvalidFileException with every problem if there is an error
     */
    public void throwIfErrors() {
        if (hasErrors()) {
            throw new InvalidFileException(inDocumentOrder());
        }
    }
}

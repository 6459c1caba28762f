package org.reconverge.model.source;

import java.nio.file.Path;

/**
 * A place in a user's file.
 *
 * @param file the file as the user named it
 * @param line the line, from 1
 * @param column the column, from 1
 */
public record Position(Path file, int line, int column) {

    /** Renders the {@code file:line:column} form that editors and terminals turn into a link. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}

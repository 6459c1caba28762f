package org.reconverge.model.source;

/**
 * Something wrong in a user's file.
 *
 * @param severity whether the file can be used at all
 * @param position where it stands
 * @param path the path inside the document, such as {@code nodes.ber-edge1.binds[0]}; empty for the document itself
 * @param message what was expected, what was found, and what to try
 */
public record Problem(Severity severity, Position position, String path, String message) {

    /** How bad a problem is. */
    public enum Severity {
        /** The file can be used; the key is ignored. */
        WARNING,
        /** The file cannot be used. */
        ERROR
    }

    /** Renders {@code file:line:column path: message}. */
    @Override
    public String toString() {
        return position + (path.isEmpty() ? "" : " " + path) + ": " + message;
    }
}

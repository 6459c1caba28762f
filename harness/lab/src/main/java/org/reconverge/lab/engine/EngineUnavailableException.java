package org.reconverge.lab.engine;

import java.util.List;

/** Thrown when no Docker Engine answers; the message lists every place that was tried, and what to do. */
public final class EngineUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Attempt> attempts;
    private final boolean named;

    EngineUnavailableException(List<Attempt> attempts, boolean named) {
        super(message(attempts, named));
        this.attempts = List.copyOf(attempts);
        this.named = named;
    }

    /** Returns every place that was tried. */
    public List<Attempt> attempts() {
        return attempts;
    }

    /** Returns whether the user named the address, so that no other engine is an answer. */
    public boolean isAddressNamed() {
        return named;
    }

    private static String message(List<Attempt> attempts, boolean named) {
        StringBuilder message = new StringBuilder("No Docker Engine answers. Tried:");
        for (Attempt attempt : attempts) {
            message.append("\n  ").append(attempt);
        }
        message.append(
                named
                        ? "\nStart that engine, or name another one: unset DOCKER_HOST and DOCKER_CONTEXT,"
                                + " or run 'docker context use default'."
                        : "\nStart Docker, or set DOCKER_HOST to the engine's address; as root on Debian"
                                + " './reconverge engine start' installs and starts one.");
        return message.toString();
    }

    /**
     * A place that was tried in vain.
     *
     * @param origin where the address came from, such as {@code DOCKER_HOST}
     * @param where the address, or the file that should have held it
     * @param reason why it did not work
     */
    public record Attempt(String origin, String where, String reason) {
        @Override
        public String toString() {
            return where + " (" + origin + "): " + reason;
        }
    }
}

package org.reconverge.lab.engine;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an engine may answer.
 *
 * @param origin where the address comes from, such as {@code DOCKER_HOST} or {@code context 'ci'}
 * @param uri {@code unix:}, {@code tcp:} or {@code ssh:}
 * @param certificates the directory of {@code ca.pem}, {@code cert.pem} and {@code key.pem} if the engine is spoken to
 *     over TLS
 */
record EngineAddress(String origin, URI uri, Optional<Path> certificates) {

    static EngineAddress of(String origin, String uri) {
        return new EngineAddress(origin, URI.create(uri), Optional.empty());
    }

    boolean isUnixSocket() {
        return "unix".equals(uri.getScheme());
    }

    boolean isSsh() {
        return "ssh".equals(uri.getScheme());
    }

    /** Returns the path of the socket that a {@code unix:} address names. */
    Path socket() {
        return Path.of(uri.getPath());
    }

    @Override
    public String toString() {
        return uri + " (" + origin + ")";
    }
}

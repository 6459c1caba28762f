package org.reconverge.lab.engine;

import java.util.List;
import java.util.Optional;

/**
 * An image that Reconverge builds: a Dockerfile and the files beside it.
 *
 * @param name the name below {@code reconverge/}
 * @param parent the image it builds on, or empty if it builds on plain Debian
 * @param files everything the Dockerfile may copy, the Dockerfile included, ordered by path
 */
record RouterImage(String name, Optional<String> parent, List<ContextFile> files) {

    RouterImage {
        files = List.copyOf(files);
    }

    /**
     * A file of the build context.
     *
     * @param path the path relative to the Dockerfile
     * @param content what it holds
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, only hashed and sent
    record ContextFile(String path, byte[] content) {

        /** Returns the permissions it gets; resources have none of their own, so a script is known by its first two octets. */
        int mode() {
            return content.length > 1 && content[0] == '#' && content[1] == '!' ? 0755 : 0644;
        }
    }
}

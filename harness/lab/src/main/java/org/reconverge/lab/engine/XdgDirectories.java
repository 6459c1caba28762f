package org.reconverge.lab.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where Reconverge keeps files of its own, as the XDG Base Directory Specification lays down. */
public final class XdgDirectories {

    private XdgDirectories() {}

    /** Returns {@code $XDG_CACHE_HOME/reconverge}; everything in it can be made again. Created if missing. */
    public static Path cache() throws IOException {
        return Files.createDirectories(cachePath());
    }

    /** Returns where {@link #cache()} is, without creating it. */
    public static Path cachePath() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path base = configured != null && Path.of(configured).isAbsolute()
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("reconverge");
    }
}

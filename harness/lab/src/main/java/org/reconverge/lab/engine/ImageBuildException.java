package org.reconverge.lab.engine;

import java.util.List;

/** Thrown when an image cannot be built; the message holds the end of the build's log. */
public final class ImageBuildException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ImageBuildException(String image, String reason, List<String> lastLines) {
        super("Image " + image + " could not be built: " + reason
                + (lastLines.isEmpty() ? "" : "\n  " + String.join("\n  ", lastLines)));
    }

    ImageBuildException(String image, String reason, Throwable cause) {
        super("Image " + image + " could not be built: " + reason, cause);
    }
}

package org.reconverge.lab.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts octets into lines of UTF-8 text, without their line ends. */
public final class LineSink implements ContainerProcess.Sink {

    private final Consumer<String> consumer;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    /** Creates a sink that hands each complete line to {@code consumer}. */
    public LineSink(Consumer<String> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void accept(byte[] octets) {
        int start = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '\n') {
                partial.write(octets, start, i - start);
                String line = partial.toString(StandardCharsets.UTF_8);
                partial.reset();
                start = i + 1;
                consumer.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
            }
        }
        partial.write(octets, start, octets.length - start);
    }
}

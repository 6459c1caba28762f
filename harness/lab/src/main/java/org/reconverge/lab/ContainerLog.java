package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.LogContainerCmd;
import com.github.dockerjava.api.model.Frame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.reconverge.lab.stream.LineSink;

/** Reads what a container wrote. */
final class ContainerLog {

    /**
     * A line of a log.
     *
     * @param at when the engine received it
     */
    record Line(Instant at, String text) {}

    private ContainerLog() {}

    /** Returns the last lines, without times. */
    static List<String> tail(DockerClient client, String container, int lines) {
        return read(client.logContainerCmd(container).withTail(lines)).stream().toList();
    }

    /** Returns the lines written since {@code since}, with the times at which the engine received them. */
    static List<Line> since(DockerClient client, String container, Instant since) {
        List<Line> lines = new ArrayList<>();
        for (String line : read(client.logContainerCmd(container)
                .withTimestamps(true)
                .withSince(Math.toIntExact(since.getEpochSecond())))) {
            int space = line.indexOf(' ');
            if (space > 0) {
                Instant at = Instant.parse(line.substring(0, space));
                if (!at.isBefore(since)) {
                    lines.add(new Line(at, line.substring(space + 1)));
                }
            }
        }
        return lines;
    }

    private static List<String> read(LogContainerCmd command) {
        List<String> lines = new ArrayList<>();
        LineSink sink = new LineSink(lines::add);
        try {
            command.withStdOut(true)
                    .withStdErr(true)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            sink.accept(frame.getPayload());
                        }
                    })
                    .awaitCompletion(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return lines;
    }
}

package org.reconverge.emulator;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All streams of one emulator, on one event loop, with the regular writing of what they recorded. */
final class ProbeRun {

    private static final Duration CLOCK_SYNC = Duration.ofSeconds(1);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(1);

    private final Telemetry telemetry;
    private final EventLoop loop;
    private final Duration flush;
    private final List<ProbeStream> streams;

    /**
     * Prepares the streams.
     *
     * @param flush how often what was recorded is written
     */
    ProbeRun(
            ProbeConfiguration configuration,
            Transport transport,
            Telemetry telemetry,
            EventLoop loop,
            Duration flush) {
        this.telemetry = telemetry;
        this.loop = loop;
        this.flush = flush;
        streams = configuration.streams().stream()
                .map(stream -> ProbeStream.of(stream, transport, telemetry, loop))
                .toList();
    }

    /** Begins all streams, one after the other within an interval, so that they do not wait for each other ever after. */
    void start() {
        loop.execute(() -> {
            telemetry.clockSync();
            for (int i = 0; i < streams.size(); i++) {
                streams.get(i).start((double) i / streams.size());
            }
        });
        loop.scheduleAtFixedRate(
                telemetry::clockSync, CLOCK_SYNC.toNanos(), CLOCK_SYNC.toNanos(), TimeUnit.NANOSECONDS);
        loop.scheduleAtFixedRate(this::flush, flush.toNanos(), flush.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Stops all streams and writes what they still have recorded. */
    void finish() {
        try {
            loop.submit(() -> {
                        streams.forEach(ProbeStream::stop);
                        flush();
                    })
                    .get(LAST_FLUSH.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("reconverge-emulator: the last batch may be lost: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void flush() {
        streams.forEach(ProbeStream::flush);
    }
}

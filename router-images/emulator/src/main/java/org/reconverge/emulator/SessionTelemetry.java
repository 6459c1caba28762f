package org.reconverge.emulator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes what sessions do as lines of a history: states at once, values and attempts to connect in batches that the sessions
 * of one observer share. Confined to one thread.
 */
final class SessionTelemetry {

    /** Entries of a line at most, which keeps it under the 16 KiB at which container engines split log lines. */
    private static final int LONGEST_BATCH = 128;

    private final String probe;
    private final String client;
    private final String site;
    private final Telemetry telemetry;
    private final Map<String, Batch> batches = new LinkedHashMap<>();
    private final long[] attempts = new long[LONGEST_BATCH];
    private int attempted;

    private static final class Batch {
        private final long[] station = new long[LONGEST_BATCH];
        private final long[] number = new long[LONGEST_BATCH];
        private final long[] nanos = new long[LONGEST_BATCH];
        private final long[] tagMillis = new long[LONGEST_BATCH];
        private int size;
    }

    /**
     * Creates the telemetry of a client or of a site.
     *
     * @param probe the probe: {@code client/name}; empty at a site
     * @param client the client's name; empty at a site
     * @param site the site's name; empty at a client
     */
    SessionTelemetry(String probe, String client, String site, Telemetry telemetry) {
        this.probe = probe;
        this.client = client;
        this.site = site;
        this.telemetry = telemetry;
    }

    /**
     * Writes that a session reached a state.
     *
     * @param connection the connection as {@code client address:port>server address:port}
     * @param side {@code controlled} or {@code controlling}
     * @param detail why; empty if nothing is to be said
     */
    void changed(long at, String protocol, String connection, int station, String side, String state, String detail) {
        telemetry.write(new JsonLine("telecontrol-changed")
                .put("at", at)
                .put("session", connection)
                .put("client", client)
                .put("protocol", protocol)
                .put("station", station)
                .put("side", side)
                .put("state", state)
                .put("site", site)
                .put("detail", detail));
    }

    /** Takes in that a value passed a step. */
    void value(long at, String step, int station, long number, long tagMillis) {
        Batch batch = batches.computeIfAbsent(step, key -> new Batch());
        batch.station[batch.size] = station;
        batch.number[batch.size] = number;
        batch.nanos[batch.size] = at;
        batch.tagMillis[batch.size] = tagMillis;
        if (++batch.size == LONGEST_BATCH) {
            flush(step, batch);
        }
    }

    /** Takes in that a TCP client begins to open a connection. */
    void attempt(long at) {
        attempts[attempted++] = at;
        if (attempted == LONGEST_BATCH) {
            flushAttempts();
        }
    }

    void note(long at, String text, Map<String, String> values) {
        telemetry.note(at, text, values);
    }

    /** Writes the values and attempts of which nothing was written yet. */
    void flush() {
        batches.forEach(this::flush);
        flushAttempts();
    }

    /** Returns the client or the site. */
    String where() {
        return client.isEmpty() ? site : client;
    }

    private void flush(String step, Batch batch) {
        if (batch.size > 0) {
            telemetry.write(new JsonLine("values-passed")
                    .put("where", where())
                    .put("step", step)
                    .put("station", batch.station, batch.size)
                    .put("number", batch.number, batch.size)
                    .put("nanos", batch.nanos, batch.size)
                    .put("tagMillis", batch.tagMillis, batch.size));
            batch.size = 0;
        }
    }

    private void flushAttempts() {
        if (attempted > 0) {
            telemetry.write(new JsonLine("connections-attempted")
                    .put("where", where())
                    .put("probe", probe)
                    .put("nanos", attempts, attempted));
            attempted = 0;
        }
    }
}

package org.reconverge.emulator;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.reconverge.emulator.iec104.Iec104Session;
import org.reconverge.emulator.iec104.StationKind;
import org.reconverge.emulator.iec104.StationObserver;

/**
 * Writes what stations do as lines of a history: sessions and commands at once, values in batches that the stations of one
 * observer share.
 */
final class Iec104Telemetry implements StationObserver {

    /** Entries of a line at most, which keeps it under the 16 KiB at which container engines split log lines. */
    private static final int LONGEST_BATCH = 128;

    /** Of the malformed frames and the like of one emulator, only so many are described. */
    private static final int MOST_NOTES = 1000;

    private final String probe;
    private final String client;
    private final String site;
    private final Telemetry telemetry;
    private final Map<ValueStep, Batch> batches = new EnumMap<>(ValueStep.class);
    private final long[] attempts = new long[LONGEST_BATCH];
    private int attempted;
    private int notes;

    private static final class Batch {
        private final long[] station = new long[LONGEST_BATCH];
        private final long[] number = new long[LONGEST_BATCH];
        private final long[] nanos = new long[LONGEST_BATCH];
        private final long[] tagMillis = new long[LONGEST_BATCH];
        private int size;
    }

    /**
     * Creates an observer: of a client or of a site.
     *
     * @param probe the probe: {@code client/name}; empty at a site
     * @param client the client's name; empty at a site
     * @param site the site's name; empty at a client
     */
    Iec104Telemetry(String probe, String client, String site, Telemetry telemetry) {
        this.probe = probe;
        this.client = client;
        this.site = site;
        this.telemetry = telemetry;
    }

    @Override
    public void session(
            long at, StationKind side, Iec104Session session, int station, SessionState state, String detail) {
        telemetry.write(new JsonLine("telecontrol-changed")
                .put("at", at)
                .put("session", session.connection())
                .put("client", client)
                .put("protocol", "iec104")
                .put("station", station)
                .put("side", lowerCase(side))
                .put("state", lowerCase(state))
                .put("site", site)
                .put("detail", detail));
    }

    @Override
    public void value(long at, ValueStep step, int station, long number, long tagMillis) {
        Batch batch = batches.computeIfAbsent(step, key -> new Batch());
        batch.station[batch.size] = station;
        batch.number[batch.size] = number;
        batch.nanos[batch.size] = at;
        batch.tagMillis[batch.size] = tagMillis;
        if (++batch.size == LONGEST_BATCH) {
            flush(step, batch);
        }
    }

    @Override
    public void command(
            long at, CommandStep step, int station, int originator, long number, int address, String detail) {
        telemetry.write(new JsonLine("command-passed")
                .put("at", at)
                .put("where", where())
                .put("station", station)
                .put("originator", originator)
                .put("number", number)
                .put("address", address)
                .put("step", lowerCase(step))
                .put("detail", detail));
    }

    @Override
    public void note(long at, Iec104Session session, int station, String text, String detail) {
        if (notes++ < MOST_NOTES) {
            telemetry.note(
                    at,
                    "iec104 " + text,
                    Map.of(
                            "session", session.connection(),
                            "station", Integer.toString(station),
                            "detail", detail));
        }
    }

    /** Takes in that a TCP client begins to open a connection. */
    void attempt(long at) {
        attempts[attempted++] = at;
        if (attempted == LONGEST_BATCH) {
            flushAttempts();
        }
    }

    /** Writes the values and attempts of which nothing was written yet. */
    void flush() {
        batches.forEach(this::flush);
        flushAttempts();
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

    private void flush(ValueStep step, Batch batch) {
        if (batch.size > 0) {
            telemetry.write(new JsonLine("values-passed")
                    .put("where", where())
                    .put("step", lowerCase(step))
                    .put("station", batch.station, batch.size)
                    .put("number", batch.number, batch.size)
                    .put("nanos", batch.nanos, batch.size)
                    .put("tagMillis", batch.tagMillis, batch.size));
            batch.size = 0;
        }
    }

    private String where() {
        return client.isEmpty() ? site : client;
    }

    /** Returns the name of a constant in lower kebab-case, as in every history. */
    private static String lowerCase(Enum<?> constant) {
        return constant.name().replace('_', '-').toLowerCase(Locale.ROOT);
    }
}

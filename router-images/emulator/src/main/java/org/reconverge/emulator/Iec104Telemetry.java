package org.reconverge.emulator;

import java.util.Locale;
import java.util.Map;
import org.reconverge.emulator.iec104.Iec104Session;
import org.reconverge.emulator.iec104.StationKind;
import org.reconverge.emulator.iec104.StationObserver;

/** Writes what stations of IEC 60870-5-104 do as lines of a history. */
final class Iec104Telemetry implements StationObserver {

    /** Of the malformed frames and the like of one emulator, only so many are described. */
    private static final int MOST_NOTES = 1000;

    private final SessionTelemetry sessions;
    private final Telemetry telemetry;
    private int notes;

    /**
     * Creates an observer: of a client or of a site.
     *
     * @param probe the probe: {@code client/name}; empty at a site
     * @param client the client's name; empty at a site
     * @param site the site's name; empty at a client
     */
    Iec104Telemetry(String probe, String client, String site, Telemetry telemetry) {
        this.sessions = new SessionTelemetry(probe, client, site, telemetry);
        this.telemetry = telemetry;
    }

    @Override
    public void session(
            long at, StationKind side, Iec104Session session, int station, SessionState state, String detail) {
        sessions.changed(at, "iec104", session.connection(), station, lowerCase(side), lowerCase(state), detail);
    }

    @Override
    public void value(long at, ValueStep step, int station, long number, long tagMillis) {
        sessions.value(at, lowerCase(step), station, number, tagMillis);
    }

    @Override
    public void command(
            long at, CommandStep step, int station, int originator, long number, int address, String detail) {
        telemetry.write(new JsonLine("command-passed")
                .put("at", at)
                .put("where", sessions.where())
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
        sessions.attempt(at);
    }

    /** Writes the values and attempts of which nothing was written yet. */
    void flush() {
        sessions.flush();
    }

    /** Returns the name of a constant in lower kebab-case, as in every history. */
    private static String lowerCase(Enum<?> constant) {
        return constant.name().replace('_', '-').toLowerCase(Locale.ROOT);
    }
}

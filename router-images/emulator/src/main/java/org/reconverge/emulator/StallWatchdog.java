package org.reconverge.emulator;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Notices that this process, or the whole host, did not run: a thread that wakes on a fixed plan and reports when it came
 * too late.
 *
 * <p>A stall that begins just after a tick is seen shorter than it was, by up to one {@link #TICK}: every stall longer
 * than the threshold plus a tick is reported, a shorter one perhaps.
 */
final class StallWatchdog implements Runnable {

    /** The time between two looks. */
    static final Duration TICK = Duration.ofMillis(10);

    private final Telemetry telemetry;
    private final String where;
    private final long threshold;

    private StallWatchdog(Telemetry telemetry, String where, Duration threshold) {
        this.telemetry = telemetry;
        this.where = where;
        this.threshold = threshold.toNanos();
    }

    /**
     * Starts a watchdog as a daemon thread; interrupting it ends it.
     *
     * @param where names the observer in its reports
     * @param threshold how late is too late
     */
    static Thread start(Telemetry telemetry, String where, Duration threshold) {
        Thread thread = new Thread(new StallWatchdog(telemetry, where, threshold), "stall-watchdog");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void run() {
        long due = System.nanoTime();
        while (!Thread.currentThread().isInterrupted()) {
            due += TICK.toNanos();
            long now;
            while ((now = System.nanoTime()) - due < 0) {
                LockSupport.parkNanos(this, due - now);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
            }
            if (now - due > threshold) {
                telemetry.stalled(now, where, now - due);
                due = now;
            }
        }
    }
}

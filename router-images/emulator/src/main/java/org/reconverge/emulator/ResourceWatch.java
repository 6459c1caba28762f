package org.reconverge.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Reports every second what this process has used: its processor time and its resident set, as the kernel counts them. */
final class ResourceWatch implements Runnable {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Path STATUS = Path.of("/proc/self/status");

    private final Telemetry telemetry;
    private final String where;

    private ResourceWatch(Telemetry telemetry, String where) {
        this.telemetry = telemetry;
        this.where = where;
    }

    /** Starts a daemon thread that reports until the process ends. */
    static void start(Telemetry telemetry, String where) {
        Thread thread = new Thread(new ResourceWatch(telemetry, where), "resources");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            long at = System.nanoTime();
            ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .ifPresent(cpu -> telemetry.used(at, where, cpu.toNanos(), residentBytes()));
            LockSupport.parkNanos(this, EVERY.toNanos());
        }
    }

    /** Returns VmRSS (proc(5)), or 0 where the kernel does not tell. */
    private static long residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException e) {
            // Not told is not worth a message a second.
        }
        return 0;
    }
}

package org.reconverge.lab.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The process that a lab belongs to, told from every other process on every other host.
 *
 * @param host the host's name
 * @param bootId identifies the host since its last boot; empty where the system has none
 * @param pidNamespace the PID namespace in which {@code pid} holds; empty where the system has none
 * @param pid the process id
 * @param startTime when the process started, in a unit of the host's choice
 */
public record Owner(String host, String bootId, String pidNamespace, long pid, String startTime) {

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path PID_NAMESPACE = Path.of("/proc/self/ns/pid");

    /** What can be said about an owner from here. */
    public enum Liveness {
        /** It runs. */
        ALIVE,
        /** It does not run any more. */
        DEAD,
        /** It runs, or ran, where this process cannot look: on another host or in another container. */
        UNKNOWN
    }

    /** Returns this process. */
    public static Owner current() {
        long pid = ProcessHandle.current().pid();
        return new Owner(
                thisHost(), thisBoot(), thisPidNamespace(), pid, startTime(pid).orElse(""));
    }

    /** Reads an owner from a container's labels; empty if they name none. */
    public static Optional<Owner> from(Map<String, String> labels) {
        String pid = labels.getOrDefault(Labels.OWNER_PID, "");
        if (!pid.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(new Owner(
                labels.getOrDefault(Labels.OWNER_HOST, ""),
                labels.getOrDefault(Labels.OWNER_BOOT_ID, ""),
                labels.getOrDefault(Labels.OWNER_PID_NAMESPACE, ""),
                Long.parseLong(pid),
                labels.getOrDefault(Labels.OWNER_START_TIME, "")));
    }

    /** Returns the labels that {@link #from} reads. */
    public Map<String, String> labels() {
        return Map.of(
                Labels.OWNER_HOST, host,
                Labels.OWNER_BOOT_ID, bootId,
                Labels.OWNER_PID_NAMESPACE, pidNamespace,
                Labels.OWNER_PID, Long.toString(pid),
                Labels.OWNER_START_TIME, startTime);
    }

    /** Returns whether the owner still runs, as far as this process can tell. */
    public Liveness liveness() {
        if (!bootId.equals(thisBoot())) {
            // Another boot of this host ended every process of the earlier one; another host is another matter.
            return host.equals(thisHost()) && !bootId.isEmpty() ? Liveness.DEAD : Liveness.UNKNOWN;
        }
        if (!pidNamespace.equals(thisPidNamespace()) || (bootId.isEmpty() && !host.equals(thisHost()))) {
            return Liveness.UNKNOWN;
        }
        return startTime(pid).filter(startTime::equals).isPresent() ? Liveness.ALIVE : Liveness.DEAD;
    }

    /** Returns when a process started, in a unit of the host's choice; empty if it does not run. */
    static Optional<String> startTime(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            // proc(5): the second field is the command in parentheses and may hold anything; "starttime" is field 22.
            String line = Files.readString(stat);
            String[] afterCommand = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            boolean zombie = afterCommand[0].equals("Z") || afterCommand[0].equals("X");
            return zombie ? Optional.empty() : Optional.of(afterCommand[22 - 3]);
        } catch (IOException e) {
            return ProcessHandle.of(pid)
                    .flatMap(process -> process.info().startInstant())
                    .map(start -> Long.toString(start.toEpochMilli()));
        }
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("localhost");
        }
    }

    private static String thisBoot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String thisPidNamespace() {
        try {
            return Files.readSymbolicLink(PID_NAMESPACE).toString();
        } catch (IOException e) {
            return "";
        }
    }
}

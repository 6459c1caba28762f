package org.reconverge.model.evidence;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a campaign run was, and where: {@code run.json}.
 *
 * @param id identifies the run, such as {@code 20261122-131500-two-site}
 * @param started when it started by the wall clock
 * @param seed the seed that all its random choices come from
 * @param command the command that runs it again
 * @param versions the versions that decide the result, by name: ours, Java's, the images'
 * @param engine the container engine and its API version
 * @param kernel the kernel's release
 * @param environment always {@value #EMULATED}: a lab proves design and configuration, not production
 * @param topologyFile the topology's copy inside the evidence; set by the writer
 * @param specFile the failover spec's copy inside the evidence; set by the writer
 */
public record Run(
        String id,
        Instant started,
        long seed,
        List<String> command,
        Map<String, String> versions,
        String engine,
        String kernel,
        String environment,
        Optional<String> topologyFile,
        Optional<String> specFile) {

    /** The environment of every run. */
    public static final String EMULATED = "emulated";

    /** Copies the collections, so that a run never changes. */
    public Run {
        command = List.copyOf(command);
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
    }

    /** Creates a run whose files have not been copied yet. */
    public Run(
            String id,
            Instant started,
            long seed,
            List<String> command,
            Map<String, String> versions,
            String engine,
            String kernel) {
        this(id, started, seed, command, versions, engine, kernel, EMULATED, Optional.empty(), Optional.empty());
    }

    Run withFiles(String topology, String spec) {
        return new Run(
                id,
                started,
                seed,
                command,
                versions,
                engine,
                kernel,
                environment,
                Optional.of(topology),
                Optional.of(spec));
    }
}

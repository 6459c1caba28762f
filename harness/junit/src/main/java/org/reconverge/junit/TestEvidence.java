package org.reconverge.junit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import org.reconverge.lab.Outage;
import org.reconverge.lab.Recording;

/** What assertions and the extension know of each other: where a recording is kept, and what was asserted on it. */
final class TestEvidence {

    private static final Map<Recording, TestEvidence> BY_RECORDING = Collections.synchronizedMap(new WeakHashMap<>());

    private final Path directory;
    private final String again;
    private final List<Outage> outages = Collections.synchronizedList(new ArrayList<>());

    private TestEvidence(Path directory, String again) {
        this.directory = directory;
        this.again = again;
    }

    static TestEvidence keep(Recording recording, Path directory, String again) {
        TestEvidence evidence = new TestEvidence(directory, again);
        BY_RECORDING.put(recording, evidence);
        return evidence;
    }

    static Optional<TestEvidence> of(Recording recording) {
        return Optional.ofNullable(BY_RECORDING.get(recording));
    }

    /** Returns where the recording is kept. */
    Path directory() {
        return directory;
    }

    /** Returns the command that runs the test again. */
    String again() {
        return again;
    }

    void asserted(Outage outage) {
        if (!outages.contains(outage)) {
            outages.add(outage);
        }
    }

    List<Outage> outages() {
        synchronized (outages) {
            return List.copyOf(outages);
        }
    }
}

package org.reconverge.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.Recovery;
import org.reconverge.model.spec.ClientSpec;

/** A customer gateway of a running lab. */
public final class Client {

    private final Lab lab;
    private final ClientSpec definition;

    Client(Lab lab, ClientSpec definition) {
        this.lab = lab;
        this.definition = definition;
    }

    /** Returns the client's name in the spec. */
    public String name() {
        return definition.name();
    }

    /** Returns what the spec says of it. */
    public ClientSpec definition() {
        return definition;
    }

    /** Returns the lab that it belongs to. */
    public Lab lab() {
        return lab;
    }

    /**
     * Waits until the lab, and with it this client, is in steady state.
     *
     * @return this client
     * @throws LabException if it does not come to that in the spec's time; the message names what is missing
     */
    public Client inSteadyState() {
        lab.awaitSteadyState();
        return this;
    }

    /**
     * Watches what an injection does to this client, until it has been served without loss for the validation time, or far
     * past the budget: a miss is to say when it did recover.
     *
     * @throws IllegalStateException if the lab is not being recorded
     */
    public Outage outageAfter(Injection injection) {
        return Outage.watch(lab, lab.requireRecording(), name(), injection);
    }

    /**
     * Returns the sites that answer its probes now, by probe id; an empty site where the last probe whose fate is known was
     * lost.
     *
     * @throws IllegalStateException if the lab is not being recorded
     */
    public Map<String, Optional<String>> servedBy() {
        Recording recording = lab.requireRecording();
        ConvergenceEvent now = new ConvergenceEvent(recording.started(), recording.started());
        Map<String, Recovery.Stream> streams =
                recording.probes().recovery(now, lab.spec().validation()).streams();
        Map<String, Optional<String>> sites = new LinkedHashMap<>();
        for (String probe : probeIds()) {
            sites.put(
                    probe,
                    Optional.ofNullable(streams.get(probe))
                            .filter(stream -> stream.goodSince().isPresent())
                            .flatMap(Recovery.Stream::site));
        }
        return sites;
    }

    /** Returns the ids of its probe streams, as the history names them. */
    public List<String> probeIds() {
        return definition.probes().stream()
                .map(probe -> definition.name() + "/" + probe.name())
                .toList();
    }

    @Override
    public String toString() {
        return "client " + name();
    }
}

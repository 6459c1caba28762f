package org.reconverge.lab;

import java.util.List;
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

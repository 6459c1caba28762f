package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reconverge.lab.Lab;
import org.reconverge.lab.LabOptions;
import org.reconverge.lab.ProgressListener;
import org.reconverge.lab.SteadyStateException;
import org.reconverge.lab.engine.Engine;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.topology.TopologyFile;

/** Equal-cost paths to both sites: every session is up, every probe is answered, and no tunnel could live. */
class BalancingIT {

    private static Engine engine;

    @BeforeAll
    static void connect() {
        engine = Engine.connect();
    }

    @AfterAll
    static void disconnect() {
        engine.close();
    }

    /** Sixteen flows: that a hash sends all of them to one site happens once in 32 768 starts. */
    @Test
    void balancingByFlowIsNamed() {
        assertThatThrownBy(() -> Lab.startInSteadyState(lab("by-flow")))
                .isInstanceOf(SteadyStateException.class)
                .hasMessageContaining("client client: its streams are spread over berlin and frankfurt");
    }

    @Test
    void balancingByPacketIsNamed() {
        assertThatThrownBy(() -> Lab.startInSteadyState(lab("by-packet")))
                .isInstanceOf(SteadyStateException.class)
                .hasMessageContaining("client client: packets of one stream reach one site and another in turn");
    }

    private static LabOptions lab(String name) {
        FailoverSpec spec = FailoverSpecFile.read(Labs.resource("labs/balancing/" + name + ".failover.yml"));
        return new LabOptions(spec, TopologyFile.read(spec.topology()), engine, ProgressListener.silent());
    }
}

package org.reconverge.tests;

import static org.assertj.core.api.Assertions.assertThat;
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

    /** The tunnel of a customer who has nothing else: up, with fresh keys, and of no use. */
    @Test
    void balancingByPacketTearsATunnel() {
        try (Lab lab = Lab.start(lab("tunnel-by-packet"))) {
            String balance = lab.node("router").run("nft list table ip balance").output();
            assertThat(lab.node("router").run("nft delete table ip balance").status())
                    .isZero();
            // The control: the same platform without balancing.
            lab.awaitSteadyState();

            assertThat(lab.node("router").run("nft '" + balance + "'").status()).isZero();
            assertThatThrownBy(lab::awaitSteadyState)
                    .isInstanceOf(SteadyStateException.class)
                    .hasMessageContaining("client client: its tunnel is up and lost ")
                    .hasMessageContaining("as per-packet balancing over equal-cost paths does");
        }
    }

    private static LabOptions lab(String name) {
        FailoverSpec spec = FailoverSpecFile.read(Labs.resource("labs/balancing/" + name + ".failover.yml"));
        return new LabOptions(spec, TopologyFile.read(spec.topology()), engine, ProgressListener.silent());
    }
}

package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.reconverge.lab.engine.KernelProbe.Finding;

class KernelProbeTest {

    @Test
    void everyCapabilityGetsAnAnswer() {
        List<Finding> findings = KernelProbe.read("""
                PID_HOST present
                VETH present
                NETEM missing Error: Specified qdisc kind is unknown.
                """);

        assertThat(findings).hasSameSizeAs(KernelCapability.values());
        assertThat(findings)
                .contains(
                        new Finding(KernelCapability.VETH, true, ""),
                        new Finding(KernelCapability.NETEM, false, "Error: Specified qdisc kind is unknown."))
                .filteredOn(finding -> finding.capability() == KernelCapability.TUN)
                .singleElement()
                .satisfies(finding -> assertThat(finding.present()).isFalse());
    }
}

package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.reconverge.lab.engine.Owner.Liveness.ALIVE;
import static org.reconverge.lab.engine.Owner.Liveness.DEAD;
import static org.reconverge.lab.engine.Owner.Liveness.UNKNOWN;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnerTest {

    private final Owner self = Owner.current();

    @Test
    void labelsCarryEverything() {
        assertThat(Owner.from(self.labels())).contains(self);
        assertThat(Owner.from(Map.of())).isEmpty();
    }

    @Test
    void thisProcessIsAlive() {
        assertThat(self.liveness()).isEqualTo(ALIVE);
    }

    @Test
    void anEndedProcessIsDead() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sleep", "60").start();
        Owner owner = new Owner(
                self.host(),
                self.bootId(),
                self.pidNamespace(),
                process.pid(),
                Owner.startTime(process.pid()).orElseThrow());
        assertThat(owner.liveness()).isEqualTo(ALIVE);

        process.destroyForcibly().waitFor();

        assertThat(owner.liveness()).isEqualTo(DEAD);
    }

    @Test
    void aLaterProcessWithTheSameIdIsNotTheOwner() {
        Owner earlier = new Owner(self.host(), self.bootId(), self.pidNamespace(), self.pid(), "1");

        assertThat(earlier.liveness()).isEqualTo(DEAD);
    }

    @Test
    void aRebootEndedEveryOwner() {
        Owner beforeReboot = new Owner(self.host(), "another boot", self.pidNamespace(), self.pid(), self.startTime());

        assertThat(beforeReboot.liveness()).isEqualTo(DEAD);
    }

    @Test
    void anOwnerOnAnotherHostOrInAnotherContainerIsNotJudged() {
        assertThat(new Owner("elsewhere", "another boot", "pid:[1]", 1, "1").liveness())
                .isEqualTo(UNKNOWN);
        assertThat(new Owner(self.host(), self.bootId(), "pid:[1]", self.pid(), self.startTime()).liveness())
                .isEqualTo(UNKNOWN);
    }
}

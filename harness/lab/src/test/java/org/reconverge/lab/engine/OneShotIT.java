package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.lab.ProgressListener;
import org.reconverge.model.source.Problem;

/** What is found out in containers that are thrown away. */
class OneShotIT {

    @TempDir
    Path directory;

    private Engine engine;
    private ImageStore images;

    @BeforeEach
    void connect() {
        engine = Engine.connect();
        images = new ImageStore(engine, ProgressListener.silent());
    }

    @AfterEach
    void nothingIsLeft() {
        List<String> left = engine
                .client()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(
                        Labels.ROLE,
                        "throw-away",
                        Labels.OWNER_PID,
                        Long.toString(Owner.current().pid())))
                .exec()
                .stream()
                .map(container -> container.getLabels().getOrDefault(Labels.LAB, ""))
                .filter(lab -> lab.startsWith("one-shot-"))
                .toList();
        engine.close();
        assertThat(left).isEmpty();
    }

    @Test
    void theKernelHasWhatEveryLabNeeds() {
        assertThat(new KernelProbe(engine, images).run())
                .hasSameSizeAs(KernelCapability.values())
                .filteredOn(finding -> finding.capability().isRequired())
                .allSatisfy(finding -> assertThat(finding.present())
                        .as(finding.capability() + ": " + finding.detail())
                        .isTrue());
    }

    @Test
    void frrItselfSaysWhichLinesItDoesNotTake() throws IOException {
        Path right = Files.writeString(directory.resolve("right.conf"), "hostname a\nrouter bgp 65001\n");
        Path wrong = Files.writeString(directory.resolve("wrong.conf"), "router bgp 65001\n bgp routr-id 192.0.2.1\n");

        assertThat(new FrrConfigCheck(engine, images).check(List.of(right, wrong)))
                .singleElement()
                .extracting(Problem::toString)
                .isEqualTo(wrong + ":2:1: FRR does not take this line: Unknown command: bgp routr-id 192.0.2.1");
    }
}

package org.reconverge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PhaseCountTest {

    @Test
    void reportsInTheOrderOfTheCountWhateverThreadIsFaster() {
        List<Integer> reported = new ArrayList<>();
        ProgressListener slowAtFirst = (phase, detail, done, total) -> {
            for (int i = 0; done % 2 == 1 && i < 1_000; i++) {
                Thread.onSpinWait();
            }
            reported.add(done);
        };
        PhaseCount count = new PhaseCount(slowAtFirst, "daemons", 100);

        CompletableFuture.allOf(IntStream.range(0, 100)
                        .mapToObj(i -> CompletableFuture.runAsync(() -> count.done("node-" + i)))
                        .toArray(CompletableFuture<?>[]::new))
                .join();

        assertThat(reported)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 100).boxed().toList());
    }
}

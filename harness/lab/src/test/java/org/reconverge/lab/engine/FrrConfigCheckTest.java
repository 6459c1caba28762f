package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrrConfigCheckTest {

    /** What FRR 10.3 writes. */
    private static final String OUTPUT = """
            == 0
            == 1
            line 4: % Unknown command[28]:  bgp routr-id 1.1.1.1
            line 7: % Unknown command[31]:   network 1.2.3.4/33
            Configuration file[/etc/frr/frr.conf] processing failure: 2
            """;

    @Test
    void complaintsAreMappedBackToTheUsersFiles() {
        assertThat(FrrConfigCheck.read(OUTPUT, List.of(Path.of("a/frr.conf"), Path.of("b/frr.conf"))))
                .extracting(Object::toString)
                .containsExactly(
                        "b/frr.conf:4:1: FRR does not take this line: Unknown command: bgp routr-id 1.1.1.1",
                        "b/frr.conf:7:1: FRR does not take this line: Unknown command: network 1.2.3.4/33");
    }
}

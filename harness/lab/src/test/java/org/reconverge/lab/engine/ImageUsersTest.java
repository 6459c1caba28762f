package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageUsersTest {

    @TempDir
    Path directory;

    @Test
    void whatAnotherCheckoutUsesIsKnownUntilItUsesAnotherTagOrIsDeleted() throws IOException {
        Path one = Files.createDirectory(directory.resolve("one"));
        Path other = Files.createDirectory(directory.resolve("other"));
        ImageUsers self = users(one);

        self.use(Map.of("frr", "reconverge/frr:1"));
        users(other).use(Map.of("frr", "reconverge/frr:2", "base", "reconverge/base:2"));
        assertThat(self.usedByOthers()).containsExactlyInAnyOrder("reconverge/frr:2", "reconverge/base:2");

        users(other).use(Map.of("frr", "reconverge/frr:3"));
        assertThat(self.usedByOthers()).containsExactlyInAnyOrder("reconverge/frr:3", "reconverge/base:2");

        Files.delete(other);
        assertThat(self.usedByOthers()).isEmpty();
    }

    @Test
    void everyBuildOfACheckoutIsTheSameUser() throws IOException {
        Path checkout = directory.resolve("checkout");
        Path classes = Files.createDirectories(checkout.resolve("harness/lab/target/classes"));
        Files.createDirectories(checkout.resolve("router-images"));
        Files.createFile(checkout.resolve("pom.xml"));

        assertThat(ImageUsers.checkoutOf(classes)).isEqualTo(checkout);
        assertThat(ImageUsers.checkoutOf(directory)).isEqualTo(directory);
    }

    private ImageUsers users(Path checkout) {
        return new ImageUsers(directory.resolve("memory"), checkout);
    }
}

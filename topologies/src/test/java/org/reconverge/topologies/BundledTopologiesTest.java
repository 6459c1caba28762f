package org.reconverge.topologies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.FailoverSpecFile;
import org.reconverge.model.spec.Scenario;
import org.reconverge.model.topology.TopologyFile;

class BundledTopologiesTest {

    @Test
    void namesTheLabs() {
        assertThat(BundledTopologies.names())
                .containsExactly(
                        "dns-failover", "minimal", "redundant-tunnels", "stability", "two-site", "vpn-profiles");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns-failover", "minimal", "redundant-tunnels", "stability", "two-site", "vpn-profiles"})
    void unpacksALabAsItStandsInTheRepository(String name, @TempDir Path directory) throws IOException {
        Path spec = BundledTopologies.unpack(name, directory);

        assertThat(spec).isRegularFile().hasParent(directory);
        assertThat(directory.resolve(name + ".clab.yml")).isRegularFile();
        Path source = Path.of(name);
        assertThat(relativeFiles(directory)).isNotEmpty().isEqualTo(relativeFiles(source));
        for (String file : relativeFiles(source)) {
            assertThat(directory.resolve(file)).hasSameBinaryContentAs(source.resolve(file));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns-failover", "minimal", "redundant-tunnels", "stability", "two-site", "vpn-profiles"})
    void theFilesOfALabAreReadWithoutAWarning(String name) {
        Path directory = Path.of(name);

        assertThat(TopologyFile.parse(directory.resolve(name + ".clab.yml")).problems())
                .isEmpty();
        assertThat(FailoverSpecFile.parse(directory.resolve(name + ".failover.yml"))
                        .problems())
                .isEmpty();
    }

    /** The network-only spec is for comparisons; it must not fall behind the one with tunnels. */
    @Test
    void theSpecsOfTwoSiteHaveTheSameScenarios() {
        FailoverSpec withTunnels = FailoverSpecFile.read(Path.of("two-site", "two-site.failover.yml"));
        FailoverSpec network = FailoverSpecFile.read(Path.of("two-site", "network.failover.yml"));

        // Without tunnels there is no concentrator to lose.
        List<Scenario> shared = withTunnels.scenarios().values().stream()
                .filter(scenario -> !scenario.fault().kind().startsWith("concentrator-"))
                .toList();
        assertThat(network.scenarios().values())
                .extracting(Scenario::name)
                .containsExactlyElementsOf(shared.stream().map(Scenario::name).toList());
        assertThat(network.scenarios().values())
                .extracting(Scenario::fault)
                .containsExactlyElementsOf(shared.stream().map(Scenario::fault).toList());
        assertThat(withTunnels.clients().values())
                .allMatch(client ->
                        client.tunnel().isPresent() && !client.sessions().isEmpty());
    }

    /** A candidate replaces files; one that adds a file nobody binds would change nothing and look harmless. */
    @Test
    void everyFileOfACandidateReplacesOneOfTheLab() throws IOException {
        Path candidates = Path.of("two-site", "candidates");
        List<String> files = relativeFiles(candidates).stream()
                .filter(file -> file.contains("/"))
                .toList();
        assertThat(files).isNotEmpty();
        for (String file : files) {
            String replaced = file.substring(file.indexOf('/') + 1);
            assertThat(Path.of("two-site", "configs", replaced)).as(file).isRegularFile();
            assertThat(Files.mismatch(candidates.resolve(file), Path.of("two-site", "configs", replaced)))
                    .as("first difference of " + file)
                    .isNotNegative();
        }
    }

    @Test
    void anUnknownLabIsAnErrorThatNamesTheKnownOnes(@TempDir Path directory) {
        assertThatThrownBy(() -> BundledTopologies.unpack("three-site", directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "expected one of dns-failover, minimal, redundant-tunnels, stability, two-site, vpn-profiles, but found 'three-site'");
    }

    private static List<String> relativeFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }
}

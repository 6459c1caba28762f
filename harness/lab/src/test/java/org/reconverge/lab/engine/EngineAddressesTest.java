package org.reconverge.lab.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineAddressesTest {

    /** What {@code docker context create ci} names its directory: the SHA-256 of "ci". */
    private static final String CI_ID = "1b158839f8aa339e89bb50b1603e90ec68e0fd5565fe10a7cb32729fddf7070a";

    @TempDir
    Path home;

    @Test
    void theUsualSocketsAreTriedWhenNothingIsConfigured() {
        EngineAddresses addresses = EngineAddresses.of(Map.of("XDG_RUNTIME_DIR", "/run/user/1000"), home);

        assertThat(uris(addresses))
                .startsWith("unix:///var/run/docker.sock", "unix:///run/user/1000/docker.sock")
                .contains("unix://" + home + "/.colima/default/docker.sock");
        assertThat(addresses.named()).isFalse();
    }

    @Test
    void dockerHostIsTheOnlyAddress() {
        EngineAddresses addresses =
                EngineAddresses.of(Map.of("DOCKER_HOST", "tcp://build.example:2375", "DOCKER_CONTEXT", "ci"), home);

        assertThat(uris(addresses)).containsExactly("tcp://build.example:2375");
        assertThat(addresses.addresses().get(0).certificates()).isEmpty();
        assertThat(addresses.named()).isTrue();
    }

    @Test
    void dockerTlsVerifyTurnsTlsOnWithTheCertificatesOfDockerCertPath() {
        Map<String, String> environment = Map.of(
                "DOCKER_HOST", "tcp://build.example:2376", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/certs");

        assertThat(EngineAddresses.of(environment, home).addresses().get(0).certificates())
                .contains(Path.of("/certs"));
    }

    @Test
    void theCurrentContextIsReadAsTheDockerCommandWritesIt() throws IOException {
        write(".docker/config.json", "{\"auths\": {}, \"currentContext\": \"ci\"}");
        writeContext("ssh://build@build.example:2222");

        EngineAddresses addresses = EngineAddresses.of(Map.of(), home);

        assertThat(uris(addresses)).containsExactly("ssh://build@build.example:2222");
        assertThat(addresses.named()).isTrue();
    }

    @Test
    void dockerContextOverridesTheCurrentContext() throws IOException {
        write(".docker/config.json", "{\"currentContext\": \"other\"}");
        writeContext("tcp://build.example:2376");

        assertThat(uris(EngineAddresses.of(Map.of("DOCKER_CONTEXT", "ci"), home)))
                .containsExactly("tcp://build.example:2376");
    }

    @Test
    void theDefaultContextMeansTheUsualSockets() throws IOException {
        write(".docker/config.json", "{\"currentContext\": \"default\"}");

        assertThat(uris(EngineAddresses.of(Map.of(), home))).startsWith("unix:///var/run/docker.sock");
    }

    @Test
    void aContextThatDoesNotExistIsNamedAndReplacedByNothing() {
        EngineAddresses addresses = EngineAddresses.of(Map.of("DOCKER_CONTEXT", "gone"), home);

        assertThat(addresses.addresses()).isEmpty();
        assertThat(addresses.unusable())
                .singleElement()
                .satisfies(attempt ->
                        assertThat(attempt.toString()).contains("context 'gone', DOCKER_CONTEXT", "no such context"));
    }

    @Test
    void theHostOfTestcontainersComesBeforeTheUsualSockets() throws IOException {
        write(".testcontainers.properties", "docker.host=tcp\\://build.example\\:2375\n");

        EngineAddresses addresses = EngineAddresses.of(Map.of(), home);

        assertThat(uris(addresses)).startsWith("tcp://build.example:2375", "unix:///var/run/docker.sock");
        assertThat(addresses.named()).isFalse();
    }

    @Test
    void anAddressOfAnUnknownKindIsExplained() {
        EngineAddresses addresses = EngineAddresses.of(Map.of("DOCKER_HOST", "npipe:////./pipe/docker_engine"), home);

        assertThat(addresses.addresses()).isEmpty();
        assertThat(addresses.unusable())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.toString())
                        .isEqualTo("npipe:////./pipe/docker_engine (DOCKER_HOST):"
                                + " expected an address that starts with unix://, tcp:// or ssh://"));
    }

    @Test
    void aBrokenConfigurationFileIsReportedAndTheSocketsAreStillTried() throws IOException {
        write(".docker/config.json", "{not json");

        EngineAddresses addresses = EngineAddresses.of(Map.of(), home);

        assertThat(addresses.unusable())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.toString()).contains("config.json", "cannot be read"));
        assertThat(uris(addresses)).contains("unix:///var/run/docker.sock");
    }

    private void writeContext(String host) throws IOException {
        write(
                ".docker/contexts/meta/" + CI_ID + "/meta.json",
                "{\"Name\": \"ci\", \"Endpoints\": {\"docker\": {\"Host\": \"" + host + "\"}}}");
    }

    private void write(String path, String content) throws IOException {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static List<String> uris(EngineAddresses addresses) {
        return addresses.addresses().stream()
                .map(address -> address.uri().toString())
                .toList();
    }
}

package org.reconverge.lab.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.reconverge.lab.engine.EngineUnavailableException.Attempt;

/**
 * The addresses to try, in order, as the {@code docker} command and Testcontainers would.
 *
 * <p>An address that the user named ({@code DOCKER_HOST}, {@code DOCKER_CONTEXT}, the current context) is the only one:
 * a lab must not land on another engine because the right one is down. Otherwise {@code docker.host} of
 * {@code ~/.testcontainers.properties} comes first, then the usual sockets.
 *
 * @param addresses the addresses, best first
 * @param unusable what was configured but cannot be understood
 * @param named whether the user named the address
 */
record EngineAddresses(List<EngineAddress> addresses, List<Attempt> unusable, boolean named) {

    static final Path DEFAULT_SOCKET = Path.of("/var/run/docker.sock");

    EngineAddresses {
        addresses = List.copyOf(addresses);
        unusable = List.copyOf(unusable);
    }

    /** Returns the addresses for this process's environment and user. */
    static EngineAddresses ofThisProcess() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    static EngineAddresses of(Map<String, String> environment, Path home) {
        List<EngineAddress> addresses = new ArrayList<>();
        List<Attempt> unusable = new ArrayList<>();

        Optional<String> host = value(environment, "DOCKER_HOST");
        if (host.isPresent()) {
            addDockerHost(host.get(), environment, home, addresses, unusable);
            return new EngineAddresses(addresses, unusable, true);
        }
        Path config = value(environment, "DOCKER_CONFIG").map(Path::of).orElse(home.resolve(".docker"));
        Optional<String> context = value(environment, "DOCKER_CONTEXT");
        String origin = "DOCKER_CONTEXT";
        if (context.isEmpty()) {
            context = currentContext(config, unusable);
            origin = "current context of " + config.resolve("config.json");
        }
        if (context.isPresent() && !context.get().equals("default")) {
            addContext(context.get(), origin, config, addresses, unusable);
            return new EngineAddresses(addresses, unusable, true);
        }

        addTestcontainersHost(home.resolve(".testcontainers.properties"), addresses, unusable);
        addSocket("default socket", DEFAULT_SOCKET, addresses);
        value(environment, "XDG_RUNTIME_DIR")
                .ifPresent(runtime -> addSocket("rootless", Path.of(runtime, "docker.sock"), addresses));
        addSocket("Docker Desktop", home.resolve(".docker/run/docker.sock"), addresses);
        addSocket("Docker Desktop", home.resolve(".docker/desktop/docker.sock"), addresses);
        addSocket("Colima", home.resolve(".colima/default/docker.sock"), addresses);
        return new EngineAddresses(addresses, unusable, false);
    }

    private static void addDockerHost(
            String host,
            Map<String, String> environment,
            Path home,
            List<EngineAddress> addresses,
            List<Attempt> unusable) {
        // As in the docker command: TLS is on when DOCKER_TLS_VERIFY has any value at all.
        Optional<Path> certificates = value(environment, "DOCKER_TLS_VERIFY")
                .map(any -> value(environment, "DOCKER_CERT_PATH").map(Path::of).orElse(home.resolve(".docker")));
        addAddress("DOCKER_HOST", host, certificates, addresses, unusable);
    }

    private static Optional<String> currentContext(Path config, List<Attempt> unusable) {
        Path file = config.resolve("config.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(json(file).path("currentContext").asText()).filter(name -> !name.isEmpty());
        } catch (IOException e) {
            unusable.add(new Attempt("current context", file.toString(), "cannot be read: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static void addContext(
            String name, String origin, Path config, List<EngineAddress> addresses, List<Attempt> unusable) {
        // The docker command names a context's directories after the SHA-256 of its name.
        String id = sha256(name);
        Path meta = config.resolve("contexts/meta").resolve(id).resolve("meta.json");
        if (!Files.exists(meta)) {
            unusable.add(new Attempt(
                    "context '" + name + "', " + origin,
                    meta.toString(),
                    "no such context; 'docker context ls' shows all"));
            return;
        }
        try {
            String host =
                    json(meta).path("Endpoints").path("docker").path("Host").asText();
            Path tls = config.resolve("contexts/tls").resolve(id).resolve("docker");
            addAddress(
                    "context '" + name + "', " + origin,
                    host,
                    Optional.of(tls).filter(Files::isDirectory),
                    addresses,
                    unusable);
        } catch (IOException e) {
            unusable.add(new Attempt("context '" + name + "'", meta.toString(), "cannot be read: " + e.getMessage()));
        }
    }

    private static void addTestcontainersHost(Path file, List<EngineAddress> addresses, List<Attempt> unusable) {
        if (!Files.exists(file)) {
            return;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            unusable.add(new Attempt("Testcontainers", file.toString(), "cannot be read: " + e.getMessage()));
            return;
        }
        Optional<String> host = Optional.ofNullable(properties.getProperty("docker.host"));
        boolean tls = "1".equals(properties.getProperty("docker.tls.verify"))
                || "true".equals(properties.getProperty("docker.tls.verify"));
        Optional<Path> certificates = Optional.ofNullable(properties.getProperty("docker.cert.path"))
                .filter(path -> tls)
                .map(Path::of);
        host.ifPresent(uri -> addAddress("docker.host in " + file, uri, certificates, addresses, unusable));
    }

    private static void addAddress(
            String origin,
            String host,
            Optional<Path> certificates,
            List<EngineAddress> addresses,
            List<Attempt> unusable) {
        try {
            EngineAddress address = EngineAddress.of(origin, host);
            String scheme = String.valueOf(address.uri().getScheme());
            switch (scheme) {
                case "unix" -> addresses.add(address);
                case "tcp", "http", "https" ->
                    addresses.add(new EngineAddress(
                            origin, URI.create("tcp" + host.substring(scheme.length())), certificates));
                case "ssh" -> {
                    if (address.uri().getHost() == null) {
                        unusable.add(new Attempt(origin, host, "expected ssh://[user@]host[:port]"));
                    } else {
                        addresses.add(address);
                    }
                }
                default ->
                    unusable.add(new Attempt(
                            origin, host, "expected an address that starts with unix://, tcp:// or ssh://"));
            }
        } catch (IllegalArgumentException e) {
            unusable.add(new Attempt(origin, host, "is no address: " + e.getMessage()));
        }
    }

    private static void addSocket(String origin, Path socket, List<EngineAddress> addresses) {
        EngineAddress address = EngineAddress.of(origin, "unix://" + socket);
        if (addresses.stream().noneMatch(other -> other.uri().equals(address.uri()))) {
            addresses.add(address);
        }
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static JsonNode json(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return new JsonMapper().readTree(reader);
        }
    }

    private static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}

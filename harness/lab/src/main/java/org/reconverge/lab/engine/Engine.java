package org.reconverge.lab.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.engine.EngineUnavailableException.Attempt;

/**
 * A connection to the Docker Engine that the user configured.
 *
 * <p>Looked for where the {@code docker} command and Testcontainers look: {@code DOCKER_HOST} (unix, tcp, tcp with TLS,
 * ssh), {@code DOCKER_CONTEXT}, the current context, {@code docker.host} of {@code ~/.testcontainers.properties}, and
 * the usual sockets. An address that the user named is the only one tried.
 *
 * <p>Safe for use by several threads.
 */
public final class Engine implements AutoCloseable {

    /** The newest API that the client library is known to speak. */
    private static final RemoteApiVersion NEWEST_SPOKEN = RemoteApiVersion.create(1, 44);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final EngineAddress address;
    private final Endpoint endpoint;
    private final DockerClient client;
    private final Version version;
    private final RemoteApiVersion apiVersion;
    private final boolean local;

    private Engine(
            EngineAddress address,
            Endpoint endpoint,
            DockerClient client,
            Version version,
            RemoteApiVersion apiVersion,
            boolean local) {
        this.address = address;
        this.endpoint = endpoint;
        this.client = client;
        this.version = version;
        this.apiVersion = apiVersion;
        this.local = local;
    }

    /**
     * Connects to the engine that the user configured.
     *
     * @throws EngineUnavailableException if none answers
     */
    public static Engine connect() {
        return connect(EngineAddresses.ofThisProcess());
    }

    static Engine connect(EngineAddresses candidates) {
        List<Attempt> attempts = new ArrayList<>(candidates.unusable());
        for (EngineAddress address : candidates.addresses()) {
            try {
                return connect(address);
            } catch (IOException | RuntimeException e) {
                attempts.add(new Attempt(address.origin(), address.uri().toString(), reason(address, e)));
            }
        }
        throw new EngineUnavailableException(attempts, candidates.named());
    }

    static Engine connect(EngineAddress address) throws IOException {
        if (address.isUnixSocket()) {
            requireSocket(address.socket());
        }
        Endpoint endpoint = Endpoint.of(address);
        try {
            Version version;
            try (DockerClient first = client(endpoint, RemoteApiVersion.unknown(), FIRST_ANSWER_TIMEOUT)) {
                version = first.versionCmd().exec();
            }
            RemoteApiVersion apiVersion = negotiate(version.getApiVersion(), version.getMinAPIVersion());
            DockerClient client = client(endpoint, apiVersion, Duration.ZERO);
            return new Engine(address, endpoint, client, version, apiVersion, sharesKernel(address, version));
        } catch (IOException | RuntimeException e) {
            endpoint.close();
            throw e;
        }
    }

    /** Returns the newest API version that both sides speak. */
    static RemoteApiVersion negotiate(String newest, @Nullable String oldest) {
        RemoteApiVersion server = RemoteApiVersion.parseConfig(newest);
        RemoteApiVersion chosen = server.isGreater(NEWEST_SPOKEN) ? NEWEST_SPOKEN : server;
        if (oldest != null && !oldest.isEmpty()) {
            RemoteApiVersion minimum = RemoteApiVersion.parseConfig(oldest);
            if (minimum.isGreater(chosen)) {
                return minimum;
            }
        }
        return chosen;
    }

    private static DockerClient client(Endpoint endpoint, RemoteApiVersion apiVersion, Duration responseTimeout) {
        DefaultDockerClientConfig.Builder config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint.uri().toString())
                .withApiVersion(apiVersion)
                .withDockerTlsVerify(false);
        ZerodepDockerHttpClient.Builder http =
                new ZerodepDockerHttpClient.Builder().dockerHost(endpoint.uri()).connectionTimeout(CONNECT_TIMEOUT);
        if (!responseTimeout.isZero()) {
            http.responseTimeout(responseTimeout);
        }
        if (endpoint.isSocket()) {
            // Without one the client reads every certificate that this Java trusts, at each start.
            http.sslConfig(Engine::trustingNobody);
        }
        endpoint.certificates().ifPresent(path -> http.sslConfig(new LocalDirectorySSLConfig(path.toString())));
        DockerHttpClient transport = http.build();
        return DockerClientImpl.getInstance(config.build(), transport);
    }

    /** Returns a context for connections without TLS. */
    private static SSLContext trustingNobody() throws NoSuchAlgorithmException, KeyManagementException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[0], new TrustManager[0], null);
        return context;
    }

    /** Returns the client of the engine's API. It is closed with this engine. */
    public DockerClient client() {
        return client;
    }

    /** Returns the negotiated version of the API, such as {@code 1.41}. */
    public String apiVersion() {
        return apiVersion.getVersion();
    }

    /** Returns the engine's own version, such as {@code 20.10.24}. */
    public String version() {
        return version.getVersion();
    }

    /** Returns the release of the kernel that containers run on, such as {@code 6.1.0-18-amd64}. */
    public String kernelRelease() {
        return version.getKernelVersion();
    }

    /** Returns where the engine answers, as the user configured it: {@code unix:}, {@code tcp:} or {@code ssh:}. */
    public URI address() {
        return address.uri();
    }

    /** Returns the engine in one line: versions, address, and where the address comes from. */
    public String describe() {
        return "Docker Engine " + version() + ", API " + apiVersion() + ", " + address;
    }

    /**
     * Returns whether containers run on the kernel that this process runs on, so that process ids, the monotonic clock
     * and {@code /proc} are shared. An engine behind tcp, ssh or a desktop's virtual machine is not local.
     */
    public boolean isLocal() {
        return local;
    }

    /**
     * Returns the path of the engine's socket as containers bind it: on the engine's host, which need not be this one.
     * {@code TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE} is honoured.
     */
    public String socketOnHost() {
        String override = System.getenv("TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE");
        if (override != null && !override.isBlank()) {
            return override;
        }
        if (endpoint.forward() != null) {
            return endpoint.forward().remoteSocket();
        }
        return local && address.isUnixSocket()
                ? address.socket().toString()
                : EngineAddresses.DEFAULT_SOCKET.toString();
    }

    /** Returns the environment variables with which another program finds this engine. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DOCKER_HOST", address.uri().toString());
        endpoint.certificates().ifPresent(path -> {
            environment.put("DOCKER_TLS_VERIFY", "1");
            environment.put("DOCKER_CERT_PATH", path.toString());
        });
        return environment;
    }

    /**
     * Tells a Testcontainers in this JVM the API version to speak, which it does not negotiate. A version that the user
     * set stays. Must be called before the first use of Testcontainers.
     */
    public void configureTestcontainers() {
        if (System.getProperty("api.version") == null) {
            System.setProperty("api.version", apiVersion());
        }
    }

    /** Returns the engine's own description of its host. */
    public Info info() {
        return client.infoCmd().exec();
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the connection to " + address, e);
        } finally {
            endpoint.close();
        }
    }

    @Override
    public String toString() {
        return describe();
    }

    private static boolean sharesKernel(EngineAddress address, Version version) {
        // A desktop's engine answers on a local socket from inside a virtual machine with a kernel of its own.
        return address.isUnixSocket() && System.getProperty("os.version").equals(version.getKernelVersion());
    }

    private static void requireSocket(Path socket) throws IOException {
        if (!Files.exists(socket)) {
            throw new IOException("no such socket");
        }
        if (!Files.isWritable(socket)) {
            throw new IOException("permission denied for user '" + System.getProperty("user.name")
                    + "'; join the group that owns it ('sudo usermod -aG docker $USER', then log in again)");
        }
    }

    private static String reason(EngineAddress address, Exception failure) {
        String message = EngineMessage.of(failure);
        if (message.contains("Connection refused") && address.isUnixSocket()) {
            return "nothing listens on the socket (" + message + ")";
        }
        return message.contains("HTTP request to an HTTPS server")
                ? message + " Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the directory of the certificates."
                : message;
    }

    /** What the client really connects to: the address itself, or the local end of a forward. */
    private record Endpoint(
            URI uri, Optional<Path> certificates, @Nullable SshForward forward) {

        static Endpoint of(EngineAddress address) throws IOException {
            if (!address.isSsh()) {
                return new Endpoint(address.uri(), address.certificates(), null);
            }
            SshForward forward = SshForward.open(address.uri());
            return new Endpoint(URI.create("unix://" + forward.socket()), Optional.empty(), forward);
        }

        boolean isSocket() {
            return "unix".equals(uri.getScheme());
        }

        void close() {
            if (forward != null) {
                forward.close();
            }
        }
    }
}

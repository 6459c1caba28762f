package org.reconverge.emulator;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.reconverge.emulator.SessionConfiguration.TlsCredentials;

/** The two ends of TLS 1.3 (RFC 8446) with certificates at both. */
final class TlsContexts {

    private TlsContexts() {}

    /** What a server needs. */
    static SslContext server(TlsCredentials credentials) throws InvalidConfigurationException {
        try {
            return SslContextBuilder.forServer(stream(credentials.certificate()), stream(credentials.privateKey()))
                    .sslProvider(SslProvider.JDK)
                    .trustManager(stream(credentials.authority()))
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new InvalidConfigurationException("the credentials of TLS are of no use: " + e.getMessage());
        }
    }

    /** What all sessions of a client share, with the sessions of TLS that they may resume. */
    static Client client(TlsCredentials credentials) throws InvalidConfigurationException {
        try {
            SslContext context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .keyManager(stream(credentials.certificate()), stream(credentials.privateKey()))
                    .trustManager(stream(credentials.authority()))
                    .endpointIdentificationAlgorithm("HTTPS")
                    .build();
            return new Client(context, credentials.serverName());
        } catch (SSLException | IllegalArgumentException e) {
            throw new InvalidConfigurationException("the credentials of TLS are of no use: " + e.getMessage());
        }
    }

    /**
     * Returns whether a handshake resumed an earlier session (RFC 8446 §2.2): a session keeps the time of its creation.
     *
     * @param begun when the connection was asked for
     */
    static boolean isResumed(SSLSession session, Instant begun) {
        return session.getCreationTime() < begun.toEpochMilli();
    }

    /** The client's end: its name for the server is also what a session is found under again. */
    record Client(SslContext context, String serverName) {

        SslHandler handler(ByteBufAllocator allocator, int port) {
            return context.newHandler(allocator, serverName, port);
        }
    }

    private static InputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    }
}

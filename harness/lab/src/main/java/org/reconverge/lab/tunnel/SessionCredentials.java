package org.reconverge.lab.tunnel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reconverge.lab.tunnel.CertificateAuthority.Credential;
import org.reconverge.lab.tunnel.CertificateAuthority.Purpose;

/**
 * What the ends of TLS sessions of one lab need: certificates of an authority that ends with the lab. Keys are made when they
 * are first asked for. Safe for use by several threads.
 */
public final class SessionCredentials {

    /** The name that all sites' certificate is for, since clients are to take them for one. */
    public static final String SERVER_NAME = "platform";

    private final Supplier<CertificateAuthority> authority = once(CertificateAuthority::new);
    private final Supplier<Credential> platform = once(() -> authority.get().issue(SERVER_NAME, Purpose.SERVER));
    private final Map<String, Credential> clients = new LinkedHashMap<>();

    /**
     * One end.
     *
     * @param certificate in PEM
     * @param privateKey in PEM, PKCS #8, not encrypted
     * @param authority the certificate of the authority of both ends, in PEM
     */
    public record Pem(String certificate, String privateKey, String authority) {

        /** Hides the key. */
        @Override
        public String toString() {
            return "Pem";
        }
    }

    /** Returns the same for every site. */
    public Pem platform() {
        return pem(platform.get());
    }

    /** Returns a client's own. */
    public synchronized Pem client(String name) {
        return pem(clients.computeIfAbsent(name, client -> authority.get().issue(client, Purpose.CLIENT)));
    }

    private static <T> Supplier<T> once(Supplier<T> made) {
        return new Supplier<>() {
            private @Nullable T value;

            @Override
            public synchronized T get() {
                T known = value;
                if (known == null) {
                    known = made.get();
                    value = known;
                }
                return known;
            }
        };
    }

    private Pem pem(Credential credential) {
        return new Pem(
                credential.certificate(),
                credential.privateKey(),
                authority.get().certificate());
    }
}

package org.reconverge.lab.tunnel;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.XECPrivateKey;
import java.security.interfaces.XECPublicKey;
import java.util.Base64;

/**
 * A key pair of WireGuard: X25519 (RFC 7748 §5), each key as the Base64 of its 32 octets.
 *
 * @param privateKey the secret
 * @param publicKey what peers know it by
 */
record WireGuardKey(String privateKey, String publicKey) {

    private static final int OCTETS = 32;

    /** Makes a new key pair. */
    static WireGuardKey generate() {
        KeyPair pair;
        try {
            pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks X25519", e);
        }
        byte[] secret = ((XECPrivateKey) pair.getPrivate())
                .getScalar()
                .orElseThrow(() -> new IllegalStateException("this Java runtime does not give private keys away"));
        return new WireGuardKey(Base64.getEncoder().encodeToString(secret), encode(((XECPublicKey) pair.getPublic())));
    }

    /** RFC 7748 §5 sends the u-coordinate with its lowest octet first. */
    private static String encode(XECPublicKey key) {
        byte[] number = key.getU().toByteArray();
        byte[] octets = new byte[OCTETS];
        for (int i = 0; i < Math.min(number.length, OCTETS); i++) {
            octets[i] = number[number.length - 1 - i];
        }
        return Base64.getEncoder().encodeToString(octets);
    }
}

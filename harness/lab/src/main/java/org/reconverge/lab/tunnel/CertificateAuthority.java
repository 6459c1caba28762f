package org.reconverge.lab.tunnel;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The certificate authority of one lab (RFC 5280): it lives as long as the lab does, and its key is never written down.
 */
final class CertificateAuthority {

    /** Longer than any lab, and early enough for a container whose clock is behind. */
    private static final Duration VALIDITY = Duration.ofDays(30);

    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final X500Name NAME = name("Reconverge lab");

    private final SecureRandom random = new SecureRandom();
    private final KeyPair keys = keyPair();
    private final String certificate;

    /** What a certificate is good for. */
    enum Purpose {
        /** A concentrator (RFC 5280 §4.2.1.12, id-kp-serverAuth). */
        SERVER(KeyPurposeId.id_kp_serverAuth),
        /** A client (id-kp-clientAuth). */
        CLIENT(KeyPurposeId.id_kp_clientAuth);

        private final KeyPurposeId id;

        Purpose(KeyPurposeId id) {
            this.id = id;
        }
    }

    /**
     * A certificate and its key.
     *
     * @param certificate in PEM (RFC 7468)
     * @param privateKey in PEM, PKCS #8, not encrypted
     */
    record Credential(String certificate, String privateKey) {}

    CertificateAuthority() {
        try {
            JcaX509v3CertificateBuilder builder = builder(NAME, keys);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            certificate = pem("CERTIFICATE", sign(builder));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns its own certificate in PEM. */
    String certificate() {
        return certificate;
    }

    /** Issues a certificate for a new key; its name stands in the subject and, as a DNS name, in the alternative names. */
    Credential issue(String name, Purpose purpose) {
        KeyPair subject = keyPair();
        try {
            JcaX509v3CertificateBuilder builder = builder(name(name), subject);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.id));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, name)));
            return new Credential(
                    pem("CERTIFICATE", sign(builder)),
                    pem("PRIVATE KEY", subject.getPrivate().getEncoded()));
        } catch (CertIOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair subjectKeys) {
        Instant now = Instant.now();
        // RFC 5280 §4.1.2.2: positive, unique, at most 20 octets.
        BigInteger serial = new BigInteger(127, random).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                NAME,
                serial,
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(VALIDITY)),
                subject,
                subjectKeys.getPublic());
    }

    private byte[] sign(JcaX509v3CertificateBuilder builder) {
        try {
            X509CertificateHolder signed =
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
            return signed.getEncoded();
        } catch (OperatorCreationException | java.io.IOException e) {
            throw new IllegalStateException("a certificate could not be signed", e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks the curve P-256", e);
        }
    }

    private static String pem(String label, byte[] content) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}

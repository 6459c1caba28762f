package org.reconverge.lab.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.reconverge.lab.tunnel.CertificateAuthority.Credential;
import org.reconverge.lab.tunnel.CertificateAuthority.Purpose;

class CertificateAuthorityTest {

    private final CertificateAuthority authority = new CertificateAuthority();

    @Test
    void issuesCertificatesThatItsOwnVerifies() throws GeneralSecurityException {
        Credential platform = authority.issue("platform", Purpose.SERVER);
        X509Certificate certificate = read(platform.certificate());

        validate(certificate, read(authority.certificate()));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getSubjectAlternativeNames())
                .singleElement()
                .satisfies(name -> assertThat(List.copyOf(name)).isEqualTo(List.of(2, "platform")));
        assertThat(platform.privateKey()).startsWith("-----BEGIN PRIVATE KEY-----\n");
    }

    @Test
    void anotherLabsAuthorityDoesNotVerifyThem() throws GeneralSecurityException {
        X509Certificate certificate =
                read(authority.issue("gw-north", Purpose.CLIENT).certificate());
        X509Certificate other = read(new CertificateAuthority().certificate());

        assertThatThrownBy(() -> validate(certificate, other)).isInstanceOf(CertPathValidatorException.class);
    }

    private static void validate(X509Certificate certificate, X509Certificate anchor) throws GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    }

    private static X509Certificate read(String pem) throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }
}

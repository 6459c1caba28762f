package org.reconverge.lab.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Base64;
import javax.crypto.KeyAgreement;
import org.junit.jupiter.api.RepeatedTest;

class WireGuardKeyTest {

    /** Two that read each other's public key off its text agree on a secret; a wrong octet order would not. */
    @RepeatedTest(20)
    void publicKeyIsTheOtherHalfOfThePrivateOne() throws GeneralSecurityException {
        WireGuardKey north = WireGuardKey.generate();
        WireGuardKey south = WireGuardKey.generate();

        assertThat(Base64.getDecoder().decode(north.privateKey())).hasSize(32);
        assertThat(Base64.getDecoder().decode(north.publicKey())).hasSize(32);
        assertThat(secret(north.privateKey(), south.publicKey()))
                .isEqualTo(secret(south.privateKey(), north.publicKey()))
                .isNotEqualTo(secret(south.privateKey(), south.publicKey()));
    }

    private static byte[] secret(String privateKey, String publicKey) throws GeneralSecurityException {
        KeyFactory factory = KeyFactory.getInstance("X25519");
        byte[] number = Base64.getDecoder().decode(publicKey);
        for (int i = 0; i < number.length / 2; i++) {
            byte swapped = number[i];
            number[i] = number[number.length - 1 - i];
            number[number.length - 1 - i] = swapped;
        }
        PrivateKey own = factory.generatePrivate(new XECPrivateKeySpec(
                NamedParameterSpec.X25519, Base64.getDecoder().decode(privateKey)));
        PublicKey other =
                factory.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, number)));
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(own);
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }
}

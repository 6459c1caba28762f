package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.ExtendedKeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reconverge.emulator.SessionConfiguration.TlsCredentials;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.ValuesPassed.Step;

/** MQTT in TLS over the loopback interface: our two ends, and Eclipse Paho, an independent client, with our server. */
class MqttTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static X509Bundle authority;
    private static X509Bundle server;
    private static X509Bundle gateway;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private int port;

    @BeforeAll
    static void certify() throws Exception {
        authority = authority();
        server = new CertificateBuilder()
                .ecp256()
                .subject("CN=platform")
                .addSanDnsName("platform")
                .addExtendedKeyUsage(ExtendedKeyUsage.PKIX_KP_SERVER_AUTH)
                .buildIssuedBy(authority);
        gateway = gateway(authority);
    }

    private static X509Bundle authority() throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=lab")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static X509Bundle gateway(X509Bundle issuer) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=gw")
                .addExtendedKeyUsage(ExtendedKeyUsage.PKIX_KP_CLIENT_AUTH)
                .buildIssuedBy(issuer);
    }

    @BeforeEach
    void chooseAPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    @Test
    void valuesAreAcknowledgedAndSurviveTheChangeOfTheSite() throws Exception {
        SessionRecorder berlin = SessionRecorder.mqtt("berlin", port, credentials(server));
        SessionRecorder client = client(gateway, "platform", "'intervalNanos':20000000,'reconnectNanos':100000000");
        await().atMost(PATIENCE).until(() -> client.values(Step.ACKNOWLEDGED).size() >= 10);
        assertThat(client.states()).containsExactly("connected", "started: TLSv1.3, full handshake", "restored");
        assertThat(berlin.states()).containsExactly("connected", "started", "restored");

        berlin.close();
        await().atMost(PATIENCE).until(() -> client.reached(State.CLOSED) == 1);
        long arisen = client.values(Step.AROSE).size();
        await().atMost(PATIENCE).until(() -> client.values(Step.AROSE).size() > arisen + 5);
        SessionRecorder frankfurt = SessionRecorder.mqtt("frankfurt", port, credentials(server));
        toClose.add(frankfurt);
        await().atMost(PATIENCE).until(() -> client.reached(State.RESTORED) == 2);
        await().atMost(PATIENCE).until(() -> frankfurt.values(Step.RECEIVED).size() >= 10);

        // Another process does not know the keys of Berlin's tickets.
        assertThat(client.states()).endsWith("started: TLSv1.3, full handshake", "restored");
        assertThat(client.values(Step.DISCARDED)).isEmpty();
        List<Long> received = new ArrayList<>(berlin.values(Step.RECEIVED));
        received.addAll(frankfurt.values(Step.RECEIVED));
        assertThat(received.stream().distinct().sorted().limit(10 + arisen))
                .as("none of the values is missing, those of the outage neither")
                .containsExactlyElementsOf(LongStream.rangeClosed(
                                1,
                                Math.min(
                                        10 + arisen,
                                        received.stream().distinct().count()))
                        .boxed()
                        .toList());
    }

    @Test
    void theSameSiteResumesTheSessionOfTls() throws Exception {
        SessionRecorder berlin = SessionRecorder.mqtt("berlin", port, credentials(server));
        toClose.add(berlin);
        SessionRecorder client = client(gateway, "platform", "'intervalNanos':20000000,'reconnectNanos':100000000");
        await().atMost(PATIENCE).until(() -> client.reached(State.RESTORED) == 1);
        berlin.disconnect();
        await().atMost(PATIENCE).until(() -> client.reached(State.RESTORED) == 2);

        assertThat(client.states())
                .filteredOn(state -> state.startsWith("started"))
                .containsExactly("started: TLSv1.3, full handshake", "started: TLSv1.3, resumed");
    }

    @Test
    void anIdleSessionIsKeptAlive() throws Exception {
        SessionRecorder berlin = SessionRecorder.mqtt("berlin", port, credentials(server));
        toClose.add(berlin);
        SessionRecorder client = client(gateway, "platform", "'intervalNanos':4000000000,'keepaliveNanos':1000000000");
        await().atMost(PATIENCE).until(() -> client.values(Step.ACKNOWLEDGED).size() >= 1);

        // The site would have ended it after 1.5 s without a packet (MQTT 3.1.1 §3.1.2.10).
        assertThat(client.reached(State.CLOSED)).isZero();
        assertThat(berlin.reached(State.CLOSED)).isZero();
    }

    @Test
    void aGatewayOfAnotherAuthorityIsRefused() throws Exception {
        toClose.add(SessionRecorder.mqtt("berlin", port, credentials(server)));
        SessionRecorder client = client(gateway(authority()), "platform", "'intervalNanos':20000000");
        await().atMost(PATIENCE).until(() -> client.reached(State.CLOSED) > 0);

        assertThat(client.reached(State.RESTORED)).isZero();
    }

    @Test
    void aServerOfAnotherNameIsRefused() throws Exception {
        toClose.add(SessionRecorder.mqtt("berlin", port, credentials(server)));
        SessionRecorder client = client(gateway, "elsewhere", "'intervalNanos':20000000");
        await().atMost(PATIENCE).until(() -> client.reached(State.CLOSED) > 0);

        assertThat(client.reached(State.STARTED)).isZero();
        assertThat(client.states()).anyMatch(state -> state.contains("elsewhere"));
    }

    @Test
    void anIndependentClientPublishes() throws Exception {
        SessionRecorder berlin = SessionRecorder.mqtt("berlin", port, credentials(server));
        toClose.add(berlin);
        try (MqttClient paho = new MqttClient("ssl://127.0.0.1:" + port, "station-42", new MemoryPersistence())) {
            paho.connect(options(gateway));
            for (int number = 1; number <= 5; number++) {
                // Returns when PUBACK is there.
                paho.publish("station/42", (number + " 1795353300000").getBytes(StandardCharsets.US_ASCII), 1, false);
            }
            paho.disconnect();
        }
        await().atMost(PATIENCE).until(() -> berlin.reached(State.CLOSED) == 1);

        assertThat(berlin.states()).containsExactly("connected", "started", "restored", "closed: disconnected");
        assertThat(berlin.values(Step.RECEIVED)).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void anIndependentClientWithAnotherIdentifierIsRefused() throws Exception {
        toClose.add(SessionRecorder.mqtt("berlin", port, credentials(server)));
        try (MqttClient paho = new MqttClient("ssl://127.0.0.1:" + port, "somebody", new MemoryPersistence())) {
            assertThatThrownBy(() -> paho.connect(options(gateway))).isInstanceOf(MqttException.class);
        }
    }

    private static MqttConnectOptions options(X509Bundle bundle) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                bundle.toKeyManagerFactory().getKeyManagers(),
                authority.toTrustManagerFactory().getTrustManagers(),
                null);
        MqttConnectOptions options = new MqttConnectOptions();
        options.setSocketFactory(context.getSocketFactory());
        options.setHttpsHostnameVerificationEnabled(false);
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        return options;
    }

    private static TlsCredentials credentials(X509Bundle bundle) {
        return new TlsCredentials(
                bundle.getCertificatePEM(), bundle.getPrivateKeyPEM(), authority.getCertificatePEM(), "");
    }

    private SessionRecorder client(X509Bundle bundle, String serverName, String rest)
            throws InvalidConfigurationException {
        SessionRecorder client = SessionRecorder.client(json(bundle, serverName, port, rest));
        toClose.add(0, client);
        return client;
    }

    private static String json(X509Bundle bundle, String serverName, int port, String rest) {
        JsonObject tls = new JsonObject();
        tls.addProperty("certificate", bundle.getCertificatePEM());
        tls.addProperty("privateKey", bundle.getPrivateKeyPEM());
        tls.addProperty("authority", authority.getCertificatePEM());
        tls.addProperty("serverName", serverName);
        return "{'type':'tls','address':'127.0.0.1','port':" + port + ",'station':42," + rest + ",'tls':" + tls + "}";
    }
}

package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reconverge.model.history.HistoryEvent.CommandPassed.Step;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;

/** Gateways and sites on the loopback interface, in each pair of roles. */
class Iec104LoopbackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Iec104Recorder> toClose = new ArrayList<>();
    private int port;

    @BeforeEach
    void chooseAPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    @AfterEach
    void closeAll() {
        toClose.forEach(Iec104Recorder::close);
    }

    /** Either station may be the TCP client. */
    @ParameterizedTest
    @CsvSource({"controlled, client", "controlled, server", "controlling, client", "controlling, server"})
    void everyPairOfRolesRestoresASession(String station, String tcp) throws Exception {
        Iec104Recorder gateway = gateway(station, tcp, "'commonAddress':17,'valueIntervalNanos':20000000");
        Iec104Recorder site = site(
                "berlin",
                station.equals("controlled") ? "controlling" : "controlled",
                tcp.equals("client") ? "server" : "client",
                "'valueIntervalNanos':20000000");
        Iec104Recorder controlling = station.equals("controlled") ? site : gateway;
        Iec104Recorder controlled = station.equals("controlled") ? gateway : site;
        await().atMost(PATIENCE).until(() -> controlled.reached(State.RESTORED) == 1);
        await().atMost(PATIENCE)
                .until(() -> controlling.values(ValuesPassed.Step.RECEIVED).size() > 20);

        assertThat(controlling.states()).containsExactly("connected", "started", "interrogated", "restored");
        assertThat(controlled.states()).containsExactly("connected", "started", "interrogated", "restored");
        assertThat(controlling.values(ValuesPassed.Step.RECEIVED))
                .startsWith(1L, 2L, 3L)
                .isSorted();
        TelecontrolChanged here = controlling.sessions().get(3);
        TelecontrolChanged there = controlled.sessions().get(3);
        assertThat(here.session()).isEqualTo(there.session()).contains("127.0.0.1:" + port);
        assertThat(here.station()).isEqualTo(there.station());
        assertThat(List.of(
                        gateway.sessions().get(0).client(),
                        site.sessions().get(0).site()))
                .containsExactly("gw", "berlin");
    }

    /** What was not acknowledged when a site died reaches the next one; nothing acknowledged is missing. */
    @Test
    void aGatewayConnectsAgainAndLosesNothing() throws Exception {
        Iec104Recorder gateway = gateway("controlled", "client", "'valueIntervalNanos':20000000");
        Iec104Recorder berlin = site("berlin", "controlling", "server", "");
        await().atMost(PATIENCE)
                .until(() -> berlin.values(ValuesPassed.Step.RECEIVED).size() > 30);
        berlin.close();
        // A site that dies with octets it has not read resets the connection instead of closing it.
        await().atMost(PATIENCE).until(() -> gateway.states().stream().anyMatch(state -> state.startsWith("closed: ")));
        await().atMost(PATIENCE)
                .until(() -> gateway.notes().stream().anyMatch(note -> note.contains("iec104 cannot connect")));
        Iec104Recorder frankfurt = site("frankfurt", "controlling", "server", "");
        await().atMost(PATIENCE).until(() -> frankfurt.reached(State.RESTORED) == 1);
        await().atMost(PATIENCE)
                .until(() -> frankfurt.values(ValuesPassed.Step.RECEIVED).size() > 30);
        gateway.stop();
        // What it received is reported in batches, and it may acknowledge before it reports.
        frankfurt.stop();

        assertThat(gateway.states()).last().isEqualTo("closed: shutting down");
        HashSet<Long> received = new HashSet<>(berlin.values(ValuesPassed.Step.RECEIVED));
        received.addAll(frankfurt.values(ValuesPassed.Step.RECEIVED));
        assertThat(received).containsAll(gateway.values(ValuesPassed.Step.ACKNOWLEDGED));
        assertThat(gateway.values(ValuesPassed.Step.ACKNOWLEDGED))
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void commandsAreExecutedOnce() throws Exception {
        Iec104Recorder gateway = gateway("controlled", "client", "");
        Iec104Recorder site =
                site("berlin", "controlling", "server", "'commandIntervalNanos':100000000,'originator':9");
        await().atMost(PATIENCE).until(() -> site.commands(Step.CONFIRMED).size() >= 10);
        assertThat(gateway.commands(Step.EXECUTED))
                .extracting(command -> command.number())
                .startsWith(1L, 2L, 3L)
                .doesNotHaveDuplicates();
        assertThat(gateway.commands(Step.EXECUTED))
                .allSatisfy(command -> assertThat(command.originator()).isEqualTo(9));
        assertThat(site.commands(Step.REFUSED)).isEmpty();
    }

    /** §10: one connection to each address; only one is started. */
    @Test
    void aRedundancyGroupHasOneActiveConnection() throws Exception {
        Iec104Recorder gateway =
                gateway("controlled", "client", "'addresses':['127.0.0.2'],'valueIntervalNanos':50000000");
        Iec104Recorder site =
                site("berlin", "controlling", "server", "'addresses':['127.0.0.2'],'redundant':true,'clock':false");
        await().atMost(PATIENCE).until(() -> site.reached(State.CONNECTED) == 2 && site.reached(State.RESTORED) == 1);
        assertThat(site.reached(State.STARTED)).isEqualTo(1);
        assertThat(site.states()).contains("connected: standby");
        assertThat(gateway.reached(State.CONNECTED)).isEqualTo(2);
    }

    @Test
    void manyStationsShareALoop() throws Exception {
        Iec104Recorder site = site("berlin", "controlling", "server", "");
        Iec104Recorder gateway = gateway("controlled", "client", "'sessions':200,'commonAddress':1000");
        await().atMost(PATIENCE).until(() -> site.reached(State.RESTORED) == 200);
        assertThat(site.sessions().stream()
                        .filter(change -> change.state() == State.RESTORED)
                        .map(TelecontrolChanged::station)
                        .distinct())
                .hasSize(200)
                .allSatisfy(station -> assertThat(station).isBetween(1000, 1199));
        gateway.stop();
        await().atMost(PATIENCE).until(() -> site.reached(State.CLOSED) == 200);
    }

    private Iec104Recorder gateway(String station, String tcp, String more) throws Exception {
        return closing(Iec104Recorder.gateway(json(station, tcp, more)));
    }

    private Iec104Recorder site(String name, String station, String tcp, String more) throws Exception {
        return closing(Iec104Recorder.site(name, json(station, tcp, more)));
    }

    private String json(String station, String tcp, String more) {
        return "{'station':'" + station + "','tcp':'" + tcp + "','address':'127.0.0.1','port':" + port
                + ",'reconnectNanos':100000000,'t1Nanos':5000000000,'t2Nanos':300000000"
                + (more.isEmpty() ? "" : "," + more) + "}";
    }

    private Iec104Recorder closing(Iec104Recorder recorder) {
        toClose.add(recorder);
        return recorder;
    }
}

package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleProcessImage;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.slave.ModbusSlave;
import com.ghgande.j2mod.modbus.slave.ModbusSlaveFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.ValuesPassed.Step;

/** Polling over the loopback interface: each end of ours with the other, and with j2mod, an independent implementation. */
class ModbusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private int port;

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
    void aSessionPollsAndComesBackFromAnotherSite() throws Exception {
        SessionRecorder berlin = SessionRecorder.modbus("berlin", port);
        SessionRecorder client = client("'intervalNanos':20000000,'reconnectNanos':100000000");
        await().atMost(PATIENCE).until(() -> client.values(Step.RECEIVED).size() >= 10);
        assertThat(client.states()).containsExactly("connected", "restored: answered by berlin");
        assertThat(client.values(Step.RECEIVED).subList(0, 10))
                .isEqualTo(LongStream.rangeClosed(1, 10).boxed().toList());

        berlin.close();
        // More than once if the client, which connects again at once, is quicker than the server's end.
        await().atMost(PATIENCE).until(() -> client.reached(State.CLOSED) >= 1);
        toClose.add(SessionRecorder.modbus("frankfurt", port));
        await().atMost(PATIENCE).until(() -> client.reached(State.RESTORED) == 2);

        // The library would open a second connection after a second.
        long polled = client.values(Step.RECEIVED).size();
        await().atMost(PATIENCE).until(() -> client.values(Step.RECEIVED).size() > polled + 75);
        assertThat(client.states())
                .startsWith("connected", "restored: answered by berlin")
                .endsWith("connected", "restored: answered by frankfurt");
        assertThat(client.reached(State.RESTORED)).isEqualTo(2);
        assertThat(client.reached(State.CONNECTED))
                .as("connections, each but the last closed")
                .isEqualTo(client.reached(State.CLOSED) + 1);
        assertThat(client.attempts()).as("it kept trying").isGreaterThan(1);
        assertThat(client.sessions()).allSatisfy(change -> {
            assertThat(change.protocol()).isEqualTo("modbus");
            assertThat(change.station()).isEqualTo(7);
            assertThat(change.session()).matches("127\\.0\\.0\\.1:[0-9]+>127\\.0\\.0\\.1:" + port);
        });
    }

    /** What the library alone would call connected for ever. */
    @Test
    void aPeerThatAcceptsAndClosesIsNoSession() throws Exception {
        try (ServerSocket rude = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            Thread accepting = new Thread(() -> {
                try {
                    while (true) {
                        rude.accept().close();
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            accepting.start();
            SessionRecorder client = client("'intervalNanos':20000000,'reconnectNanos':50000000");
            await().atMost(PATIENCE).until(() -> client.reached(State.CLOSED) >= 3);

            assertThat(client.reached(State.RESTORED)).isZero();
        }
        toClose.add(SessionRecorder.modbus("berlin", port));
        SessionRecorder client = (SessionRecorder) toClose.get(0);
        await().atMost(PATIENCE).until(() -> client.reached(State.RESTORED) == 1);
    }

    /** What the library alone would ask again and again. */
    @Test
    void aPeerThatDoesNotAnswerIsGivenUp() throws Exception {
        List<Socket> accepted = new ArrayList<>();
        try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            Thread accepting = new Thread(() -> {
                try {
                    while (true) {
                        accepted.add(silent.accept());
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            accepting.start();
            SessionRecorder client =
                    client("'intervalNanos':20000000,'reconnectNanos':50000000,'timeoutNanos':300000000");
            await().atMost(PATIENCE).until(() -> client.reached(State.CLOSED) >= 2);

            assertThat(client.states()).startsWith("connected", "closed: no response for 300 ms", "connected");
        }
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    @Test
    void aSessionThatCannotConnectSaysSoOnce() throws Exception {
        SessionRecorder client = client("'reconnectNanos':20000000");
        await().atMost(PATIENCE).until(() -> client.attempts() > 5);

        assertThat(client.notes()).hasSize(1).first().asString().contains("modbus cannot connect");
    }

    @Test
    void ourClientPollsAnIndependentServer() throws Exception {
        ModbusSlave slave = ModbusSlaveFactory.createTCPSlave(InetAddress.getLoopbackAddress(), port, 2, false);
        SimpleProcessImage image = new SimpleProcessImage(ModbusSite.UNIT);
        image.addRegister(new SimpleRegister(4));
        image.addRegister(new SimpleRegister('p' << 8 | 'e'));
        image.addRegister(new SimpleRegister('e' << 8 | 'r'));
        for (int i = 3; i < ModbusSite.REGISTERS; i++) {
            image.addRegister(new SimpleRegister(0));
        }
        slave.addProcessImage(ModbusSite.UNIT, image);
        slave.open();
        try {
            SessionRecorder client = client("'intervalNanos':20000000");
            await().atMost(PATIENCE).until(() -> client.values(Step.RECEIVED).size() >= 10);

            assertThat(client.states()).containsExactly("connected", "restored: answered by peer");
        } finally {
            ModbusSlaveFactory.close(slave);
        }
    }

    @Test
    void anIndependentClientPollsOurServer() throws Exception {
        toClose.add(SessionRecorder.modbus("frankfurt", port));
        ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port);
        master.connect();
        try {
            Register[] registers = master.readMultipleRegisters(ModbusSite.UNIT, 0, ModbusSite.REGISTERS);
            byte[] octets = new byte[2 * registers.length];
            for (int i = 0; i < registers.length; i++) {
                octets[2 * i] = registers[i].toBytes()[0];
                octets[2 * i + 1] = registers[i].toBytes()[1];
            }
            assertThat(ModbusSite.name(octets)).isEqualTo("frankfurt");
        } finally {
            master.disconnect();
        }
    }

    private SessionRecorder client(String rest) throws InvalidConfigurationException {
        SessionRecorder client = SessionRecorder.client(
                "{'type':'modbus','address':'127.0.0.1','port':" + port + ",'station':7," + rest + "}");
        toClose.add(0, client);
        return client;
    }
}

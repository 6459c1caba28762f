import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import org.openmuc.j60870.ASdu;
import org.openmuc.j60870.ASduType;
import org.openmuc.j60870.CauseOfTransmission;
import org.openmuc.j60870.ClientConnectionBuilder;
import org.openmuc.j60870.Connection;
import org.openmuc.j60870.ConnectionEventListener;
import org.openmuc.j60870.Server;
import org.openmuc.j60870.ServerEventListener;
import org.openmuc.j60870.ie.IeBinaryCounterReading;
import org.openmuc.j60870.ie.IeQualifierOfCounterInterrogation;
import org.openmuc.j60870.ie.IeQualifierOfInterrogation;
import org.openmuc.j60870.ie.IeQualifierOfSetPointCommand;
import org.openmuc.j60870.ie.IeQuality;
import org.openmuc.j60870.ie.IeShortFloat;
import org.openmuc.j60870.ie.IeSingleCommand;
import org.openmuc.j60870.ie.IeSinglePointWithQuality;
import org.openmuc.j60870.ie.IeTime56;
import org.openmuc.j60870.ie.InformationObject;

/**
 * A station made with an independent implementation, run by the tests as a process of its own from this source. It writes a
 * line for everything that it receives.
 *
 * <p>Arguments: {@code controlled|controlling client|server PORT}.
 */
public final class J60870Peer {

    private static final int STATION = 17;

    private J60870Peer() {}

    public static void main(String[] arguments) throws Exception {
        boolean controlled = arguments[0].equals("controlled");
        int port = Integer.parseInt(arguments[2]);
        if (arguments[1].equals("client")) {
            Connection connection = new ClientConnectionBuilder(InetAddress.getLoopbackAddress())
                    .setPort(port)
                    .setSocketFactory(new GatedSockets())
                    .setMaxIdleTime(1_000)
                    .build();
            run(connection, controlled);
        } else {
            Server server = Server.builder()
                    .setPort(port)
                    .setBindAddr(InetAddress.getLoopbackAddress())
                    .setSocketFactory(new GatedServerSockets())
                    .build();
            server.start(new ServerEventListener() {
                @Override
                public void connectionIndication(Connection connection) {
                    new Thread(() -> {
                                try {
                                    run(connection, controlled);
                                } catch (IOException | InterruptedException e) {
                                    say("failed " + e);
                                }
                            })
                            .start();
                }

                @Override
                public void serverStoppedListeningIndication(IOException e) {
                    say("stopped listening " + e);
                }

                @Override
                public void connectionAttemptFailed(IOException e) {
                    say("attempt failed " + e);
                }
            });
            say("listening");
        }
        // Until the test ends it.
        new CountDownLatch(1).await();
    }

    private static void run(Connection connection, boolean controlled) throws IOException, InterruptedException {
        if (controlled) {
            listen(connection, new Controlled(connection));
            // Its own waitForStartDT fails if STARTDT is faster than the call.
            while (connection.isStopped()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            say("started");
            values(connection);
        } else {
            Controlling listener = new Controlling();
            listen(connection, listener);
            connection.startDataTransfer(listener, 10_000);
            say("started");
            control(connection, listener);
        }
    }

    /** Sets the listener, and only then lets octets through. */
    private static void listen(Connection connection, ConnectionEventListener listener) {
        connection.setConnectionListener(listener);
        GatedSocket.listening.complete(connection);
    }

    private static void values(Connection connection) throws IOException, InterruptedException {
        for (int number = 1; number <= 40; number++) {
            connection.send(new ASdu(
                    ASduType.M_ME_TF_1,
                    false,
                    CauseOfTransmission.SPONTANEOUS,
                    false,
                    false,
                    0,
                    STATION,
                    new InformationObject(
                            1,
                            new IeShortFloat(number),
                            new IeQuality(false, false, false, false, false),
                            new IeTime56(System.currentTimeMillis()))));
            TimeUnit.MILLISECONDS.sleep(50);
        }
        say("all sent");
    }

    private static void control(Connection connection, Controlling listener) throws IOException, InterruptedException {
        CauseOfTransmission activation = CauseOfTransmission.ACTIVATION;
        connection.interrogation(STATION, activation, new IeQualifierOfInterrogation(20));
        connection.counterInterrogation(STATION, activation, new IeQualifierOfCounterInterrogation(5, 0));
        connection.synchronizeClocks(STATION, new IeTime56(System.currentTimeMillis()));
        connection.testCommand(STATION);
        connection.singleCommand(STATION, activation, 5001, new IeSingleCommand(true, 0, true));
        connection.singleCommand(STATION, activation, 5001, new IeSingleCommand(true, 0, false));
        connection.singleCommand(STATION, activation, 5001, new IeSingleCommand(true, 0, false));
        connection.setShortFloatCommand(
                STATION, activation, 5105, new IeShortFloat(4), new IeQualifierOfSetPointCommand(0, false));
        connection.singleCommand(STATION, activation, 9999, new IeSingleCommand(true, 0, false));
        connection.interrogation(STATION + 1, activation, new IeQualifierOfInterrogation(20));
        connection.readCommand(STATION, 1001);
        // Longer than the idle time: the connection is tested.
        TimeUnit.MILLISECONDS.sleep(1500);
        // Just after a value: one that crosses STOPDT is allowed (5.3), but the library ends the connection for it.
        listener.awaitValue();
        connection.stopDataTransfer();
        say("stopped");
        TimeUnit.MILLISECONDS.sleep(1500);
        connection.startDataTransfer(listener, 10_000);
        say("started again");
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /**
     * A socket that waits where the library is too slow for a fast peer: it reads from the start, and ends the connection, or
     * drops what came, if an ASDU arrives before there is a listener, or before the thread that waits for STARTDT con has
     * run. There is one connection in this process.
     */
    private static final class GatedSocket extends Socket {

        private static final CompletableFuture<Connection> listening = new CompletableFuture<>();
        private static final long STARTDT_CON = 0x68040B000000L;

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {

                private long lastSix;

                @Override
                public int read() throws IOException {
                    Connection connection = listening.join();
                    while (lastSix == STARTDT_CON && connection.isStopped() && !connection.isClosed()) {
                        Thread.onSpinWait();
                    }
                    int octet = super.read();
                    lastSix = (lastSix << 8 | octet) & 0xFFFF_FFFF_FFFFL;
                    return octet;
                }

                /** One octet at a time, so that nothing after a confirmation is read with it. */
                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    int octet = length == 0 ? -1 : read();
                    if (octet < 0) {
                        return length == 0 ? 0 : -1;
                    }
                    into[offset] = (byte) octet;
                    return 1;
                }

                @Override
                public int available() {
                    return 0;
                }
            };
        }
    }

    private static final class GatedSockets extends SocketFactory {

        @Override
        public Socket createSocket() {
            return new GatedSocket();
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return createSocket(InetAddress.getByName(host), port);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
            return createSocket(InetAddress.getByName(host), port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            Socket socket = createSocket();
            socket.connect(new InetSocketAddress(host, port));
            return socket;
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
            return createSocket(host, port);
        }
    }

    private static final class GatedServerSockets extends ServerSocketFactory {

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            return createServerSocket(port, backlog, InetAddress.getLoopbackAddress());
        }

        @Override
        public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
            return new ServerSocket(port, backlog, address) {
                @Override
                public Socket accept() throws IOException {
                    Socket socket = new GatedSocket();
                    implAccept(socket);
                    return socket;
                }
            };
        }
    }

    private abstract static class Listener implements ConnectionEventListener {

        @Override
        public void newASdu(ASdu asdu) {
            InformationObject[] objects = asdu.getInformationObjects();
            String number = asdu.getTypeIdentification() == ASduType.M_ME_TF_1
                    ? " " + Math.round(((IeShortFloat) objects[0].getInformationElements()[0][0]).getValue())
                    : "";
            say("received " + asdu.getTypeIdentification() + " " + asdu.getCauseOfTransmission()
                    + (asdu.isNegativeConfirm() ? " negative" : "") + number);
        }

        @Override
        public void connectionClosed(IOException e) {
            say("closed " + e);
        }

        @Override
        public void dataTransferStateChanged(boolean stopped) {
            say("data transfer " + (stopped ? "stopped" : "started"));
        }
    }

    private static final class Controlling extends Listener {

        private final Semaphore values = new Semaphore(0);

        @Override
        public void newASdu(ASdu asdu) {
            super.newASdu(asdu);
            if (asdu.getCauseOfTransmission() == CauseOfTransmission.SPONTANEOUS) {
                values.release();
            }
        }

        void awaitValue() throws InterruptedException {
            values.drainPermits();
            values.acquire();
        }
    }

    private static final class Controlled extends Listener {

        private final Connection connection;

        Controlled(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void newASdu(ASdu asdu) {
            super.newASdu(asdu);
            try {
                switch (asdu.getTypeIdentification()) {
                    case C_IC_NA_1 -> {
                        connection.sendConfirmation(asdu, STATION);
                        connection.send(new ASdu(
                                ASduType.M_SP_NA_1,
                                true,
                                CauseOfTransmission.INTERROGATED_BY_STATION,
                                false,
                                false,
                                0,
                                STATION,
                                new InformationObject(1001, new IeSinglePointWithQuality[][] {
                                    {new IeSinglePointWithQuality(true, false, false, false, false)},
                                    {new IeSinglePointWithQuality(false, true, true, true, true)}
                                })));
                        connection.sendActivationTermination(asdu, STATION);
                    }
                    case C_CI_NA_1 -> {
                        connection.sendConfirmation(asdu, STATION);
                        connection.send(new ASdu(
                                ASduType.M_IT_NA_1,
                                false,
                                CauseOfTransmission.REQUESTED_BY_GENERAL_COUNTER,
                                false,
                                false,
                                0,
                                STATION,
                                new InformationObject(3001, new IeBinaryCounterReading(7, 1))));
                        connection.sendActivationTermination(asdu, STATION);
                    }
                    default -> connection.sendConfirmation(asdu, STATION);
                }
            } catch (IOException e) {
                say("failed " + e);
            }
        }
    }
}

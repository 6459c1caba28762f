import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
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

    /**
     * t3 and t2, in milliseconds. The library's timers take each other for duplicates, and one of them is lost, if they are
     * due in the same millisecond and last equally long: never the same for two. A timer that is set while the thread that
     * waits for the next one is about to sleep is noticed only when that one is due: t3 is short for its sake.
     */
    private static final int IDLE = 1_300;

    private static final int ACKNOWLEDGE = 1_000;

    private J60870Peer() {}

    public static void main(String[] arguments) throws Exception {
        boolean controlled = arguments[0].equals("controlled");
        int port = Integer.parseInt(arguments[2]);
        if (arguments[1].equals("client")) {
            Connection connection = new ClientConnectionBuilder(InetAddress.getLoopbackAddress())
                    .setPort(port)
                    .setSocketFactory(new GatedSockets())
                    .setMaxIdleTime(IDLE)
                    .setMaxTimeNoAckSent(ACKNOWLEDGE)
                    .build();
            run(connection, controlled);
        } else {
            Server server = Server.builder()
                    .setPort(port)
                    .setBindAddr(InetAddress.getLoopbackAddress())
                    .setSocketFactory(new GatedServerSockets())
                    .setMaxIdleTime(IDLE)
                    .setMaxTimeNoAckSent(ACKNOWLEDGE)
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
        // A value may cross STOPDT, which is confirmed when that is acknowledged (5.3): by the library after its t2.
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
     * A socket that holds frames back where the library (1.5.0) is too slow for a fast peer. There is one connection in this
     * process. What it does otherwise, each seen in its source, and the first and third in failures on a busy machine:
     *
     * <ul>
     *   <li>{@code Connection} starts its reader in its constructor, before its own timers exist and before anybody can set a
     *       listener: a frame that is already there ends the connection, or an ASDU goes nowhere.
     *   <li>Its listener is looked up when the executor comes to an ASDU, not when the ASDU arrives: after
     *       {@code stopDataTransfer} there is none, and the ASDU is lost in a NullPointerException.
     *   <li>Between STARTDT con and the turn of the thread that waits for it, data transfer still counts as stopped: a TCP
     *       server ends the connection for an I frame ("Got I_FORMAT message while STOPDT state"), a TCP client that was
     *       stopped before drops it.
     * </ul>
     */
    private static final class GatedSocket extends Socket {

        private static final CompletableFuture<Connection> listening = new CompletableFuture<>();

        /** The ASDUs that the library was given and has not yet given to the listener. */
        private static final AtomicInteger underway = new AtomicInteger();

        private InputStream frames;

        /** The same stream each time: the library asks for it again for each frame. */
        @Override
        public synchronized InputStream getInputStream() throws IOException {
            if (frames == null) {
                frames = new Frames(super.getInputStream());
            }
            return frames;
        }
    }

    /** Hands out frame by frame, each when the library is ready for it. */
    private static final class Frames extends InputStream {

        private static final int STARTDT_CON = 0x0B;
        private static final int STOPDT_CON = 0x23;

        private final DataInputStream from;
        private byte[] frame = {};
        private int position;

        Frames(InputStream from) {
            this.from = new DataInputStream(from);
        }

        @Override
        public int read() throws IOException {
            if (position == frame.length) {
                next();
            }
            return frame[position++] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            into[offset] = (byte) read();
            int more = Math.min(length - 1, frame.length - position);
            System.arraycopy(frame, position, into, offset + 1, more);
            position += more;
            return 1 + more;
        }

        private void next() throws IOException {
            Connection connection = GatedSocket.listening.join();
            int previous = control();
            if (previous == STARTDT_CON) {
                await(connection, () -> !connection.isStopped());
            } else if (previous == STOPDT_CON) {
                await(connection, connection::isStopped);
            }
            int start = from.readUnsignedByte();
            int length = from.readUnsignedByte();
            byte[] arrived = new byte[2 + length];
            arrived[0] = (byte) start;
            arrived[1] = (byte) length;
            from.readFully(arrived, 2, length);
            frame = arrived;
            position = 0;
            if ((control() & 1) == 0) {
                GatedSocket.underway.incrementAndGet();
            } else if (control() == STOPDT_CON) {
                await(connection, () -> GatedSocket.underway.get() == 0);
            }
        }

        /** Returns the first control octet of the frame at hand, which says what it is (5.1); that of none is odd. */
        private int control() {
            return frame.length < 6 ? 0xFF : frame[2] & 0xFF;
        }

        private static void await(Connection connection, BooleanSupplier ready) {
            while (!ready.getAsBoolean() && !connection.isClosed()) {
                LockSupport.parkNanos(1_000_000);
            }
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
        public final void newASdu(ASdu asdu) {
            GatedSocket.underway.decrementAndGet();
            InformationObject[] objects = asdu.getInformationObjects();
            String number = asdu.getTypeIdentification() == ASduType.M_ME_TF_1
                    ? " " + Math.round(((IeShortFloat) objects[0].getInformationElements()[0][0]).getValue())
                    : "";
            say("received " + asdu.getTypeIdentification() + " " + asdu.getCauseOfTransmission()
                    + (asdu.isNegativeConfirm() ? " negative" : "") + number);
            received(asdu);
        }

        abstract void received(ASdu asdu);

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

        @Override
        void received(ASdu asdu) {}
    }

    private static final class Controlled extends Listener {

        private final Connection connection;

        Controlled(Connection connection) {
            this.connection = connection;
        }

        @Override
        void received(ASdu asdu) {
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

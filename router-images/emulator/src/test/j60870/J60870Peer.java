import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
                    .setMaxIdleTime(1_000)
                    .build();
            run(connection, controlled);
        } else {
            Server server = Server.builder()
                    .setPort(port)
                    .setBindAddr(InetAddress.getLoopbackAddress())
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
            connection.setConnectionListener(new Controlled(connection));
            // Its own waitForStartDT fails if STARTDT is faster than the call.
            while (connection.isStopped()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            say("started");
            values(connection);
        } else {
            Controlling listener = new Controlling(connection);
            connection.startDataTransfer(listener, 10_000);
            say("started");
            control(connection, listener);
        }
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
        Controlling(Connection connection) {}
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

package org.reconverge.emulator;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Passes one TCP connection on and keeps what it passed as a capture (pcap, LINKTYPE_RAW): as a tap on the way would see
 * it, with no right to capture needed.
 */
final class CapturingRelay implements AutoCloseable {

    private static final int IP_AND_TCP = 40;
    private static final int LONGEST_SEGMENT = 1400;

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ByteArrayOutputStream capture = new ByteArrayOutputStream();
    private final int[] sequence = {1, 1};

    CapturingRelay() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0xA1B2C3D4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(101);
        capture.writeBytes(header.array());
    }

    int port() {
        return listening.getLocalPort();
    }

    /** Begins to pass on to {@code port} what arrives. */
    CapturingRelay to(int port) {
        inBackground(() -> {
            Socket client = listening.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            inBackground(() -> pass(client, server, 0));
            pass(server, client, 1);
        });
        return this;
    }

    private void pass(Socket from, Socket to, int direction) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[LONGEST_SEGMENT];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            keep(buffer, length, direction);
            out.write(buffer, 0, length);
        }
        to.close();
    }

    /** Keeps octets as a TCP segment between client (direction 0) and server (direction 1), whose port is 2404. */
    synchronized void keep(byte[] octets, int length, int direction) {
        long now = System.currentTimeMillis();
        ByteBuffer packet = ByteBuffer.allocate(16 + IP_AND_TCP).order(ByteOrder.LITTLE_ENDIAN);
        packet.putInt((int) (now / 1000)).putInt((int) (now % 1000) * 1000);
        packet.putInt(IP_AND_TCP + length).putInt(IP_AND_TCP + length);
        packet.order(ByteOrder.BIG_ENDIAN);
        int client = 0xC6336407; // 198.51.100.7
        int server = 0xCB00710A; // 203.0.113.10
        packet.putShort((short) 0x4500).putShort((short) (IP_AND_TCP + length)).putInt(0x4000);
        packet.putInt(0x40060000).putInt(direction == 0 ? client : server).putInt(direction == 0 ? server : client);
        packet.putShort((short) (direction == 0 ? 40_000 : 2404)).putShort((short) (direction == 0 ? 2404 : 40_000));
        packet.putInt(sequence[direction]).putInt(sequence[1 - direction]);
        packet.putInt(0x5018FFFF).putInt(0);
        sequence[direction] += length;
        capture.writeBytes(packet.array());
        capture.write(octets, 0, length);
    }

    synchronized void writeTo(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            capture.writeTo(out);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    private static void inBackground(Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (SocketException e) {
                // The test is over.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }
}

package org.reconverge.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;
import static org.reconverge.emulator.ProbeConfiguration.Protocol.TCP;
import static org.reconverge.emulator.ProbeConfiguration.Protocol.UDP;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients and servers on the loopback interface, over each transport. */
@ParameterizedClass
@EnumSource(Transport.class)
class LoopbackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Parameter
    Transport transport = Transport.NIO;

    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();
    private InetSocketAddress target = new InetSocketAddress(0);

    @BeforeEach
    void chooseAPort() throws IOException {
        assumeThat(transport == Transport.NIO || Epoll.isAvailable())
                .as("native epoll is available")
                .isTrue();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            target = (InetSocketAddress) free.getLocalSocketAddress();
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : toClose) {
            closeable.close();
        }
    }

    @Test
    void everyUdpRequestIsAnsweredByTheNamedSite() {
        serve("berlin");
        Recorder probe = probe(UDP);
        awaitReplies(probe, 100);
        probe.stop();

        assertThat(probe.replies())
                .allSatisfy(reply -> {
                    assertThat(reply.site()).isEqualTo("berlin");
                    assertThat(reply.source()).isEqualTo("127.0.0.1");
                    assertThat(reply.receivedNanos())
                            .isGreaterThanOrEqualTo(probe.sent().get((int) reply.sequence()));
                })
                .extracting(Recorder.Reply::sequence)
                .doesNotHaveDuplicates()
                .startsWith(0L);
        // The last may still have been on their way.
        assertThat(probe.sent().size() - probe.replies().size()).isLessThan(100);
    }

    @Test
    void malformedDatagramsAreCountedAndHarmNobody() throws IOException {
        Server server = serve("berlin");
        Recorder probe = probe(UDP);
        awaitReplies(probe, 1);
        ByteBuf request = Unpooled.buffer();
        ProbeMessage.request(1, 2, 3).encode(request);
        byte[] intact = ByteBufUtil.getBytes(request);
        Random random = new Random(3);
        try (DatagramSocket attacker = new DatagramSocket()) {
            for (int i = 0; i < 500; i++) {
                byte[] bytes = intact.clone();
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                attacker.send(new DatagramPacket(bytes, random.nextInt(bytes.length), target));
                attacker.send(new DatagramPacket(new byte[i * 20], i * 20, target));
            }
        }
        await().atMost(PATIENCE).until(() -> server.output().contains("malformed requests dropped"));
        int before = probe.replies().size();
        awaitReplies(probe, before + 20);
    }

    /** A second reply, a late one and one from elsewhere are reported as they come; judging them is another's business. */
    @Test
    void duplicatesAndLateAndForeignRepliesAreReportedRaw() throws IOException {
        DatagramSocket twin = closing(new DatagramSocket(target));
        DatagramSocket elsewhere = closing(new DatagramSocket(new InetSocketAddress("127.0.0.2", 0)));
        List<DatagramPacket> kept = new ArrayList<>();
        inBackground(() -> {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[200], 200);
                twin.receive(packet);
                ProbeMessage request = ProbeMessage.decode(
                                Unpooled.wrappedBuffer(packet.getData(), 0, packet.getLength()))
                        .orElseThrow();
                ByteBuf reply = Unpooled.buffer();
                request.replyFrom("twin").encode(reply);
                DatagramPacket answer = new DatagramPacket(
                        ByteBufUtil.getBytes(reply), reply.readableBytes(), packet.getSocketAddress());
                if (request.sequence() == 3) {
                    kept.add(answer);
                } else if (request.sequence() == 4) {
                    elsewhere.send(answer);
                } else {
                    twin.send(answer);
                    twin.send(answer);
                }
                if (request.sequence() == 60) {
                    twin.send(kept.get(0));
                }
            }
        });
        Recorder probe = probe(UDP);
        await().atMost(PATIENCE).until(() -> probe.replies().stream().anyMatch(reply -> reply.sequence() == 3));
        probe.stop();

        assertThat(probe.replies()).filteredOn(reply -> reply.sequence() == 5).hasSize(2);
        assertThat(probe.replies())
                .filteredOn(reply -> reply.sequence() == 4)
                .extracting(Recorder.Reply::source)
                .containsExactly("127.0.0.2");
        Recorder.Reply late = probe.replies().stream()
                .filter(reply -> reply.sequence() == 3)
                .findFirst()
                .orElseThrow();
        assertThat(late.receivedNanos() - probe.sent().get(3)).isGreaterThan(150_000_000L);
    }

    @Test
    void repliesToAnotherStreamAreNotTaken() throws IOException {
        DatagramSocket server = closing(new DatagramSocket(target));
        inBackground(() -> {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[200], 200);
                server.receive(packet);
                ByteBuf reply = Unpooled.buffer();
                ProbeMessage.request(12, 0, 0).replyFrom("predecessor").encode(reply);
                server.send(new DatagramPacket(
                        ByteBufUtil.getBytes(reply), reply.readableBytes(), packet.getSocketAddress()));
            }
        });
        Recorder probe = probe(UDP);
        await().atMost(PATIENCE).until(() -> !probe.lines("note").isEmpty());
        assertThat(probe.replies()).isEmpty();
    }

    @Test
    void pacingDoesNotDrift() {
        serve("berlin");
        Recorder probe = probe(UDP);
        await().atMost(PATIENCE).until(() -> probe.sent().size() > 400);
        probe.stop();

        List<Long> sent = probe.sent();
        assertThat(sent).isSorted();
        // However late the machine made single ones: had the schedule drifted, no quarter of the interval would hold
        // most.
        long interval = 5_000_000;
        long most = sent.stream()
                .mapToLong(slot -> sent.stream()
                        .filter(at -> Math.floorMod(at - slot, interval) < interval / 4)
                        .count())
                .max()
                .orElseThrow();
        assertThat(most).isGreaterThan(sent.size() / 2);
    }

    @Test
    void tcpReconnectsAfterTheServerRestarts() {
        Server first = serve("berlin");
        Recorder probe = probe(TCP);
        awaitReplies(probe, 50);
        first.close();
        await().atMost(PATIENCE).until(() -> probe.connection().contains("down: connection refused"));
        serve("frankfurt");
        await().atMost(PATIENCE)
                .until(() ->
                        probe.replies().stream().anyMatch(reply -> reply.site().equals("frankfurt")));
        probe.stop();

        assertThat(probe.connection()).startsWith("up").endsWith("up").hasSizeGreaterThanOrEqualTo(4);
        List<Long> answered =
                probe.replies().stream().map(Recorder.Reply::sequence).toList();
        assertThat(answered).doesNotHaveDuplicates().isSorted();
        // Requests went on being numbered while there was no connection, and stay unanswered.
        assertThat(probe.sent()).hasSizeGreaterThan(answered.size() + 10);
    }

    @Test
    void tcpGivesUpAConnectionOnWhichRepliesStayAway() throws IOException {
        ServerSocket deaf = closing(new ServerSocket(target.getPort(), 10, target.getAddress()));
        inBackground(() -> {
            while (true) {
                closing(deaf.accept());
            }
        });
        Recorder probe = probe(TCP);
        await().atMost(PATIENCE).until(() -> probe.connection().size() >= 4);
        assertThat(probe.connection()).startsWith("up", "down: no reply for 300 ms", "up", "down: no reply for 300 ms");
        assertThat(probe.replies()).isEmpty();
    }

    @Test
    void garbageOnATcpConnectionIsSkipped() throws IOException {
        ServerSocket server = closing(new ServerSocket(target.getPort(), 10, target.getAddress()));
        inBackground(() -> {
            Socket socket = closing(server.accept());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                byte[] request = in.readNBytes(in.readUnsignedShort());
                ByteBuf frames = Unpooled.buffer();
                frames.writeShort(7).writeBytes("garbage".getBytes(UTF_8));
                frames.writeShort(0);
                frames.writeShort(1000).writeZero(1000);
                ProbeFrames.encode(
                        ProbeMessage.decode(Unpooled.wrappedBuffer(request))
                                .orElseThrow()
                                .replyFrom("berlin"),
                        frames);
                out.write(ByteBufUtil.getBytes(frames));
            }
        });
        Recorder probe = probe(TCP);
        awaitReplies(probe, 50);
        probe.stop();
        assertThat(probe.connection()).containsExactly("up");
        assertThat(probe.lines("note")).isNotEmpty();
    }

    @Test
    void garbageToTheTcpServerIsSkipped() throws IOException {
        serve("berlin");
        try (Socket socket = new Socket(target.getAddress(), target.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            ByteBuf frames = Unpooled.buffer();
            frames.writeShort(3).writeBytes("bad".getBytes(UTF_8));
            frames.writeShort(60_000).writeZero(60_000);
            ProbeFrames.encode(ProbeMessage.request(1, 2, 3), frames);
            socket.getOutputStream().write(ByteBufUtil.getBytes(frames));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] reply = in.readNBytes(in.readUnsignedShort());
            assertThat(ProbeMessage.decode(Unpooled.wrappedBuffer(reply)))
                    .contains(ProbeMessage.request(1, 2, 3).replyFrom("berlin"));
        }
    }

    private Recorder probe(ProbeConfiguration.Protocol protocol) {
        return closing(Recorder.probing(protocol, target, transport));
    }

    private Server serve(String site) {
        return closing(new Server(site, target, transport));
    }

    private <T extends AutoCloseable> T closing(T closeable) {
        toClose.add(closeable);
        return closeable;
    }

    private static void awaitReplies(Recorder probe, int count) {
        await().atMost(PATIENCE).until(() -> probe.replies().size() >= count);
    }

    /** Runs {@code action} until its socket is closed. */
    private static void inBackground(Action action) {
        Thread thread = new Thread(() -> {
            try {
                action.run();
            } catch (SocketException e) {
                // The test is over.
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    /** A probe server on an event loop of its own, with what it reports. */
    private static final class Server implements AutoCloseable {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final Telemetry telemetry = new Telemetry(out);
        private final EventLoop loop;

        Server(String site, InetSocketAddress address, Transport transport) {
            loop = transport.eventLoop("serve").next();
            new ProbeServer(site, transport, telemetry, loop)
                    .serve(List.of(address.getAddress()), address.getPort())
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }

        String output() {
            return out.toString(UTF_8);
        }

        @Override
        public void close() {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            telemetry.close();
        }
    }
}

package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsSection;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that know two servers by one name, whose record changes from the first to the second. */
class TargetTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int TTL_SECONDS = 1;

    private final Transport transport = Transport.best();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final EventLoop loop = transport.eventLoop("test").next();
    private volatile InetAddress record = address("127.0.0.1");
    private InetSocketAddress resolver = new InetSocketAddress(0);
    private int port;

    @BeforeEach
    void startServers() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        serve("berlin", "127.0.0.1");
        serve("frankfurt", "127.0.0.2");
        Channel dns = new Bootstrap()
                .group(loop)
                .channelFactory(transport.datagram(address("127.0.0.1")))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(),
                                        new DatagramDnsResponseEncoder(),
                                        new NameServer());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        resolver = (InetSocketAddress) dns.localAddress();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : toClose) {
            closeable.close();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void aClientThatHonoursTheTimeToLiveMovesWhenItIsOver() {
        Recorder probe = probe(ProbeConfiguration.Protocol.UDP, ProbeConfiguration.Lookup.Policy.TTL);
        awaitSite(probe, "berlin");
        record = address("127.0.0.2");
        awaitSite(probe, "frankfurt");

        assertThat(probe.lines("note"))
                .extracting(note -> note.toString())
                .filteredOn(note -> note.contains("resolves to a new address"))
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(ProbeConfiguration.Protocol.class)
    void aClientThatAsksOnceStays(ProbeConfiguration.Protocol protocol) {
        Recorder probe = probe(protocol, ProbeConfiguration.Lookup.Policy.ONCE);
        awaitSite(probe, "berlin");
        record = address("127.0.0.2");
        int before = probe.replies().size();
        // Three times the time to live, in replies.
        await().atMost(PATIENCE).until(() -> probe.replies().size() > before + 200 * 3 * TTL_SECONDS);
        assertThat(probe.replies()).extracting(Recorder.Reply::site).containsOnly("berlin");
    }

    @Test
    void aConnectionOutlivesTheTimeToLiveAndTheNextOneGoesToTheNewAddress() throws Exception {
        Recorder probe = probe(ProbeConfiguration.Protocol.TCP, ProbeConfiguration.Lookup.Policy.TTL);
        awaitSite(probe, "berlin");
        record = address("127.0.0.2");
        int before = probe.replies().size();
        await().atMost(PATIENCE).until(() -> probe.replies().size() > before + 200 * 3 * TTL_SECONDS);
        assertThat(probe.replies()).extracting(Recorder.Reply::site).containsOnly("berlin");

        toClose.remove(0).close();
        awaitSite(probe, "frankfurt");
    }

    private Recorder probe(ProbeConfiguration.Protocol protocol, ProbeConfiguration.Lookup.Policy policy) {
        Recorder probe = Recorder.probing(
                protocol,
                new InetSocketAddress(resolver.getAddress(), port),
                new ProbeConfiguration.Lookup("control.example", resolver, policy),
                transport);
        toClose.add(probe);
        return probe;
    }

    private void serve(String site, String address) {
        EventLoop own = transport.eventLoop(site).next();
        Telemetry telemetry = new Telemetry(new ByteArrayOutputStream());
        new ProbeServer(site, transport, telemetry, own)
                .serve(List.of(address(address)), port)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        toClose.add(() -> own.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
    }

    private static void awaitSite(Recorder probe, String site) {
        await().atMost(PATIENCE)
                .until(() ->
                        probe.replies().stream().anyMatch(reply -> reply.site().equals(site)));
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Answers every question with the record. */
    private final class NameServer extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            response.addRecord(DnsSection.QUESTION, question);
            response.addRecord(
                    DnsSection.ANSWER,
                    new DefaultDnsRawRecord(
                            question.name(),
                            DnsRecordType.A,
                            TTL_SECONDS,
                            Unpooled.wrappedBuffer(record.getAddress())));
            context.writeAndFlush(response);
        }
    }
}

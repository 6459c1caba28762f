package org.reconverge.emulator;

import io.netty.channel.EventLoop;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the requests of a stream go. Used on the stream's event loop only. */
abstract class Target {

    /** Returns where a request goes now, or empty if that is not known; never waits. */
    abstract Optional<InetSocketAddress> current();

    /** Finds out where a new connection goes, and tells {@code found}, at once or later. */
    void find(Consumer<Optional<InetSocketAddress>> found) {
        found.accept(current());
    }

    /** Returns the target that {@code stream} describes. */
    static Target of(ProbeConfiguration.Stream stream, Transport transport, Telemetry telemetry, EventLoop loop) {
        ProbeConfiguration.@Nullable Lookup lookup = stream.lookup();
        if (lookup == null) {
            InetSocketAddress fixed = new InetSocketAddress(stream.address(), stream.port());
            return new Target() {
                @Override
                Optional<InetSocketAddress> current() {
                    return Optional.of(fixed);
                }
            };
        }
        return new Named(stream, lookup, transport, telemetry, loop);
    }

    /**
     * A name, asked of one resolver over UDP as a stub resolver does (RFC 1034 §5.3.1). The answer is used for its time to
     * live and then asked again, or for ever by a client that looks a name up once.
     */
    private static final class Named extends Target {

        /** How soon a question that failed is asked again. */
        private static final long ASK_AGAIN = TimeUnit.SECONDS.toNanos(1);

        private final ProbeConfiguration.Stream stream;
        private final ProbeConfiguration.Lookup lookup;
        private final Telemetry telemetry;
        private final DnsNameResolver resolver;
        private Optional<InetSocketAddress> known = Optional.empty();
        private @Nullable Future<InetAddress> asked;
        private long failedAt;
        private boolean failed;

        Named(
                ProbeConfiguration.Stream stream,
                ProbeConfiguration.Lookup lookup,
                Transport transport,
                Telemetry telemetry,
                EventLoop loop) {
            this.stream = stream;
            this.lookup = lookup;
            this.telemetry = telemetry;
            resolver = new DnsNameResolverBuilder(loop)
                    .datagramChannelFactory(transport.datagram(lookup.resolver().getAddress()))
                    .nameServerProvider(new SequentialDnsServerAddressStreamProvider(lookup.resolver()))
                    .searchDomains(List.of())
                    .ndots(1)
                    .resolvedAddressTypes(io.netty.resolver.ResolvedAddressTypes.IPV4_ONLY)
                    .queryTimeoutMillis(1000)
                    .negativeTtl(0)
                    .build();
        }

        @Override
        Optional<InetSocketAddress> current() {
            if (lookup.policy() == ProbeConfiguration.Lookup.Policy.ONCE && known.isPresent()) {
                return known;
            }
            if (asked == null && !(failed && System.nanoTime() - failedAt < ASK_AGAIN)) {
                // The resolver's own cache answers at once until the time to live is over.
                Future<InetAddress> question = resolver.resolve(lookup.name());
                asked = question;
                question.addListener(done -> answered(question));
            }
            return known;
        }

        @Override
        void find(Consumer<Optional<InetSocketAddress>> found) {
            current();
            if (asked == null) {
                found.accept(known);
            } else {
                asked.addListener(done -> found.accept(known));
            }
        }

        private void answered(Future<InetAddress> question) {
            asked = null;
            failed = !question.isSuccess();
            Optional<InetSocketAddress> before = known;
            if (failed) {
                // A client cannot send to a name that does not resolve.
                failedAt = System.nanoTime();
                known = Optional.empty();
            } else {
                known = Optional.of(new InetSocketAddress(question.getNow(), stream.port()));
            }
            if (!known.equals(before)) {
                telemetry.note(
                        System.nanoTime(),
                        failed ? "the name does not resolve" : "the name resolves to a new address",
                        Map.of(
                                "probe",
                                stream.probe(),
                                "name",
                                lookup.name(),
                                "address",
                                known.map(one -> Transport.text(one.getAddress()))
                                        .orElse("")));
            }
        }
    }
}

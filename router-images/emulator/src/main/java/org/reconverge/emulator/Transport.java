package org.reconverge.emulator;

import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.Inet4Address;
import java.net.InetAddress;

/** How sockets and timers are driven. */
enum Transport {

    /** Linux epoll: its timers are exact to the kernel's tens of microseconds. */
    EPOLL {
        @Override
        IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        ChannelFactory<DatagramChannel> datagram(InetAddress address) {
            return () -> new EpollDatagramChannel(family(address));
        }

        @Override
        ChannelFactory<SocketChannel> stream(InetAddress address) {
            return () -> new EpollSocketChannel(family(address));
        }

        @Override
        ChannelFactory<ServerSocketChannel> server(InetAddress address) {
            return () -> new EpollServerSocketChannel(family(address));
        }
    },

    /** The JDK's selector, where there is no native library; its timers are exact to a millisecond. */
    NIO {
        @Override
        IoHandlerFactory ioHandlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        ChannelFactory<DatagramChannel> datagram(InetAddress address) {
            return () -> new NioDatagramChannel(family(address));
        }

        @Override
        ChannelFactory<SocketChannel> stream(InetAddress address) {
            return NioSocketChannel::new;
        }

        @Override
        ChannelFactory<ServerSocketChannel> server(InetAddress address) {
            return NioServerSocketChannel::new;
        }
    };

    /** Returns the better one that works here. */
    static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Returns an event loop with one thread: a single probe namespace never needs more. */
    EventLoopGroup eventLoop(String name) {
        return new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory(name), ioHandlers());
    }

    abstract IoHandlerFactory ioHandlers();

    abstract ChannelFactory<DatagramChannel> datagram(InetAddress address);

    abstract ChannelFactory<SocketChannel> stream(InetAddress address);

    abstract ChannelFactory<ServerSocketChannel> server(InetAddress address);

    /**
     * Reads an address.
     *
     * @throws InvalidConfigurationException if {@code text} is not an IPv4 or IPv6 address
     */
    static InetAddress address(String text) throws InvalidConfigurationException {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
        if (address == null) {
            throw new InvalidConfigurationException("expected an IPv4 or IPv6 address, but found '" + text + "'");
        }
        return address;
    }

    /** Returns the canonical text of an address (RFC 5952 for IPv6). */
    static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    private static SocketProtocolFamily family(InetAddress address) {
        return address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    }
}

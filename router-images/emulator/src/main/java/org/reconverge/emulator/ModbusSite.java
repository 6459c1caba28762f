package org.reconverge.emulator;

import com.digitalpetri.modbus.server.ModbusTcpServer;
import com.digitalpetri.modbus.server.ProcessImage;
import com.digitalpetri.modbus.server.ReadOnlyModbusServices;
import com.digitalpetri.modbus.tcp.server.NettyTcpServerTransport;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A site's Modbus TCP server: its holding registers say which site it is. Register 0 holds the length of the name, the
 * following ones two characters each.
 *
 * <p>It listens on every address of its node, IPv6 ones too, since the JDK's sockets are of both families; what is sent to the service address is answered from there, as TCP does.
 */
final class ModbusSite implements SessionEnd {

    /** The unit identifier of a server that is no gateway (Modbus Messaging on TCP/IP 1.0b §4.4.2.4). */
    static final int UNIT = 255;

    /** How many registers a poll reads. */
    static final int REGISTERS = 17;

    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final ModbusTcpServer server;

    ModbusSite(String site, int port) {
        ProcessImage image = new ProcessImage();
        image.with(transaction -> transaction.writeHoldingRegisters(registers -> {
            byte[] name = Arrays.copyOf(site.getBytes(StandardCharsets.US_ASCII), 2 * (REGISTERS - 1));
            registers.put(0, new byte[] {0, (byte) Math.min(site.length(), name.length)});
            for (int i = 1; i < REGISTERS; i++) {
                registers.put(i, Arrays.copyOfRange(name, 2 * (i - 1), 2 * i));
            }
        }));
        EventLoop loop = Transport.NIO.eventLoop("modbus").next();
        server = ModbusTcpServer.create(
                NettyTcpServerTransport.create(builder -> builder.setBindAddress("0.0.0.0")
                        .setPort(port)
                        .setEventLoopGroup(loop)
                        .setExecutor(loop)),
                new ReadOnlyModbusServices() {
                    @Override
                    protected Optional<ProcessImage> getProcessImage(int unit) {
                        return Optional.of(image);
                    }
                });
    }

    /** Begins to listen. */
    ModbusSite start() {
        CompletableFuture.runAsync(() -> {
            try {
                server.start();
                begun.complete(null);
            } catch (ExecutionException e) {
                System.err.println("reconverge-emulator: Modbus cannot listen: " + e.getCause());
                begun.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    @Override
    public CompletableFuture<Void> begun() {
        return begun;
    }

    @Override
    public void finish() {
        try {
            server.stop();
        } catch (ExecutionException e) {
            System.err.println("reconverge-emulator: Modbus did not stop: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads the site's name out of registers. */
    static String name(byte[] registers) {
        int length = registers.length < 2 ? 0 : Math.min(registers[1] & 0xFF, registers.length - 2);
        return new String(registers, 2, length, StandardCharsets.US_ASCII);
    }
}

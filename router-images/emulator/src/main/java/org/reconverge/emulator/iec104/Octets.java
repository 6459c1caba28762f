package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;

/** Some octets as they were on the wire. */
public final class Octets {

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a copy of what {@code buffer} holds from its reader index on, without moving the index. */
    static Octets copyOf(ByteBuf buffer) {
        return new Octets(ByteBufUtil.getBytes(buffer));
    }

    /** Returns a copy of {@code bytes}. */
    public static Octets of(byte... bytes) {
        return new Octets(bytes.clone());
    }

    /** Returns how many there are. */
    public int length() {
        return bytes.length;
    }

    void writeTo(ByteBuf out) {
        out.writeBytes(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets octets && Arrays.equals(bytes, octets.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns them in hexadecimal, such as {@code 680407000000}. */
    @Override
    public String toString() {
        return ByteBufUtil.hexDump(bytes);
    }
}

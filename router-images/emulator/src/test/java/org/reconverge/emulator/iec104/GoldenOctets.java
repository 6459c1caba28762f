package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBufUtil;
import java.util.List;

/** The golden frames as octets, for tests of other packages. */
public final class GoldenOctets {

    private GoldenOctets() {}

    /** Returns one frame of every kind and type. */
    public static List<byte[]> all() {
        return GoldenFrames.all().stream()
                .map(golden -> ByteBufUtil.decodeHexDump(golden.octets()))
                .toList();
    }
}

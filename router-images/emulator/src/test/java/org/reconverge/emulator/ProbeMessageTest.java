package org.reconverge.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProbeMessageTest {

    private static final ProbeMessage REQUEST = ProbeMessage.request(0x0123456789abcdefL, 42, 1_000_000_007L);
    private static final ProbeMessage REPLY = REQUEST.replyFrom("Flensburg-Süd");

    @Test
    void readsBackWhatItWrote() {
        assertThat(ProbeMessage.decode(encoded(REQUEST))).contains(REQUEST);
        assertThat(ProbeMessage.decode(encoded(REPLY))).contains(REPLY);
        ProbeMessage longest = REQUEST.replyFrom("x".repeat(ProbeMessage.LONGEST_SITE));
        assertThat(encoded(longest).readableBytes()).isEqualTo(ProbeMessage.LONGEST);
        assertThat(ProbeMessage.decode(encoded(longest))).contains(longest);
    }

    /** Other implementations depend on these bytes. */
    @Test
    void wireFormatIsFixed() {
        assertThat(ByteBufUtil.hexDump(encoded(REQUEST.replyFrom("berlin"))))
                .isEqualTo("52435650" + "01" + "02" + "06" + "00" + "0123456789abcdef" + "000000000000002a"
                        + "000000003b9aca07" + "6265726c696e" + "1d1f75d5");
    }

    @Test
    void refusesEveryFlippedBit() {
        for (ProbeMessage message : new ProbeMessage[] {REQUEST, REPLY}) {
            ByteBuf intact = encoded(message);
            for (int bit = 0; bit < 8 * intact.readableBytes(); bit++) {
                ByteBuf flipped = intact.copy();
                flipped.setByte(bit / 8, flipped.getByte(bit / 8) ^ (1 << bit % 8));
                assertThat(ProbeMessage.decode(flipped)).as("bit %d", bit).isEmpty();
            }
        }
    }

    @Test
    void refusesEveryTruncationAndWhatIsTooLong() {
        ByteBuf intact = encoded(REPLY);
        for (int length = 0; length < intact.readableBytes(); length++) {
            assertThat(ProbeMessage.decode(intact.copy(0, length)))
                    .as("%d bytes", length)
                    .isEmpty();
        }
        assertThat(ProbeMessage.decode(Unpooled.wrappedBuffer(intact, Unpooled.wrappedBuffer(new byte[1]))))
                .isEmpty();
        assertThat(ProbeMessage.decode(Unpooled.wrappedBuffer(new byte[10_000])))
                .isEmpty();
    }

    @Test
    void refusesNoise() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            byte[] noise = new byte[random.nextInt(2 * ProbeMessage.LONGEST)];
            random.nextBytes(noise);
            assertThat(ProbeMessage.decode(Unpooled.wrappedBuffer(noise))).isEmpty();
        }
    }

    private static ByteBuf encoded(ProbeMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        return out;
    }
}

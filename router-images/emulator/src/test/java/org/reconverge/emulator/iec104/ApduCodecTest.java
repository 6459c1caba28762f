package org.reconverge.emulator.iec104;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reconverge.emulator.iec104.GoldenFrames.Golden;

class ApduCodecTest {

    static List<Golden> frames() {
        return GoldenFrames.all();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void writesTheOctetsOfTheStandard(Golden golden) {
        ByteBuf out = Unpooled.buffer();
        ApduEncoder.encode(golden.apdu(), out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo(golden.octets());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void readsTheOctetsOfTheStandard(Golden golden) {
        assertThat(decode(golden.octets())).containsExactly(golden.apdu());
    }

    @Test
    void everyTypeIsAmongTheGoldenFrames() {
        Set<AsduType> types = new HashSet<>();
        for (Golden golden : frames()) {
            if (golden.apdu() instanceof Apdu.Information information
                    && information.asdu() instanceof Asdu.Known known) {
                types.add(known.type());
            }
        }
        assertThat(types).containsExactlyInAnyOrder(AsduType.values());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void framesArriveInPieces(Golden golden) {
        EmbeddedChannel channel = new EmbeddedChannel(new ApduDecoder());
        ByteBuf octets = GoldenFrames.octets(golden.octets() + golden.octets());
        while (octets.isReadable()) {
            channel.writeInbound(octets.readRetainedSlice(1));
        }
        assertThat(channel.<Object>readInbound()).isEqualTo(golden.apdu());
        assertThat(channel.<Object>readInbound()).isEqualTo(golden.apdu());
        assertThat(channel.<Object>readInbound()).isNull();
    }

    @ParameterizedTest
    @MethodSource("frames")
    void aFrameThatIsCutOffIsNoFrame(Golden golden) {
        for (int length = 0; length < golden.octets().length(); length += 2) {
            assertThat(decode(golden.octets().substring(0, length))).isEmpty();
        }
    }

    /** The length octet is right, and something is missing or too much inside. */
    @ParameterizedTest
    @MethodSource("frames")
    void anAsduOfAnotherLengthFailsAndTheFrameAfterItIsRead(Golden golden) {
        byte[] octets = ByteBufUtil.decodeHexDump(golden.octets());
        for (int length = 0; length <= 260; length++) {
            byte[] other = Arrays.copyOf(octets, length + 2);
            other[1] = (byte) length;
            List<Apdu> read = decode(ByteBufUtil.hexDump(other) + "680443000000");
            if (length > 255 || length == octets.length - 2) {
                continue;
            }
            String expected = "expected a length from 4 to 253, but found " + length;
            if (length < 4 || length > 253) {
                assertThat(read).singleElement().isInstanceOfSatisfying(Apdu.Malformed.class, malformed -> {
                    assertThat(malformed.framingLost()).isTrue();
                    assertThat(malformed.reason()).isEqualTo(expected);
                });
            } else {
                assertThat(read).hasSize(2).last().isEqualTo(new Apdu.Unnumbered(Apdu.Function.TESTFR_ACT));
                if (!(golden.apdu() instanceof Apdu.Information information
                        && information.asdu() instanceof Asdu.Unknown)) {
                    assertThat(failureOf(read.get(0))).isNotEmpty();
                }
            }
        }
    }

    /** Each bit of each frame: something is read, or a failure with its reason; never an exception. */
    @ParameterizedTest
    @MethodSource("frames")
    void oneFlippedBitIsReadOrFailsWithAReason(Golden golden) {
        byte[] octets = ByteBufUtil.decodeHexDump(golden.octets());
        for (int bit = 0; bit < octets.length * 8; bit++) {
            byte[] flipped = octets.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            for (Apdu apdu : decode(ByteBufUtil.hexDump(flipped))) {
                if (failureOf(apdu).isEmpty()) {
                    // What is not reserved is kept: it is read again as it was.
                    ByteBuf again = Unpooled.buffer();
                    ApduEncoder.encode(apdu, again);
                    assertThat(decode(ByteBufUtil.hexDump(again))).containsExactly(apdu);
                }
            }
        }
    }

    @Test
    void noiseNeverThrows() {
        Random random = new Random(104);
        List<Golden> frames = frames();
        int failures = 0;
        int frameCount = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = ByteBufUtil.decodeHexDump(
                    frames.get(random.nextInt(frames.size())).octets());
            for (int j = random.nextInt(4); j >= 0; j--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            for (Apdu apdu : decode(ByteBufUtil.hexDump(octets))) {
                frameCount++;
                failures += failureOf(apdu).isEmpty() ? 0 : 1;
            }
        }
        assertThat(failures).isBetween(1000, frameCount - 1000);
    }

    @Test
    void afterAWrongStartNothingIsGuessed() {
        List<Apdu> read = decode("680443000000" + "69" + "680443000000");
        assertThat(read).hasSize(2);
        assertThat(read.get(1)).isInstanceOfSatisfying(Apdu.Malformed.class, malformed -> {
            assertThat(malformed.reason()).isEqualTo("expected the start octet 68h, but found 69h");
            assertThat(malformed.octets()).hasToString("69680443000000");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "680447000000, exactly one function",
        "680403000000, exactly one function",
        "680443000100, exactly one function",
        "680503000000ff, length of 4",
        "680401010000, S frame",
        "680401000100, S frame",
        "680e06000500640106000201000000 14, octet 3",
        "680406000400, at least 6 octets",
        "680e06000400000106000201000000 14, type identification",
        "680d0600040064000600020100 0000, 1 object",
        "681206000400640206000201000000140100 0014, 1 object",
        "680e06000400648106000201000000 14, SQ = 0",
        "680e06000400640106000000000000 14, common address",
        "68110600040001841400 0201 fdffff 01010101, end below",
        "680f06000400640106000201000000 1400, 4 octets for 1 objects"
    })
    void aMalformedFrameSaysWhatWasExpected(String octets, String expected) {
        List<Apdu> read = decode(octets.replace(" ", ""));
        assertThat(read).hasSize(1);
        assertThat(failureOf(read.get(0))).contains(expected);
    }

    @Test
    void aTimeTagIsPassedOnWhateverItSays() {
        TimeTag nonsense = TimeTag.decode(GoldenFrames.octets("ffffffffffffff"));
        assertThat(nonsense.instant()).isEmpty();
        assertThat(nonsense.invalid()).isTrue();
        assertThat(nonsense.summerTime()).isTrue();
        ByteBuf out = Unpooled.buffer();
        nonsense.encode(out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("ffffffffffffff");
        Instant leapDay = Instant.parse("2028-02-29T23:59:59.999Z");
        assertThat(TimeTag.of(leapDay).instant()).contains(leapDay);
    }

    @Test
    void asManyObjectsAsATypeHasRoomForMakeAFrame() {
        for (AsduType type : AsduType.values()) {
            assertThat(Asdu.HEADER_LENGTH + (type.capacity() + 1) * (3 + type.objectLength()))
                    .isGreaterThan(Asdu.LONGEST);
            assertThat(Asdu.HEADER_LENGTH + type.capacity() * (3 + type.objectLength()))
                    .isLessThanOrEqualTo(Asdu.LONGEST);
        }
    }

    @Test
    void aFrameThatIsTooLongIsNotWritten() {
        Apdu tooLong = new Apdu.Information(
                0, 0, new Asdu.Unknown(new Asdu.Header(7, false, false, 3, 0, 1), 1, Octets.of(new byte[244])));
        assertThatThrownBy(() -> ApduEncoder.encode(tooLong, Unpooled.buffer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes 254");
    }

    private static String failureOf(Apdu apdu) {
        if (apdu instanceof Apdu.Malformed malformed) {
            return malformed.reason();
        }
        return apdu instanceof Apdu.Information information && information.asdu() instanceof Asdu.Failed failed
                ? failed.reason()
                : "";
    }

    private static List<Apdu> decode(String hex) {
        EmbeddedChannel channel = new EmbeddedChannel(new ApduDecoder());
        channel.writeInbound(GoldenFrames.octets(hex));
        channel.finish();
        List<Apdu> read = new ArrayList<>();
        for (Apdu apdu = channel.readInbound(); apdu != null; apdu = channel.readInbound()) {
            read.add(apdu);
        }
        return read;
    }
}

package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * CP56Time2a (IEC 60870-5-101 §7.2.6.18): a time of seven octets with a resolution of a millisecond. Its octets are kept,
 * so that a tag is passed on as it came, whatever it says.
 *
 * <p>Times are UTC, as IEC 60870-5-104 §7.6 recommends.
 *
 * @param octets its 56 bits, the first octet the least significant
 */
public record TimeTag(long octets) {

    /** Its length on the wire. */
    static final int LENGTH = 7;

    private static final int CENTURY = 2000;

    /** Returns the tag of an instant, which is cut to the millisecond and to the years 2000 to 2099. */
    public static TimeTag of(Instant instant) {
        LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
        long millis = time.getSecond() * 1000L + time.getNano() / 1_000_000;
        return new TimeTag(millis
                | (long) time.getMinute() << 16
                | (long) time.getHour() << 24
                | (long) time.getDayOfMonth() << 32
                | (long) time.getMonthValue() << 40
                | (long) Math.floorMod(time.getYear(), 100) << 48);
    }

    static TimeTag decode(ByteBuf in) {
        long low = in.readUnsignedIntLE();
        return new TimeTag(low | (long) in.readUnsignedMediumLE() << 32);
    }

    void encode(ByteBuf out) {
        out.writeIntLE((int) octets);
        out.writeMediumLE((int) (octets >> 32));
    }

    /** Tells whether the station says that its clock cannot be trusted (IV). */
    public boolean invalid() {
        return (octets >> 23 & 1) != 0;
    }

    /** Tells whether the station keeps summer time (SU), which one that keeps UTC never does. */
    public boolean summerTime() {
        return (octets >> 31 & 1) != 0;
    }

    /** Returns the instant; empty if the octets are no time, such as minute 61 or month 0. */
    public Optional<Instant> instant() {
        int millis = (int) (octets & 0xFFFF);
        try {
            return Optional.of(LocalDateTime.of(
                            CENTURY + (int) (octets >> 48 & 0x7F),
                            (int) (octets >> 40 & 0x0F),
                            (int) (octets >> 32 & 0x1F),
                            (int) (octets >> 24 & 0x1F),
                            (int) (octets >> 16 & 0x3F),
                            millis / 1000)
                    .plus(millis % 1000, ChronoUnit.MILLIS)
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return instant().map(Instant::toString).orElseGet(() -> String.format("no time (%014x)", octets));
    }
}

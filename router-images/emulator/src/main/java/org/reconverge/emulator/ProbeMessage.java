package org.reconverge.emulator;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A probe's request or the reply to it. All integers are big-endian:
 *
 * <pre>
 * offset  bytes
 *      0      4  magic 0x52435650, "RCVP"
 *      4      1  version, 1
 *      5      1  kind: 1 request, 2 reply
 *      6      1  n, the length of the site's name: 0 in a request, 1 to 63 in a reply
 *      7      1  0
 *      8      8  stream: chosen at random by the client at its start, so that no reply to a predecessor is taken for its own
 *     16      8  sequence number, from 0
 *     24      8  when the client sent the request, in nanoseconds of its monotonic clock
 *     32      n  the site's name in UTF-8
 *   32+n      4  CRC-32C (RFC 3720 §12.1) of all that precedes
 * </pre>
 *
 * <p>Over UDP a message is one datagram. Over TCP its length precedes it as an unsigned 16-bit integer. The checksum is
 * there because a virtual wire may skip UDP's: a corrupted message must not pass for a good one.
 *
 * @param kind request or reply
 * @param stream identifies the client's stream
 * @param sequence the request's number within the stream
 * @param sentNanos when the request was sent, echoed by the reply
 * @param site the site that replied; empty in a request
 */
record ProbeMessage(Kind kind, long stream, long sequence, long sentNanos, String site) {

    /** The longest a site's name may be, in bytes of UTF-8. */
    static final int LONGEST_SITE = 63;

    private static final int MAGIC = 0x52435650;
    private static final int VERSION = 1;
    private static final int HEADER = 32;
    private static final int CHECKSUM = 4;

    /** The longest message in bytes. */
    static final int REQUEST = HEADER + CHECKSUM;

    static final int LONGEST = HEADER + LONGEST_SITE + CHECKSUM;

    /** Who speaks. The order is that of the codes on the wire, from 1. */
    enum Kind {
        REQUEST,
        REPLY
    }

    static ProbeMessage request(long stream, long sequence, long sentNanos) {
        return new ProbeMessage(Kind.REQUEST, stream, sequence, sentNanos, "");
    }

    ProbeMessage replyFrom(String answeringSite) {
        return new ProbeMessage(Kind.REPLY, stream, sequence, sentNanos, answeringSite);
    }

    /** Appends this message to {@code out}. */
    void encode(ByteBuf out) {
        int start = out.writerIndex();
        byte[] name = site.getBytes(StandardCharsets.UTF_8);
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        out.writeByte(kind.ordinal() + 1);
        out.writeByte(name.length);
        out.writeByte(0);
        out.writeLong(stream);
        out.writeLong(sequence);
        out.writeLong(sentNanos);
        out.writeBytes(name);
        out.writeInt(checksum(out, start, out.writerIndex() - start));
    }

    /**
     * Reads the one message that {@code in} holds from its reader index to its end, without moving the index.
     *
     * @return the message; empty if {@code in} is anything but exactly one intact message
     */
    static Optional<ProbeMessage> decode(ByteBuf in) {
        int start = in.readerIndex();
        int length = in.readableBytes();
        if (length < HEADER + CHECKSUM || length > LONGEST) {
            return Optional.empty();
        }
        int code = in.getByte(start + 5);
        int nameLength = in.getUnsignedByte(start + 6);
        if (in.getInt(start) != MAGIC
                || in.getByte(start + 4) != VERSION
                || code < 1
                || code > Kind.values().length
                || in.getByte(start + 7) != 0
                || length != HEADER + nameLength + CHECKSUM
                || in.getInt(start + length - CHECKSUM) != checksum(in, start, length - CHECKSUM)) {
            return Optional.empty();
        }
        Kind kind = code == 1 ? Kind.REQUEST : Kind.REPLY;
        if ((kind == Kind.REQUEST) != (nameLength == 0)) {
            return Optional.empty();
        }
        return Optional.of(new ProbeMessage(
                kind,
                in.getLong(start + 8),
                in.getLong(start + 16),
                in.getLong(start + 24),
                in.toString(start + HEADER, nameLength, StandardCharsets.UTF_8)));
    }

    private static int checksum(ByteBuf buffer, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.nioBuffer(start, length));
        return (int) crc.getValue();
    }
}

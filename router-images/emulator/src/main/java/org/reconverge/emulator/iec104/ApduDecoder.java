package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts a stream of octets into frames (clause 5). It never throws: what is no frame becomes {@link Apdu.Malformed}.
 *
 * <p>TCP delivers octets intact and in order, so a frame that does not start where the last one ended means that the two
 * sides disagree about the stream. To search for the next 68h would guess, since 68h may stand anywhere in a value: from
 * then on everything is skipped, and the session ends the connection.
 */
final class ApduDecoder extends ByteToMessageDecoder {

    private static final int CONTROL_FIELD = 4;

    private State state = State.START;
    private int length;

    private enum State {
        START,
        LENGTH,
        BODY,
        /** Where frames begin is not known any more. */
        LOST
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        switch (state) {
            case START -> {
                int start = in.getUnsignedByte(in.readerIndex());
                if (start != Apdu.START) {
                    lose(in, out, String.format("expected the start octet 68h, but found %02xh", start));
                    return;
                }
                in.skipBytes(1);
                state = State.LENGTH;
            }
            case LENGTH -> {
                length = in.readUnsignedByte();
                if (length < Apdu.SHORTEST || length > Apdu.LONGEST) {
                    lose(in, out, "expected a length from 4 to 253, but found " + length);
                    return;
                }
                state = State.BODY;
            }
            case BODY -> {
                if (in.readableBytes() >= length) {
                    state = State.START;
                    out.add(decodeFrame(in.readSlice(length)));
                }
            }
            case LOST -> in.skipBytes(in.readableBytes());
        }
    }

    private void lose(ByteBuf in, List<Object> out, String reason) {
        state = State.LOST;
        ByteBuf seen = in.slice(in.readerIndex(), Math.min(in.readableBytes(), 16));
        out.add(new Apdu.Malformed(reason, Octets.copyOf(seen), true));
        in.skipBytes(in.readableBytes());
    }

    /** Decodes what follows the length octet. */
    private static Apdu decodeFrame(ByteBuf frame) {
        int first = frame.getUnsignedByte(frame.readerIndex());
        if ((first & 1) == 0) {
            return information(frame);
        }
        if (frame.readableBytes() != CONTROL_FIELD) {
            return malformed(frame, "expected a length of 4 for an S or U frame, but found " + frame.readableBytes());
        }
        return (first & 3) == 1 ? supervisory(frame) : unnumbered(frame);
    }

    private static Apdu information(ByteBuf frame) {
        int send = frame.getUnsignedShortLE(frame.readerIndex());
        int receive = frame.getUnsignedShortLE(frame.readerIndex() + 2);
        if ((receive & 1) != 0) {
            return malformed(frame, "expected bit 1 of octet 3 of an I frame to be 0");
        }
        return new Apdu.Information(send >> 1, receive >> 1, AsduCodec.decode(frame.skipBytes(CONTROL_FIELD)));
    }

    private static Apdu supervisory(ByteBuf frame) {
        int receive = frame.getUnsignedShortLE(frame.readerIndex() + 2);
        if (frame.getUnsignedShortLE(frame.readerIndex()) != 1 || (receive & 1) != 0) {
            return malformed(frame, "expected an S frame 01 00 and a receive sequence number");
        }
        return new Apdu.Supervisory(receive >> 1);
    }

    private static Apdu unnumbered(ByteBuf frame) {
        int field = frame.getIntLE(frame.readerIndex());
        for (Apdu.Function function : Apdu.Function.values()) {
            if (field == function.octet()) {
                return new Apdu.Unnumbered(function);
            }
        }
        return malformed(frame, "expected a U frame with exactly one function");
    }

    private static Apdu malformed(ByteBuf frame, String reason) {
        return new Apdu.Malformed(reason, Octets.copyOf(frame), false);
    }
}

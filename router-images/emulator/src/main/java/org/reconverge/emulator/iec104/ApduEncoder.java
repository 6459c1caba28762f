package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;

/** Writes frames (clause 5). */
final class ApduEncoder extends MessageToByteEncoder<Apdu> {

    ApduEncoder() {
        super(Apdu.class, false);
    }

    @Override
    protected void encode(ChannelHandlerContext context, Apdu apdu, ByteBuf out) {
        encode(apdu, out);
    }

    /**
     * Appends a frame to {@code out}.
     *
     * @throws IllegalArgumentException if the frame is longer than 253 octets, or is none
     */
    static void encode(Apdu apdu, ByteBuf out) {
        int start = out.writerIndex();
        out.writeByte(Apdu.START);
        out.writeByte(0);
        if (apdu instanceof Apdu.Information information) {
            out.writeShortLE(information.send() << 1);
            out.writeShortLE(information.receive() << 1);
            AsduCodec.encode(information.asdu(), out);
        } else if (apdu instanceof Apdu.Supervisory supervisory) {
            out.writeShortLE(1);
            out.writeShortLE(supervisory.receive() << 1);
        } else if (apdu instanceof Apdu.Unnumbered unnumbered) {
            out.writeIntLE(unnumbered.function().octet());
        } else {
            throw new IllegalArgumentException("expected a frame, but found " + apdu);
        }
        int length = out.writerIndex() - start - 2;
        if (length > Apdu.LONGEST) {
            throw new IllegalArgumentException("expected at most 253 octets, but " + apdu + " takes " + length);
        }
        out.setByte(start + 1, length);
    }
}

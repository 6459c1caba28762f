package org.reconverge.emulator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.TooLongFrameException;

/** How messages are framed on a TCP connection: each is preceded by its length as an unsigned 16-bit integer. */
final class ProbeFrames {

    private static final int LENGTH_FIELD = 2;

    private ProbeFrames() {}

    /** Returns the handler that cuts a byte stream into messages; it is the first of its pipeline. */
    static LengthFieldBasedFrameDecoder decoder(Runnable onOverlong) {
        return new LengthFieldBasedFrameDecoder(LENGTH_FIELD + ProbeMessage.LONGEST, 0, LENGTH_FIELD, 0, LENGTH_FIELD) {
            /** Skips a frame that is too long instead of failing the connection. */
            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
                if (cause instanceof TooLongFrameException) {
                    onOverlong.run();
                } else {
                    super.exceptionCaught(context, cause);
                }
            }
        };
    }

    /** Appends {@code message} with its length to {@code out}. */
    static void encode(ProbeMessage message, ByteBuf out) {
        int start = out.writerIndex();
        out.writeShort(0);
        message.encode(out);
        out.setShort(start, out.writerIndex() - start - LENGTH_FIELD);
    }
}

package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and writes ASDUs (IEC 60870-5-101 §7). Reading never throws: what is no ASDU becomes {@link Asdu.Failed}. */
final class AsduCodec {

    static final int ADDRESS_LENGTH = 3;

    private static final int SEQUENCE = 0x80;
    private static final int TEST = 0x80;
    private static final int NEGATIVE = 0x40;

    private AsduCodec() {}

    /** Reads the one ASDU that {@code in} holds. */
    static Asdu decode(ByteBuf in) {
        if (in.readableBytes() < Asdu.HEADER_LENGTH) {
            return failed(in, "expected at least 6 octets of an ASDU, but found " + in.readableBytes());
        }
        int start = in.readerIndex();
        int qualifier = in.getUnsignedByte(start + 1);
        int cause = in.getUnsignedByte(start + 2);
        Asdu.Header header = new Asdu.Header(
                in.getUnsignedByte(start),
                (cause & TEST) != 0,
                (cause & NEGATIVE) != 0,
                cause & 0x3F,
                in.getUnsignedByte(start + 3),
                in.getUnsignedShortLE(start + 4));
        if (header.type() == 0) {
            return failed(in, "expected a type identification from 1 to 255, but found 0");
        }
        Optional<AsduType> known = AsduType.of(header.type());
        if (known.isEmpty()) {
            return new Asdu.Unknown(
                    header,
                    qualifier,
                    Octets.copyOf(in.slice(start + Asdu.HEADER_LENGTH, in.readableBytes() - Asdu.HEADER_LENGTH)));
        }
        return decode(known.get(), header, (qualifier & SEQUENCE) != 0, qualifier & 0x7F, in);
    }

    private static Asdu decode(AsduType type, Asdu.Header header, boolean sequence, int count, ByteBuf in) {
        if (count == 0 || count > 1 && type.single()) {
            return failed(
                    in,
                    "expected " + (type.single() ? "1 object" : "1 to 127 objects") + " of type " + type
                            + ", but found " + count);
        }
        if (sequence && !type.allowsSequence()) {
            return failed(in, "expected SQ = 0 for type " + type + ", but found 1");
        }
        int expected = sequence
                ? ADDRESS_LENGTH + count * type.objectLength()
                : count * (ADDRESS_LENGTH + type.objectLength());
        int found = in.readableBytes() - Asdu.HEADER_LENGTH;
        if (found != expected) {
            return failed(
                    in,
                    "expected " + expected + " octets for " + count + " objects of type " + type + ", but found "
                            + found);
        }
        if (header.commonAddress() == 0) {
            return failed(in, "expected a common address from 1 to 65535, but found 0");
        }
        if (sequence
                && in.getUnsignedMediumLE(in.readerIndex() + Asdu.HEADER_LENGTH)
                        > InformationObject.HIGHEST_ADDRESS - count + 1) {
            return failed(in, "expected the addresses of a sequence to end below 16777216");
        }
        in.skipBytes(Asdu.HEADER_LENGTH);
        List<InformationObject> objects = new ArrayList<>(count);
        int address = 0;
        for (int i = 0; i < count; i++) {
            address = i == 0 || !sequence ? in.readUnsignedMediumLE() : address + 1;
            InformationElement element = type.decodeElement(in);
            objects.add(
                    type.timeTagged()
                            ? InformationObject.of(address, element, TimeTag.decode(in))
                            : InformationObject.of(address, element));
        }
        return new Asdu.Known(type, header, sequence, objects);
    }

    /**
     * Appends an ASDU to {@code out}.
     *
     * @throws IllegalArgumentException if it is a failed one
     */
    static void encode(Asdu asdu, ByteBuf out) {
        if (asdu instanceof Asdu.Known known) {
            header(
                    known.header(),
                    (known.sequence() ? SEQUENCE : 0) | known.objects().size(),
                    out);
            boolean withAddress = true;
            for (InformationObject object : known.objects()) {
                if (withAddress) {
                    out.writeMediumLE(object.address());
                }
                withAddress = !known.sequence();
                object.element().encode(out);
                object.time().ifPresent(time -> time.encode(out));
            }
        } else if (asdu instanceof Asdu.Unknown unknown) {
            header(unknown.header(), unknown.qualifier(), out);
            unknown.body().writeTo(out);
        } else {
            throw new IllegalArgumentException("expected an ASDU, but found " + asdu);
        }
    }

    private static void header(Asdu.Header header, int qualifier, ByteBuf out) {
        out.writeByte(header.type());
        out.writeByte(qualifier);
        out.writeByte(header.cause() | (header.negative() ? NEGATIVE : 0) | (header.test() ? TEST : 0));
        out.writeByte(header.originator());
        out.writeShortLE(header.commonAddress());
    }

    private static Asdu failed(ByteBuf in, String reason) {
        return new Asdu.Failed(reason, Octets.copyOf(in));
    }
}

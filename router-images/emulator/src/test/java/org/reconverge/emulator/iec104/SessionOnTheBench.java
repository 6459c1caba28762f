package org.reconverge.emulator.iec104;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.reconverge.emulator.iec104.InformationElement.SinglePoint;

/** A session on a channel of its own, whose clock only moves when it is told to, with what it sends and says. */
final class SessionOnTheBench implements Iec104Session.Listener {

    static final Asdu VALUE = Asdu.Known.of(
            AsduType.M_SP_NA_1, Cause.SPONTANEOUS, 0, 1, InformationObject.of(1, new SinglePoint(true, Quality.GOOD)));

    final List<String> heard = new ArrayList<>();
    final List<Asdu> received = new ArrayList<>();
    final ApciSession session;

    private final MockTicker ticker = Ticker.newMockTicker();
    private final EmbeddedChannel channel;

    SessionOnTheBench(StationKind kind, Iec104Parameters parameters) {
        session = new ApciSession(kind, kind == StationKind.CONTROLLING, parameters, this, ticker::nanoTime);
        channel = EmbeddedChannel.builder().ticker(ticker).build();
        session.addTo(channel.pipeline());
    }

    /** Brings a new session into STARTED, with nothing left to read. */
    SessionOnTheBench started() {
        if (session.state() == Iec104Session.State.STOPPED) {
            session.startDataTransfer();
            receive(
                    session.state() == Iec104Session.State.PENDING_START
                            ? Apdu.Function.STARTDT_CON
                            : Apdu.Function.STARTDT_ACT);
        }
        sent();
        heard.clear();
        return this;
    }

    void receive(Apdu.Function function) {
        receive(new Apdu.Unnumbered(function));
    }

    void receive(Apdu... apdus) {
        ByteBuf octets = Unpooled.buffer();
        for (Apdu apdu : apdus) {
            ApduEncoder.encode(apdu, octets);
        }
        receive(octets);
    }

    void receive(ByteBuf octets) {
        // After the end, the network has nobody to deliver to.
        if (channel.isOpen()) {
            channel.writeInbound(octets);
            channel.checkException();
        }
    }

    /** Receives an I frame. */
    void receiveValue(int send, int receive) {
        receive(new Apdu.Information(send, receive, VALUE));
    }

    void send(int count) {
        for (int i = 0; i < count; i++) {
            session.send(VALUE);
        }
    }

    void pass(Duration time) {
        ticker.advance(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.checkException();
    }

    void disconnect() {
        channel.close();
    }

    /** Returns the frames sent since it was asked last, such as {@code [I(0,0), S(3), STARTDT_CON]}. */
    List<String> sent() {
        channel.runPendingTasks();
        EmbeddedChannel reader = new EmbeddedChannel(new ApduDecoder());
        for (ByteBuf octets = channel.readOutbound(); octets != null; octets = channel.readOutbound()) {
            reader.writeInbound(octets);
        }
        List<String> frames = new ArrayList<>();
        for (Apdu apdu = reader.readInbound(); apdu != null; apdu = reader.readInbound()) {
            frames.add(text(apdu));
        }
        return frames;
    }

    static String text(Apdu apdu) {
        if (apdu instanceof Apdu.Information information) {
            return "I(" + information.send() + "," + information.receive() + ")";
        } else if (apdu instanceof Apdu.Supervisory supervisory) {
            return "S(" + supervisory.receive() + ")";
        } else if (apdu instanceof Apdu.Unnumbered unnumbered) {
            return unnumbered.function().toString();
        }
        return apdu.toString();
    }

    @Override
    public void opened(Iec104Session opened) {
        heard.add("opened");
    }

    @Override
    public void started(Iec104Session started) {
        heard.add("started");
    }

    @Override
    public void stopped(Iec104Session stopped) {
        heard.add("stopped");
    }

    @Override
    public void received(Iec104Session from, Asdu asdu) {
        received.add(asdu);
    }

    @Override
    public void acknowledged(Iec104Session by, int count) {
        heard.add("acknowledged " + count);
    }

    @Override
    public void sendable(Iec104Session sendable) {
        heard.add("sendable");
    }

    @Override
    public void malformed(Iec104Session from, String reason, Octets octets) {
        heard.add("malformed: " + reason);
    }

    @Override
    public void closed(Iec104Session closed, String reason) {
        heard.add("closed: " + reason);
    }
}

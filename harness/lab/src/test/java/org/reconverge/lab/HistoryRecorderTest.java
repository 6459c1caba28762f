package org.reconverge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.Side;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged.State;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.MonotonicTime;

class HistoryRecorderTest {

    private static TunnelChanged tunnel(long at, TunnelChanged.State state) {
        return new TunnelChanged(new MonotonicTime(at), "gw", TunnelChanged.CLIENT, state, "a", "", "198.18.1.1", "");
    }

    private static TelecontrolChanged session(long at, String connection, State state) {
        return new TelecontrolChanged(
                new MonotonicTime(at), connection, "gw", "iec104", 1, Side.CONTROLLED, state, "", "");
    }

    @Test
    void whoListensLateIsToldWhatIsUp() {
        HistoryRecorder recorder = new HistoryRecorder();
        recorder.append(tunnel(1, TunnelChanged.State.HANDSHAKING));
        recorder.append(tunnel(2, TunnelChanged.State.UP));
        recorder.append(session(3, "old", State.RESTORED));
        recorder.append(session(4, "old", State.CLOSED));
        recorder.append(session(5, "new", State.STARTED));
        recorder.append(session(6, "new", State.RESTORED));

        List<HistoryEvent> heard = new ArrayList<>();
        try (HistoryRecorder.Listener listener = recorder.listen(heard::add)) {
            recorder.append(session(7, "new", State.CLOSED));
        }

        assertThat(heard)
                .containsExactly(
                        tunnel(2, TunnelChanged.State.UP),
                        session(6, "new", State.RESTORED),
                        session(7, "new", State.CLOSED));
    }
}

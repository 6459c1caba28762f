package org.reconverge.model.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.CommandPassed;
import org.reconverge.model.history.HistoryEvent.ConnectionChanged;
import org.reconverge.model.history.HistoryEvent.ConnectionsAttempted;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.NodeLog;
import org.reconverge.model.history.HistoryEvent.Note;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.ProcessChanged;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.ResourcesUsed;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.HistoryEvent.SessionChanged;
import org.reconverge.model.history.HistoryEvent.Stage;
import org.reconverge.model.history.HistoryEvent.StageEntered;
import org.reconverge.model.history.HistoryEvent.Stalled;
import org.reconverge.model.history.HistoryEvent.TelecontrolChanged;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.HistoryEvent.ValuesPassed;

class HistoryCodecTest {

    private static final MonotonicTime T = new MonotonicTime(81_234_567_890_123L);

    static List<HistoryEvent> oneOfEach() {
        return List.of(
                new TrialStarted(T, "20261122-131500", "two-site", "fibre-cut", 3, -7),
                new ClockSync(T, Instant.parse("2026-11-22T13:15:00.123456789Z")),
                new StageEntered(T, Stage.STEADY_STATE),
                new InjectionPhase(
                        T,
                        new MonotonicTime(1),
                        "i1",
                        "link-down on a:eth1",
                        InjectionPhase.Phase.NOT_VERIFIED,
                        "0 packets"),
                new ProbeStarted(
                        T, "gw/udp", "gw", "udp", "2001:db8:a::10", Duration.ofMillis(10), Duration.ofSeconds(2), 36),
                new ProbesSent("gw/udp", 1200, new long[] {81_234_567_890_123L, 81_234_577_890_123L}),
                new RepliesReceived(
                        "gw/udp",
                        new long[] {1201, 1200},
                        new long[] {5, 6},
                        new String[] {"berlin", "frankfurt"},
                        "203.0.113.10"),
                new ConnectionChanged(T, "gw/tcp", false, "reset by peer"),
                new Stalled(T, "gw", Duration.ofNanos(12_345_678)),
                new RouteChanged(T, "ber-edge1", true, "203.0.113.10 via 192.0.2.1 dev eth1 proto bgp"),
                new ProcessChanged(T, "ber-edge1", "bgpd", 4711, false),
                new SessionChanged(T, "ber-edge1", "bgp", "192.0.2.1", "Idle", "hold timer \"expired\"\n"),
                new TunnelChanged(
                        T,
                        "gw",
                        TunnelChanged.CLIENT,
                        TunnelChanged.State.UP,
                        "1763817",
                        "203.0.113.10:51820",
                        "198.18.1.1",
                        ""),
                new TelecontrolChanged(
                        T,
                        "198.51.100.7:40312>203.0.113.10:2404",
                        "gw-north",
                        "iec104",
                        17,
                        TelecontrolChanged.Side.CONTROLLED,
                        TelecontrolChanged.State.CLOSED,
                        "",
                        "t1: no acknowledgement for 15000 ms"),
                new ValuesPassed(
                        "berlin",
                        ValuesPassed.Step.RECEIVED,
                        new int[] {17, 18},
                        new long[] {5, 9},
                        new long[] {81_234_567_890_123L, 81_234_567_890_124L},
                        new long[] {1_795_353_300_000L, 1_795_353_300_001L}),
                new CommandPassed(T, "gw-north", 17, 1, 4, 5005, CommandPassed.Step.SELECTION_ENDED, "10 s are over"),
                new ConnectionsAttempted(
                        "gw-north", "gw-north/iec104", new long[] {81_234_567_890_123L, 81_234_567_890_124L}),
                new ResourcesUsed(T, "gw-north,gw-south", Duration.ofMillis(1230), 58_000_000),
                new NodeLog(T, "ber-edge1", "ünïcode \u2028 and \\ stay"),
                new Note(T, "serving", Map.of("site", "berlin")),
                new TrialEnded(T, true, ""));
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void everyEventSurvivesTheWayThroughALine(HistoryEvent event) {
        String line = HistoryCodec.toLine(event);

        assertThat(line).doesNotContain("\n").startsWith("{\"type\":\"");
        HistoryEvent read = HistoryCodec.parseLine(line);
        assertThat(read.getClass()).isEqualTo(event.getClass());
        assertThat(read).usingRecursiveComparison().isEqualTo(event);
    }

    @Test
    void noEventIsForgottenInThisTest() {
        Set<Class<?>> tested = new HashSet<>();
        oneOfEach().forEach(event -> tested.add(event.getClass()));
        assertThat(tested)
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(HistoryEvent.class.getPermittedSubclasses()));
    }

    @Test
    void noComponentIsMistakenForTheTypeOfTheLine() {
        assertThat(HistoryEvent.class.getPermittedSubclasses())
                .allSatisfy(type -> assertThat(type.getRecordComponents())
                        .extracting(RecordComponent::getName)
                        .doesNotContain("type"));
    }

    @Test
    void theLinesOfTheEmulatorAreRead() {
        ProbesSent sent = (ProbesSent)
                HistoryCodec.parseLine("{\"type\":\"probes-sent\",\"probe\":\"gw-north/udp-ipv4\",\"first\":1200,"
                        + "\"sentNanos\":[81234567890123,81234577890123]}");
        assertThat(sent.first()).isEqualTo(1200);
        assertThat(sent.sentNanos()).containsExactly(81234567890123L, 81234577890123L);

        RepliesReceived replies = (RepliesReceived) HistoryCodec.parseLine(
                "{\"probe\":\"p\",\"source\":\"203.0.113.10\",\"site\":[\"berlin\"],\"receivedNanos\":[9],"
                        + "\"sequence\":[1200],\"type\":\"replies-received\",\"fromANewerEmulator\":1}");
        assertThat(replies.site()).containsExactly("berlin");
    }

    @Test
    void theFormIsTheOneThatIsAgreed() {
        assertThat(HistoryCodec.toLine(new StageEntered(new MonotonicTime(5), Stage.STEADY_STATE)))
                .isEqualTo("{\"type\":\"stage-entered\",\"at\":5,\"stage\":\"steady-state\"}");
        assertThat(HistoryCodec.toLine(new TunnelChanged(
                        new MonotonicTime(5),
                        "gw",
                        "berlin",
                        TunnelChanged.State.HANDSHAKING,
                        "",
                        "192.0.2.2:51820",
                        "198.18.1.1",
                        "wg0")))
                .isEqualTo("{\"type\":\"tunnel-changed\",\"at\":5,\"client\":\"gw\",\"side\":\"berlin\","
                        + "\"state\":\"handshaking\",\"session\":\"\",\"endpoint\":\"192.0.2.2:51820\","
                        + "\"innerAddress\":\"198.18.1.1\",\"detail\":\"wg0\"}");
        assertThat(HistoryCodec.toLine(new Stalled(new MonotonicTime(5), "gw", Duration.ofMillis(2))))
                .isEqualTo("{\"type\":\"stalled\",\"at\":5,\"where\":\"gw\",\"duration\":2000000}");
        assertThat(HistoryCodec.toLine(new ClockSync(new MonotonicTime(5), Instant.EPOCH)))
                .isEqualTo("{\"type\":\"clock-sync\",\"at\":5,\"wall\":\"1970-01-01T00:00:00Z\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"probes-sent\",\"probe\":\"gw\",\"first\":1200,\"sentNa", // cut off
                "{\"type\":\"probes-sent\",\"probe\":\"gw\",\"sentNanos\":[1]}", // without a component
                "{\"type\":\"probes-sent\",\"probe\":null,\"first\":1,\"sentNanos\":[1]}", // null
                "{\"type\":\"probes-sent\",\"probe\":\"gw\",\"first\":1,\"sentNanos\":[]}", // an empty batch
                "{\"type\":\"replies-received\",\"probe\":\"p\",\"sequence\":[1,2],\"receivedNanos\":[1],"
                        + "\"site\":[\"a\",\"b\"],\"source\":\"x\"}", // arrays of different lengths
                "{\"type\":\"values-passed\",\"where\":\"gw\",\"step\":\"sent\",\"station\":[],\"number\":[],\"nanos\":[],"
                        + "\"tagMillis\":[]}", // an empty batch
                "{\"type\":\"values-passed\",\"where\":\"gw\",\"step\":\"sent\",\"station\":[1],\"number\":[1,2],"
                        + "\"nanos\":[1],\"tagMillis\":[1]}", // arrays of different lengths
                "{\"type\":\"connections-attempted\",\"where\":\"gw\",\"probe\":\"gw/a\",\"nanos\":[]}", // an empty
                // batch
                "{\"type\":\"tunnel-changed\",\"at\":1,\"client\":\"gw\",\"side\":\"client\",\"state\":\"maybe\","
                        + "\"session\":\"\",\"endpoint\":\"\",\"innerAddress\":\"\",\"detail\":\"\"}",
                "{\"type\":\"coffee-break\",\"at\":1}",
                "{\"at\":1,\"stage\":\"fault\"}",
                "{\"type\":\"stage-entered\",\"at\":\"soon\",\"stage\":\"fault\"}",
                "{\"type\":\"stage-entered\",\"at\":1,\"stage\":\"lunch\"}",
                "{\"type\":\"clock-sync\",\"at\":1,\"wall\":\"yesterday\"}",
                "{\"type\":\"stage-entered\",\"at\":1,\"stage\":\"fault\"} trailing",
                "null",
                "",
                "Exception in thread \"main\""
            })
    void whatIsNoEventIsRefusedAndShown(String line) {
        assertThatThrownBy(() -> HistoryCodec.parseLine(line))
                .isInstanceOf(MalformedHistoryException.class)
                .hasMessageStartingWith("expected ")
                .hasMessageContaining(line.substring(0, Math.min(line.length(), 100)));
    }
}

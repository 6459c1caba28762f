package org.reconverge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.FailoverSpecFile;

class WireGuardRestTest {

    private static final String TOPOLOGY = """
            name: lab
            topology:
              defaults: {kind: linux, image: reconverge/host}
              nodes: {ber-svc: {}, fra-svc: {}, control: {}, other: {}}
              links:
                - endpoints: ["control:eth1", "ber-svc:eth1"]
                - endpoints: ["other:eth1", "fra-svc:eth1"]
            """;

    private static final String SPEC = """
            topology: lab.clab.yml
            service: {addresses: [203.0.113.10]}
            sites:
              berlin: {nodes: [ber-svc], service: ber-svc}
              frankfurt: {nodes: [fra-svc], service: fra-svc}
            budget: {rto: 60s}
            clients:
              control:
                home: berlin
                tunnel: {type: wireguard, profile: stock}
                probes: [{type: udp, rate: 50/s}, {type: udp, via: tunnel, rate: 50/s}]
              other:
                home: berlin
                tunnel: {type: wireguard, profile: assisted}
                probes: [{type: udp, rate: 50/s}, {type: udp, via: tunnel, rate: 50/s}]
            scenarios:
              loss:
                fault: {site-down: berlin}
                expect:
                  control: {outcome: misses, within: 10s, until: 25s}
            """;

    @TempDir
    Path directory;

    private WireGuardRest rest;

    @BeforeEach
    void read() throws IOException {
        Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
        rest = new WireGuardRest(FailoverSpecFile.read(Files.writeString(directory.resolve("lab.failover.yml"), SPEC)));
    }

    @Test
    void freshKeysAreAtRestUntilTheirRenewalWouldComeTooEarly() {
        keys("control", 0, "one");
        assertThat(rest.missing(at(105))).isEmpty();
        assertThat(rest.missing(at(106)))
                .containsExactly(
                        "control control: WireGuard renews its keys in 14 s, less than the 10 s that it must miss");
    }

    @Test
    void keysThatWereRenewedAreFresh() {
        keys("control", 0, "one");
        keys("control", 100, "one");
        assertThat(rest.missing(at(119))).hasSize(1);
        keys("control", 120, "two");
        assertThat(rest.missing(at(121))).isEmpty();
    }

    @Test
    void keysThatNobodyUsesAnyMoreAreNotRenewed() {
        keys("control", 0, "one");
        assertThat(rest.missing(at(179))).hasSize(1);
        assertThat(rest.missing(at(180))).isEmpty();
    }

    @Test
    void aSiteThatWasLeftGoesOnAsking() {
        reply("control/udp-ipv4", 0, "berlin");
        keys("control", 0, "one");
        assertThat(rest.aftermath()).isEmpty();
        reply("control/udp-ipv4", 10, "frankfurt");
        assertThat(rest.aftermath())
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("the WireGuard of control has moved in this lab"));
    }

    @Test
    void aLabThatConvergesMayMove() {
        reply("control/udp-ipv4", 0, "frankfurt");
        reply("control/udp-ipv4", 1, "berlin");
        keys("control", 2, "one");
        assertThat(rest.aftermath()).isEmpty();
    }

    @Test
    void whoIsNoControlMayMoveAndRenewKeys() {
        reply("other/udp-ipv4", 0, "berlin");
        keys("other", 0, "one");
        reply("other/udp-ipv4", 10, "frankfurt");
        assertThat(rest.aftermath()).isEmpty();
        assertThat(rest.missing(at(119))).isEmpty();
    }

    private void keys(String client, long second, String session) {
        rest.accept(new TunnelChanged(
                at(second),
                client,
                TunnelChanged.CLIENT,
                TunnelChanged.State.UP,
                session,
                "203.0.113.10:51820",
                "198.18.0.2",
                ""));
    }

    private void reply(String probe, long second, String site) {
        rest.accept(new RepliesReceived(
                probe, new long[] {second}, new long[] {at(second).nanos()}, new String[] {site}, "203.0.113.10"));
    }

    private static MonotonicTime at(long second) {
        return new MonotonicTime(TimeUnit.SECONDS.toNanos(1_000 + second));
    }
}

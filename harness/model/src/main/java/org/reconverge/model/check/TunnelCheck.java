package org.reconverge.model.check;

import static org.reconverge.model.check.Wording.plain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.reconverge.model.check.ProbeLog.Fate;
import org.reconverge.model.check.ProbeResult.Recovered;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.HistoryEvent.TunnelChanged.State;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.Continuity;
import org.reconverge.model.spec.FailoverSpec;

/** Judges what an event did to the tunnel of one client. */
final class TunnelCheck {

    private final List<TunnelChanged> before = new ArrayList<>();
    private final List<TunnelChanged> during = new ArrayList<>();
    private final ProbeLog probes;
    private final List<ProbeResult> inside;
    private final Window window;
    private final String address;
    private final MonotonicTime end;

    /**
     * Prepares.
     *
     * @param inside what the probes inside the tunnel saw
     */
    TunnelCheck(
            History history,
            ProbeLog probes,
            FailoverSpec spec,
            String client,
            List<ProbeResult> inside,
            Window window) {
        this.probes = probes;
        this.inside = inside;
        this.window = window;
        this.address = Optional.ofNullable(spec.clients().get(client))
                .flatMap(spec::tunnelAddress)
                .orElse("");
        this.end = window.end(history);
        history.all(TunnelChanged.class).stream()
                .filter(change ->
                        change.client().equals(client) && change.side().equals(TunnelChanged.CLIENT))
                .sorted(Comparator.comparing(TunnelChanged::at))
                .forEach(change -> {
                    if (change.at().compareTo(window.event().before()) < 0) {
                        before.add(change);
                    } else if (window.next()
                            .map(next -> change.at().compareTo(next.before()) < 0)
                            .orElse(true)) {
                        during.add(change);
                    }
                });
    }

    /**
     * Judges.
     *
     * @param findings what the probes inside speak against a {@code PASS} already
     * @param network from the event until the network under the tunnel had recovered; zero if it was never interrupted,
     *     empty if it has not
     */
    TunnelResult judge(Findings findings, Optional<Measured> network, PhaseCheck phase, Demand demand) {
        Optional<Measured> firstAnswer = network.flatMap(this::firstAnswer);
        Optional<Measured> share =
                firstAnswer.flatMap(time -> network.map(back -> Measured.difference(time, later(back, firstLoss()))));
        Survival survival = survival(network);
        if (demand.layers().isPresent()) {
            judge(demand.layers().get(), survival, phase, demand.budget(), findings);
            share.ifPresent(time -> demand.layers()
                    .get()
                    .tunnelShare()
                    .ifPresent(limit -> phase.judgeLimit(
                            time,
                            limit,
                            "the tunnel took " + time.describe() + " once the network was back",
                            "share",
                            findings)));
        }
        boolean everyLossEnded = inside.stream()
                .noneMatch(probe -> probe.lost() > 0 && probe.fullConvergence().isEmpty());
        return new TunnelResult(
                findings.verdict(),
                findings.reasons(),
                survival.continuity(),
                survival.because(),
                rekeys().size(),
                rekeys().stream().findFirst().map(this::afterEvent),
                List.copyOf(roamed()),
                inside.stream().map(ProbeResult::outage).max(Comparator.comparing(Measured::value)),
                firstAnswer,
                everyLossEnded
                        ? inside.stream()
                                .flatMap(probe -> probe.fullConvergence().stream())
                                .max(Comparator.comparing(Measured::value))
                        : Optional.empty(),
                share);
    }

    private void judge(LayerDemand demand, Survival survival, PhaseCheck phase, Duration budget, Findings findings) {
        Set<String> roamed = roamed();
        if (!roamed.isEmpty()) {
            findings.fail("the tunnel roamed to " + String.join(" and ", roamed) + " instead of the service address "
                    + address + ", so that it is no longer anycast that it depends on");
        }
        if (survival.continuity().isEmpty()) {
            findings.inconclusive(survival.because());
        } else if (survival.continuity().get() == Continuity.LOST) {
            // Whoever is watched for less than its budget may yet come back.
            Duration watched = afterEvent(end);
            phase.judgeNotRecovered(
                    watched,
                    budget,
                    "the tunnel is lost (" + survival.because() + ") after " + plain(watched),
                    "",
                    findings);
        } else if (!survival.continuity().get().atLeast(demand.continuity())) {
            Continuity seen = survival.continuity().get();
            findings.fail("the tunnel was " + Wording.continuity(seen) + " (" + survival.because() + "), but "
                    + Wording.continuity(demand.continuity()) + " is the least that is accepted");
        }
    }

    // ---- what survived ----

    /**
     * What survived.
     *
     * @param because what it follows from, or why it is not known
     */
    private record Survival(Optional<Continuity> continuity, String because) {}

    private Survival survival(Optional<Measured> network) {
        if (before.isEmpty()) {
            return new Survival(
                    Optional.empty(),
                    during.isEmpty()
                            ? "the tunnel was not observed, so what became of it is not known"
                            : "the tunnel was not observed before the event, so what became of it is not known");
        }
        TunnelChanged first = before.get(before.size() - 1);
        if (first.state() != State.UP) {
            return new Survival(
                    Optional.empty(),
                    "the tunnel was not up before the event: " + Wording.lowerCase(first.state()) + detail(first));
        }
        TunnelChanged last = during.isEmpty() ? first : during.get(during.size() - 1);
        Optional<ProbeResult> silent = inside.stream()
                .filter(probe -> probe.recovery() == Recovered.NOT_RECOVERED)
                .findFirst();
        if (last.state() != State.UP) {
            return new Survival(
                    Optional.of(Continuity.LOST),
                    Wording.lowerCase(last.state()) + " since " + plain(afterEvent(last.at())) + detail(last));
        }
        if (silent.isPresent()) {
            return new Survival(
                    Optional.of(Continuity.LOST),
                    "nothing passes inside" + (rekeys().isEmpty() ? ", and no new keys were agreed on" : ""));
        }
        for (TunnelChanged change : during) {
            if (change.state() == State.DOWN) {
                return new Survival(
                        Optional.of(Continuity.REESTABLISHED),
                        "its interface was gone after " + plain(afterEvent(change.at())) + detail(change));
            }
            if (!change.innerAddress().equals(first.innerAddress())) {
                String now = change.innerAddress().isEmpty() ? "away" : change.innerAddress();
                return new Survival(
                        Optional.of(Continuity.REESTABLISHED),
                        "its inner address " + first.innerAddress() + " was " + now + " after "
                                + plain(afterEvent(change.at())));
            }
        }
        if (!rekeys().isEmpty()) {
            return new Survival(
                    Optional.of(Continuity.RESUMED), "new keys after " + plain(afterEvent(rekeys().get(0))));
        }
        return sameKeys(network);
    }

    /** The same keys are the same session only if the tunnel lost no more than the network did. */
    private Survival sameKeys(Optional<Measured> network) {
        Optional<Measured> beyond = inside.stream()
                .flatMap(probe -> probe.fullConvergence().stream())
                .max(Comparator.comparing(Measured::value))
                .flatMap(time -> network.map(from -> Measured.difference(time, from)))
                .filter(time -> !time.atLeast().isZero());
        return beyond.map(time -> new Survival(
                        Optional.of(Continuity.RESUMED),
                        "the same keys, but nothing passed inside for " + time.describe()
                                + " after the network was back"))
                .orElse(new Survival(Optional.of(Continuity.SAME_SESSION), "the same keys"));
    }

    /** Returns when new keys came into use. */
    private List<MonotonicTime> rekeys() {
        List<MonotonicTime> rekeys = new ArrayList<>();
        String session = before.stream()
                .map(TunnelChanged::session)
                .filter(text -> !text.isEmpty())
                .reduce("", (a, b) -> b);
        for (TunnelChanged change : during) {
            if (!change.session().isEmpty() && !change.session().equals(session)) {
                if (!session.isEmpty()) {
                    rekeys.add(change.at());
                }
                session = change.session();
            }
        }
        return rekeys;
    }

    private Set<String> roamed() {
        Set<String> roamed = new LinkedHashSet<>();
        List<TunnelChanged> seen = new ArrayList<>(during);
        if (!before.isEmpty()) {
            seen.add(0, before.get(before.size() - 1));
        }
        for (TunnelChanged change : seen) {
            String host = host(change.endpoint());
            if (!host.isEmpty() && !host.equals(address)) {
                roamed.add(host);
            }
        }
        return roamed;
    }

    /** Returns the address of {@code 203.0.113.10:51820} or {@code [2001:db8::1]:51820}, or of either without a port. */
    static String host(String endpoint) {
        if (endpoint.startsWith("[")) {
            return endpoint.substring(1, Math.max(1, endpoint.indexOf(']')));
        }
        int colon = endpoint.indexOf(':');
        boolean onePort = colon >= 0 && colon == endpoint.lastIndexOf(':');
        return onePort ? endpoint.substring(0, colon) : endpoint;
    }

    // ---- the first answer inside ----

    /**
     * Returns when the first probe inside was lost. Where the network lost nothing, as in a planned move, the tunnel's time
     * counts from here: a route that moves a second after the event is not the tunnel's doing.
     */
    private Optional<Measured> firstLoss() {
        return inside.stream()
                .filter(probe -> probe.lost() > 0)
                .map(probe -> new Measured(probe.lossPeriods().get(0).after(), probe.interval(), Duration.ZERO))
                .min(Comparator.comparing(Measured::value));
    }

    private static Measured later(Measured one, Optional<Measured> other) {
        return other.filter(time -> time.value().compareTo(one.value()) > 0).orElse(one);
    }

    /** Returns the time from the event to the first answer inside, of the probe that got one first. */
    private Optional<Measured> firstAnswer(Measured network) {
        MonotonicTime networkBack = window.event().middle().plus(network.value());
        return inside.stream()
                .filter(probe -> probe.lost() > 0)
                .map(probe -> firstAnswer(probe, networkBack))
                .flatMap(Optional::stream)
                .min(Comparator.comparing(Measured::value));
    }

    private Optional<Measured> firstAnswer(ProbeResult probe, MonotonicTime networkBack) {
        long firstLost = probe.lossPeriods().get(0).first();
        ProbeLog.Probe previous = null;
        for (ProbeLog.Probe sent : probes.probes(probe.probe())) {
            boolean early = sent.sequence() <= firstLost || sent.sent().compareTo(networkBack) < 0;
            boolean late = window.next()
                    .map(next -> sent.sent().compareTo(next.before()) >= 0)
                    .orElse(false);
            if (late) {
                break;
            }
            if (!early && sent.fate() == Fate.GOOD) {
                MonotonicTime notBefore =
                        previous == null || previous.fate() == Fate.GOOD ? networkBack : previous.sent();
                long low = notBefore.since(window.event().at()).toNanos();
                long value = sent.sent().since(window.event().middle()).toNanos();
                long high = sent.received()
                        .orElse(sent.sent())
                        .since(window.event().before())
                        .toNanos();
                return Optional.of(Measured.between(Math.max(0, Math.min(low, value)), value, high));
            }
            previous = sent;
        }
        return Optional.empty();
    }

    private Duration afterEvent(MonotonicTime at) {
        return at.since(window.event().middle());
    }

    private static String detail(TunnelChanged change) {
        return change.detail().isEmpty() ? "" : " (" + change.detail() + ")";
    }
}

package org.reconverge.model.check;

import static org.reconverge.model.check.Wording.plain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.reconverge.model.check.Layers.NetworkResult;
import org.reconverge.model.check.ProbeResult.Recovered;
import org.reconverge.model.history.History;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;
import org.reconverge.model.spec.SessionSpec;
import org.reconverge.model.spec.Via;

/**
 * Judges what one client saw of one convergence event.
 *
 * <p>When the host did not run (see {@link Pauses}):
 *
 * <ul>
 *   <li>A {@code PASS} stands. Recovery is bracketed by probes that were really sent, so a pause widens the accuracy and
 *       with it the upper bound, and a recovery that was in time in spite of a pause was in time.
 *   <li>A miss of the budget stands only if it is one without the paused time.
 *   <li>Loss or a move at a client that must not notice the fault stands only if no pause before its end was as long as
 *       the loss, or long enough to expire a timer.
 *   <li>A stream that did not send for longer than {@link #silenceLimit} did not watch, whatever its other probes say.
 * </ul>
 */
final class PhaseCheck {

    private final Demand demand;
    private final Window window;
    private final Duration validation;
    private final Pauses pauses;

    PhaseCheck(Demand demand, Window window, Duration validation, Pauses pauses) {
        this.demand = demand;
        this.window = window;
        this.validation = validation;
        this.pauses = pauses;
    }

    /** Judges what a client saw in a window. */
    static PhaseResult of(
            History history, ProbeLog probes, FailoverSpec spec, ClientSpec client, Window window, Demand demand) {
        List<ProbeResult> outside = new ArrayList<>();
        List<ProbeResult> inside = new ArrayList<>();
        List<Pauses.Pause> silences = new ArrayList<>();
        for (ProbeSpec probe : client.probes()) {
            String id = client.name() + "/" + probe.name();
            List<ProbeResult> results = probe.via() == Via.TUNNEL ? inside : outside;
            probes.measure(id, window, spec.validation()).ifPresent(results::add);
            silences.addAll(probes.silences(id));
        }
        Pauses pauses = new Pauses(Stream.concat(Pauses.noticed(history).stream(), silences.stream())
                .toList());
        PhaseCheck check = new PhaseCheck(demand, window, spec.validation(), pauses);
        return client.tunnel().isEmpty() && client.sessions().isEmpty()
                ? check.judge(outside)
                : check.judgeLayers(history, probes, spec, client, outside, inside);
    }

    PhaseResult judge(List<ProbeResult> probes) {
        Findings findings = new Findings();
        judgeNoticed(probes, findings);
        judge(probes, probes, demand.lossless(), findings);
        return result(findings, probes, Optional.empty());
    }

    private PhaseResult judgeLayers(
            History history,
            ProbeLog log,
            FailoverSpec spec,
            ClientSpec client,
            List<ProbeResult> outside,
            List<ProbeResult> inside) {
        List<ProbeResult> all = Stream.concat(outside.stream(), inside.stream()).toList();
        Findings findings = new Findings();
        judgeNoticed(all, findings);

        Findings network = new Findings();
        judge(outside, all, demand.lossless(), network);
        Optional<Measured> networkBack = back(outside);
        NetworkResult networkResult =
                new NetworkResult(network.verdict(), network.reasons(), outage(outside), recovery(outside));
        findings.take(network);

        Findings ofTunnel = new Findings();
        judge(inside, all, false, ofTunnel);
        Optional<TunnelResult> tunnel = client.tunnel().map(known -> {
            List<ProbeResult> under = outside.stream()
                    .filter(probe -> spec.tunnelAddress(client).equals(Optional.of(probe.address())))
                    .toList();
            return new TunnelCheck(history, log, spec, client.name(), inside, window)
                    .judge(ofTunnel, under.isEmpty() ? networkBack : back(under), this, demand);
        });
        findings.take(ofTunnel);

        List<SessionResult> sessions = new ArrayList<>();
        for (SessionSpec session : client.sessions()) {
            List<ProbeResult> beside = session.via() == Via.TUNNEL && !inside.isEmpty() ? inside : outside;
            SessionResult result = new SessionCheck(history, client.name(), session, window)
                    .judge(log.sessions(), back(beside), lastMove(beside), this, demand);
            sessions.add(result);
            if (demand.layers().isPresent()) {
                findings.take(result.verdict(), result.reasons());
            }
        }
        Phases phases = Phases.of(
                Milestones.of(history, window),
                recovery(outside),
                tunnel.flatMap(TunnelResult::share),
                sessions.stream()
                        .flatMap(session -> session.share().stream())
                        .max(Comparator.comparing(Measured::value)));
        return result(findings, all, Optional.of(new Layers(networkResult, tunnel, sessions, phases, demand.layers())));
    }

    private void judgeNoticed(List<ProbeResult> probes, Findings findings) {
        if (demand.mustNotice() && probes.stream().noneMatch(ProbeResult::noticed)) {
            findings.inconclusive("the fault did not reach this client: nothing was lost and its site did not change");
        }
    }

    private void judge(List<ProbeResult> some, List<ProbeResult> all, boolean lossless, Findings findings) {
        boolean noticed = all.stream().anyMatch(ProbeResult::noticed);
        for (ProbeResult probe : some) {
            // A client with one probe needs no name for it.
            String name =
                    all.size() == 1 ? "" : probe.probe().substring(probe.probe().indexOf('/') + 1) + " ";
            judge(probe, name, noticed, lossless, findings);
        }
    }

    private static PhaseResult result(Findings findings, List<ProbeResult> probes, Optional<Layers> layers) {
        return new PhaseResult(
                findings.verdict(),
                findings.reasons(),
                sites(probes, ProbeResult::servedBefore),
                sites(probes, ProbeResult::servedAfter),
                probes.stream().mapToInt(probe -> probe.moves().size()).max().orElse(0),
                outage(probes),
                recovery(probes),
                probes.stream().allMatch(probe -> probe.wrongSources().isEmpty()),
                probes,
                layers);
    }

    private static Optional<Measured> outage(List<ProbeResult> probes) {
        return probes.stream().map(ProbeResult::outage).max(Comparator.comparing(Measured::value));
    }

    private static Optional<Measured> recovery(List<ProbeResult> probes) {
        boolean everyLossEnded = probes.stream()
                .noneMatch(probe -> probe.lost() > 0 && probe.fullConvergence().isEmpty());
        return everyLossEnded
                ? probes.stream()
                        .flatMap(probe -> probe.fullConvergence().stream())
                        .max(Comparator.comparing(Measured::value))
                : Optional.empty();
    }

    /** Returns when a way was back: zero if it was never away, empty if it is not back or was not watched. */
    private static Optional<Measured> back(List<ProbeResult> probes) {
        if (probes.isEmpty() || probes.stream().anyMatch(probe -> probe.recovery() == Recovered.NOT_RECOVERED)) {
            return Optional.empty();
        }
        return Optional.of(recovery(probes).orElse(new Measured(Duration.ZERO, Duration.ZERO, Duration.ZERO)));
    }

    /** Returns by when a way had last led to another site than before; empty if it did not. */
    private static Optional<Duration> lastMove(List<ProbeResult> probes) {
        return probes.stream()
                .flatMap(probe -> probe.moves().stream())
                .map(move -> move.after().value().plus(move.after().above()))
                .max(Comparator.naturalOrder());
    }

    /** Judges a time that must not be over a limit; the text tells the time. */
    void judgeLimit(Measured time, Duration limit, String seen, String limitName, Findings findings) {
        if (time.surelyWithin(limit)) {
            return;
        }
        Duration paused = paused(time.atLeast());
        if (!time.surelyOver(limit)) {
            findings.inconclusive(seen + ": the " + limitName + " " + plain(limit) + " lies within the accuracy");
        } else if (time.atLeast().minus(paused).compareTo(limit) <= 0) {
            findings.inconclusive(seen + ", " + limitName + " " + plain(limit) + ", but the host did not run for "
                    + plain(paused) + " of it");
        } else {
            findings.fail(seen + " (still watched), " + limitName + " " + plain(limit));
        }
    }

    /** Judges what had not recovered when the watch ended. */
    void judgeNotRecovered(Duration watched, Duration budget, String seen, String how, Findings findings) {
        Duration atLeast = watched.minus(window.event().uncertainty());
        Duration paused = paused(atLeast);
        if (atLeast.compareTo(budget) <= 0) {
            findings.inconclusive(
                    seen + ", when the watch ended before the budget " + plain(budget) + " was used up" + how);
        } else if (atLeast.minus(paused).compareTo(budget) <= 0) {
            findings.inconclusive(seen + ", budget " + plain(budget) + ", but the host did not run for " + plain(paused)
                    + " of it" + how);
        } else {
            findings.fail(seen + " (still watched), budget " + plain(budget) + how);
        }
    }

    /** Judges one stream; TCP loses its connection with any move, so that only datagrams can be asked to lose nothing. */
    private void judge(ProbeResult probe, String name, boolean noticed, boolean lossless, Findings findings) {
        if (probe.offered() == 0) {
            findings.inconclusive(name + "sent no probe, so nothing was watched");
            return;
        }
        if (!probe.wrongSources().isEmpty()) {
            findings.fail(name + "was answered from " + String.join(" and ", probe.wrongSources()) + " instead of "
                    + probe.address());
        }
        judgeSilence(probe, name, findings);
        if (demand.unaffected() && probe.lost() > 0) {
            judgeForbiddenLoss(probe, name, "the fault must not reach this client", findings);
        } else if (lossless && probe.protocol().equals("udp") && probe.lost() > 0) {
            judgeForbiddenLoss(probe, name, "a planned move must cost nothing", findings);
        } else {
            judgeTime(probe, name, findings);
        }
        judgeMoves(probe, name, findings);
        // Where the fault did not reach the client, the site that should have taken over has no reason to.
        boolean siteMatters = !demand.mustNotice() || noticed;
        if (siteMatters && probe.recovery() != Recovered.NOT_RECOVERED) {
            demand.site()
                    .filter(site -> !probe.servedAfter().equals(Optional.of(site)))
                    .ifPresent(site -> findings.fail(name + "is served by "
                            + probe.servedAfter().orElse("no site") + " instead of " + site + demand.siteReason()));
        }
    }

    private void judgeTime(ProbeResult probe, String name, Findings findings) {
        Duration budget = demand.budget();
        switch (probe.recovery()) {
            case NOTHING_LOST -> {}
            case RECOVERED -> probe.fullConvergence().ifPresent(time -> judgeRecovered(probe, time, name, findings));
            case NOT_VALIDATED -> {
                Optional<Measured> late = probe.fullConvergence().filter(time -> time.surelyOver(budget));
                if (late.isPresent()) {
                    judgeRecovered(probe, late.get(), name, findings);
                } else {
                    findings.inconclusive(name
                            + probe.fullConvergence()
                                    .map(time -> "recovered after " + time.describe())
                                    .orElse("lost nothing")
                            + ", but then was watched for only " + plain(probe.sustained())
                            + " of the validation time " + plain(validation));
                }
            }
            case NOT_RECOVERED -> {
                String seen = name + "not recovered after " + plain(probe.watched());
                judgeNotRecovered(probe.watched(), budget, seen, "", findings);
            }
        }
    }

    private void judgeRecovered(ProbeResult probe, Measured time, String name, Findings findings) {
        Duration budget = demand.budget();
        if (time.surelyWithin(budget)) {
            return;
        }
        String seen = name + "recovered after " + time.describe();
        Duration paused = paused(time.atLeast());
        if (!time.surelyOver(budget)) {
            findings.inconclusive(seen + ": the budget " + plain(budget) + " lies within the accuracy");
        } else if (time.atLeast().minus(paused).compareTo(budget) <= 0) {
            findings.inconclusive(
                    seen + ", budget " + plain(budget) + ", but the host did not run for " + plain(paused) + " of it");
        } else {
            findings.fail(seen + " (still watched), budget " + plain(budget) + outage(probe));
        }
    }

    /** Returns how the outage differs from the time to recover, if it does: it began late, or came in parts. */
    private static String outage(ProbeResult probe) {
        LossPeriod longest = probe.lossPeriods().stream()
                .max(Comparator.comparing(period -> period.duration().value()))
                .orElseThrow();
        boolean late = longest.after().compareTo(probe.interval().multipliedBy(10)) > 0;
        int periods = probe.lossPeriods().size();
        if (periods == 1 && !late) {
            return "";
        }
        return "; out " + (periods == 1 ? "" : Wording.times(periods) + ", the longest time ") + "for "
                + longest.duration().describe() + " from " + plain(longest.after()) + " on";
    }

    private void judgeForbiddenLoss(ProbeResult probe, String name, String why, Findings findings) {
        LossPeriod last = probe.lossPeriods().get(probe.lossPeriods().size() - 1);
        Duration end = last.after().plus(last.duration().atMost());
        String seen = name + "lost " + Wording.probes(probe.lost()) + " (out for "
                + probe.outage().describe() + "), though " + why;
        Duration paused = paused(end);
        Duration lossTime = probe.interval().multipliedBy(probe.lost());
        if (paused.compareTo(lossTime) >= 0 || disturbedUntil(end)) {
            findings.inconclusive(seen + ", but the host did not run for " + plain(paused) + " until then");
        } else {
            findings.fail(seen);
        }
    }

    private void judgeMoves(ProbeResult probe, String name, Findings findings) {
        List<CatchmentMove> moves = probe.moves();
        if (demand.maxMoves().isEmpty() || moves.size() <= demand.maxMoves().getAsInt()) {
            return;
        }
        String seen = name + "moved " + Wording.times(moves.size()) + " (" + describe(moves) + "), but "
                + (demand.maxMoves().getAsInt() == 0
                        ? "no move"
                        : "at most " + demand.maxMoves().getAsInt())
                + " is accepted";
        Duration end = moves.get(moves.size() - 1).after().atMost();
        if (disturbedUntil(end)) {
            findings.inconclusive(seen + "; the host did not run for " + plain(paused(end)) + " until then");
        } else {
            findings.fail(seen);
        }
    }

    private static String describe(List<CatchmentMove> moves) {
        List<String> parts = new ArrayList<>();
        for (CatchmentMove move : moves.subList(0, Math.min(4, moves.size()))) {
            parts.add(move.from() + " → " + move.to() + " after "
                    + plain(move.after().value()));
        }
        return String.join(", ", parts) + (moves.size() > 4 ? ", …" : "");
    }

    private void judgeSilence(ProbeResult probe, String name, Findings findings) {
        Duration limit = silenceLimit(probe);
        if (probe.longestSilence().compareTo(limit) > 0) {
            findings.inconclusive(name + "sent nothing for " + plain(probe.longestSilence())
                    + ", so what happened then is not known (every " + plain(probe.interval()) + " is planned, up to "
                    + plain(limit) + " accepted)");
        }
    }

    /**
     * Returns how long a stream may be silent and still count as watching: a second (ten intervals of a slow stream), and
     * never so long that an outage over the budget could hide in it.
     */
    private Duration silenceLimit(ProbeResult probe) {
        Duration watching = max(Duration.ofSeconds(1), probe.interval().multipliedBy(10));
        Duration hiding = max(demand.budget(), probe.interval().multipliedBy(2));
        return watching.compareTo(hiding) <= 0 ? watching : hiding;
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private Duration paused(Duration untilAfterEvent) {
        return pauses.total(window.event().before(), until(untilAfterEvent));
    }

    private boolean disturbedUntil(Duration afterEvent) {
        return pauses.longest(window.event().before(), until(afterEvent)).compareTo(Pauses.DISTURBING) >= 0;
    }

    private MonotonicTime until(Duration afterEvent) {
        return window.event().at().plus(afterEvent);
    }

    private static List<String> sites(
            List<ProbeResult> probes, java.util.function.Function<ProbeResult, Optional<String>> site) {
        return List.copyOf(new LinkedHashSet<>(
                probes.stream().map(site).flatMap(Optional::stream).toList()));
    }
}

package org.reconverge.model.check;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.check.ProbeLog.Fate;
import org.reconverge.model.check.ProbeResult.Recovered;
import org.reconverge.model.history.HistoryEvent.ConnectionChanged;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.MonotonicTime;

/**
 * The probes of one stream. Confined to its {@link ProbeLog}.
 *
 * <p>What the instants of probes say about the instants of the network: a probe that was sent at {@code s} and answered at
 * {@code r} crossed the network, both ways, between {@code s} and {@code r}. So the service went away after the last good
 * probe before the loss was sent, and before the first lost one could have been answered; it came back after the last
 * lost probe was sent, and before the first good one was answered. Every accuracy here is the width of these brackets,
 * taken from the probes that were really sent (RFC 6413 §6 with each probe its own sampling interval), plus the bounds of
 * the injector.
 */
final class ProbeStream {

    private static final long NONE = Long.MIN_VALUE;
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
    private static final Duration RECENT = Duration.ofSeconds(1);

    private final String id;
    private final List<String> defects = new ArrayList<>();
    private final List<ConnectionChanged> connections = new ArrayList<>();
    private final List<String> sites = new ArrayList<>();
    private final Map<Long, List<Reply>> early = new HashMap<>();
    private final Map<Integer, Set<String>> wrongSources = new HashMap<>();

    private @Nullable ProbeStarted announced;
    private long first;
    private int count;
    private boolean broken;
    private long[] sent = new long[1024];
    private long[] received = new long[1024];
    private int[] site = new int[1024];
    private int[] surplus = new int[1024];
    private long lastHeard = NONE;

    ProbeStream(String id) {
        this.id = id;
    }

    private record Reply(long received, String site, String source) {}

    // ---- what is fed ----

    void announce(ProbeStarted started) {
        if (announced == null) {
            announced = started;
            if (count > 0) {
                defect("announced only after its first batch");
            }
        } else if (!sameStream(announced, started)) {
            defect("announced again as another stream, " + started);
        }
    }

    private static boolean sameStream(ProbeStarted a, ProbeStarted b) {
        return a.protocol().equals(b.protocol())
                && a.address().equals(b.address())
                && a.interval().equals(b.interval())
                && a.threshold().equals(b.threshold());
    }

    void sent(ProbesSent batch) {
        if (broken) {
            return;
        }
        if (count == 0) {
            first = batch.first();
        } else if (batch.first() != first + count) {
            // What the missing probes would have said is unknown, and so is every later number.
            defect("expected a batch that begins with probe " + (first + count) + ", but found " + batch.first());
            broken = true;
            return;
        }
        for (long time : batch.sentNanos()) {
            if (count > 0 && time < sent[count - 1]) {
                defect("probe " + (first + count) + " was sent before the one that precedes it");
            }
            grow();
            sent[count] = time;
            received[count] = NONE;
            count++;
            List<Reply> replies = early.remove(first + count - 1);
            if (replies != null) {
                replies.forEach(reply -> received(count - 1, reply));
            }
        }
        lastHeard = Math.max(lastHeard, sent[count - 1]);
    }

    void received(RepliesReceived batch) {
        for (int i = 0; i < batch.sequence().length; i++) {
            long sequence = batch.sequence()[i];
            Reply reply = new Reply(batch.receivedNanos()[i], batch.site()[i], batch.source());
            lastHeard = Math.max(lastHeard, reply.received());
            if (count == 0 || sequence >= first + count) {
                // The reply's line can overtake the request's.
                early.computeIfAbsent(sequence, key -> new ArrayList<>(1)).add(reply);
            } else if (sequence >= first) {
                received((int) (sequence - first), reply);
            } // else its request was sent before the trial
        }
    }

    private void received(int index, Reply reply) {
        if (reply.received() < sent[index]) {
            defect("probe " + (first + index) + " was answered before it was sent");
        }
        if (!isProbedAddress(reply.source())) {
            wrongSources.computeIfAbsent(index, key -> new LinkedHashSet<>()).add(reply.source());
        }
        if (received[index] != NONE) {
            surplus[index]++;
            if (received[index] <= reply.received()) {
                return;
            }
        }
        received[index] = reply.received();
        site[index] = siteNumber(reply.site());
    }

    void connection(ConnectionChanged change) {
        connections.add(change);
    }

    private void defect(String text) {
        // One is enough to know that the stream cannot be judged; a thousand would hide the others.
        if (defects.size() < 3) {
            defects.add(text);
        }
    }

    private void grow() {
        if (count == sent.length) {
            int length = count * 2;
            sent = Arrays.copyOf(sent, length);
            received = Arrays.copyOf(received, length);
            site = Arrays.copyOf(site, length);
            surplus = Arrays.copyOf(surplus, length);
        }
    }

    private int siteNumber(String name) {
        int number = sites.indexOf(name);
        if (number < 0) {
            sites.add(name);
            number = sites.size() - 1;
        }
        return number;
    }

    private boolean isProbedAddress(String source) {
        // Whoever asks by name may be answered from whatever address the name has.
        return announced == null
                || !LITERAL.matcher(announced.address()).matches()
                || sameAddress(source, announced.address());
    }

    /** Returns whether two texts name one address: {@code 2001:db8:a::10} and {@code 2001:DB8:A:0:0:0:0:10} do. */
    static boolean sameAddress(String a, String b) {
        if (a.equals(b)) {
            return true;
        }
        // Only literals may reach the resolver: a name would be looked up.
        if (!LITERAL.matcher(a).matches() || !LITERAL.matcher(b).matches()) {
            return false;
        }
        try {
            return InetAddress.getByName(a).equals(InetAddress.getByName(b));
        } catch (UnknownHostException e) {
            return false;
        }
    }

    // ---- what is asked ----

    String id() {
        return id;
    }

    Optional<ProbeStarted> announced() {
        return Optional.ofNullable(announced);
    }

    List<String> defects() {
        return List.copyOf(defects);
    }

    ProbeLog.Before before(ConvergenceEvent event, Duration quiet) {
        int start = indexOf(event.before().nanos() - quiet.toNanos());
        int end = firstCaughtBy(event);
        long lost = 0;
        Duration lastLost = Duration.ZERO;
        Set<String> sources = new LinkedHashSet<>();
        for (int i = start; i < end; i++) {
            if (fate(i) != Fate.GOOD) {
                lost++;
                lastLost = Duration.ofNanos(event.before().nanos() - sent[i]);
            }
            sources.addAll(wrongSources.getOrDefault(i, Set.of()));
        }
        return new ProbeLog.Before(
                Math.max(0, end - start),
                lost,
                lastLost,
                moves(start, end, event).size(),
                List.copyOf(sources));
    }

    Recovery.Stream recovery(Window window, Duration validation) {
        Run run = run(window);
        int lastGood = run.end() - 1;
        while (lastGood >= 0 && fate(lastGood) != Fate.GOOD) {
            lastGood--;
        }
        Optional<MonotonicTime> goodSince =
                run.good() > 0 ? Optional.of(new MonotonicTime(sent[run.goodFrom()])) : Optional.empty();
        return new Recovery.Stream(
                state(run, window, validation),
                goodSince,
                sustained(run, window),
                lastGood < 0 ? Optional.empty() : Optional.of(new MonotonicTime(sent[lastGood])),
                siteBefore(count),
                moved(run));
    }

    /** Returns when the reply came with which the last move was seen. */
    private Optional<MonotonicTime> moved(Run run) {
        int current = -1;
        for (int i = run.end() - 1; i >= run.start(); i--) {
            if (received[i] == NONE) {
                continue;
            }
            if (current >= 0 && site[i] != site[current]) {
                return Optional.of(new MonotonicTime(received[current]));
            }
            current = i;
        }
        int before = lastReplied(run.start());
        return current >= 0 && before >= 0 && site[before] != site[current]
                ? Optional.of(new MonotonicTime(received[current]))
                : Optional.empty();
    }

    ProbeResult measure(Window window, Duration validation) {
        ProbeStarted stream = announced;
        if (stream == null) {
            throw new IllegalStateException("the stream " + id + " was never announced");
        }
        ConvergenceEvent event = window.event();
        Run run = run(window);
        long answered = 0;
        long late = 0;
        long lost = 0;
        long duplicated = 0;
        Set<String> sources = new LinkedHashSet<>();
        for (int i = run.start(); i < run.windowEnd(); i++) {
            Fate fate = fate(i);
            answered += fate == Fate.GOOD ? 1 : 0;
            late += fate == Fate.LATE ? 1 : 0;
            lost += fate == Fate.LATE || fate == Fate.LOST ? 1 : 0;
            duplicated += surplus[i];
            sources.addAll(wrongSources.getOrDefault(i, Set.of()));
        }
        long offered = run.windowEnd() - run.start();
        Duration silence = longestSilence(run, window);
        List<LossPeriod> periods = lossPeriods(run, event);
        List<CatchmentMove> moves = moves(run.start(), run.windowEnd(), event);
        Optional<String> servedBefore = siteBefore(run.start());
        return new ProbeResult(
                id,
                stream.protocol(),
                stream.address(),
                stream.interval(),
                stream.threshold(),
                offered,
                answered,
                lost,
                late,
                offered - answered - lost,
                duplicated,
                outOfOrder(run),
                periods,
                lossOfConnectivity(lost, stream.interval(), periods, silence),
                periods.stream()
                        .map(LossPeriod::duration)
                        .max(Comparator.comparing(Measured::value))
                        .orElse(new Measured(Duration.ZERO, Duration.ZERO, silence)),
                servedBefore.flatMap(
                        site -> moves.stream().map(CatchmentMove::after).findFirst()),
                lost == 0 || run.good() == 0 ? Optional.empty() : Optional.of(fullConvergence(run, event)),
                state(run, window, validation),
                run.known() == 0 ? Duration.ZERO : sinceEvent(run.end() - 1, event),
                sustained(run, window),
                servedBefore,
                siteBefore(run.windowEnd()),
                moves,
                List.copyOf(sources),
                connectionLosses(window),
                silence);
    }

    List<ProbeLog.Probe> probes() {
        List<ProbeLog.Probe> probes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean replied = received[i] != NONE;
            probes.add(new ProbeLog.Probe(
                    first + i,
                    new MonotonicTime(sent[i]),
                    fate(i),
                    replied ? Optional.of(new MonotonicTime(received[i])) : Optional.empty(),
                    replied ? Optional.of(sites.get(site[i])) : Optional.empty()));
        }
        return probes;
    }

    List<Pauses.Pause> silences() {
        List<Pauses.Pause> silences = new ArrayList<>();
        long interval =
                announced == null ? Long.MAX_VALUE / 2 : announced.interval().toNanos();
        for (int i = 1; i < count; i++) {
            if (sent[i] - sent[i - 1] > 2 * interval) {
                silences.add(new Pauses.Pause(new MonotonicTime(sent[i - 1] + interval), new MonotonicTime(sent[i])));
            }
        }
        return silences;
    }

    // ---- how it is computed ----

    /**
     * The probes of a window by index.
     *
     * @param start the first probe that the event could have caught on its way
     * @param goodFrom the first probe of the unbroken run of good ones before {@code end}
     * @param end the end of what is known: after it, every probe of the window is undecided
     * @param windowEnd the end of the window
     */
    private record Run(int start, int goodFrom, int end, int windowEnd) {
        int good() {
            return end - goodFrom;
        }

        int known() {
            return end - start;
        }

        boolean nothingLost() {
            return goodFrom == start;
        }
    }

    private Run run(Window window) {
        int start = firstCaughtBy(window.event());
        int windowEnd = Math.max(start, window.next().map(this::firstCaughtBy).orElse(count));
        int end = windowEnd;
        while (end > start && fate(end - 1) == Fate.UNDECIDED) {
            end--;
        }
        int goodFrom = end;
        while (goodFrom > start && fate(goodFrom - 1) == Fate.GOOD) {
            goodFrom--;
        }
        return new Run(start, goodFrom, end, windowEnd);
    }

    private Recovered state(Run run, Window window, Duration validation) {
        if (run.good() == 0) {
            return Recovered.NOT_RECOVERED;
        }
        if (sustained(run, window).compareTo(validation) < 0) {
            return Recovered.NOT_VALIDATED;
        }
        return run.nothingLost() ? Recovered.NOTHING_LOST : Recovered.RECOVERED;
    }

    private Duration sustained(Run run, Window window) {
        if (run.good() == 0) {
            return Duration.ZERO;
        }
        long from = Math.max(sent[run.goodFrom()], window.event().at().nanos());
        return Duration.ofNanos(Math.max(0, sent[run.end() - 1] - from));
    }

    /** Returns the first probe that an event could have caught: one sent before it may still have been on its way. */
    private int firstCaughtBy(ConvergenceEvent event) {
        long before = event.before().nanos();
        long roundTrip = 0;
        for (int i = indexOf(before - RECENT.toNanos()); i < count && sent[i] < before; i++) {
            if (fate(i) == Fate.GOOD) {
                roundTrip = Math.max(roundTrip, received[i] - sent[i]);
            }
        }
        return indexOf(before - roundTrip);
    }

    /** Returns the first probe that was sent at or after an instant. */
    private int indexOf(long nanos) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sent[middle] < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Fate fate(int i) {
        if (received[i] != NONE) {
            return received[i] - sent[i] <= thresholdNanos() ? Fate.GOOD : Fate.LATE;
        }
        return lastHeard - sent[i] > thresholdNanos() ? Fate.LOST : Fate.UNDECIDED;
    }

    private long thresholdNanos() {
        return announced == null ? 0 : announced.threshold().toNanos();
    }

    private List<LossPeriod> lossPeriods(Run run, ConvergenceEvent event) {
        List<LossPeriod> periods = new ArrayList<>();
        for (int i = run.start(); i < run.windowEnd(); i++) {
            if (!isLost(i)) {
                continue;
            }
            int from = i;
            while (i + 1 < run.windowEnd() && isLost(i + 1)) {
                i++;
            }
            boolean ended = i + 1 < count && fate(i + 1) == Fate.GOOD;
            periods.add(new LossPeriod(
                    first + from, i + 1 - from, sinceEvent(from, event), lossDuration(from, i, ended), ended));
        }
        return periods;
    }

    private boolean isLost(int i) {
        Fate fate = fate(i);
        return fate == Fate.LOST || fate == Fate.LATE;
    }

    private Measured lossDuration(int from, int to, boolean ended) {
        long previous = from > 0 ? sent[from - 1] : sent[from];
        long next = ended ? sent[to + 1] : sent[to];
        long backAtTheLatest = ended ? received[to + 1] : sent[to];
        long low = Math.max(0, sent[to] - (sent[from] + roundTripBefore(from)));
        long high = backAtTheLatest - previous;
        // The unbiased estimate: each end in the middle of its bracket of sends.
        long value = (sent[to] - previous + next - sent[from]) / 2;
        return Measured.between(low, value, high);
    }

    private long roundTripBefore(int index) {
        for (int i = index - 1; i >= 0; i--) {
            if (fate(i) == Fate.GOOD) {
                return received[i] - sent[i];
            }
        }
        return 0;
    }

    private static Measured lossOfConnectivity(
            long lost, Duration interval, List<LossPeriod> periods, Duration silence) {
        if (lost == 0) {
            // An outage between two probes is not seen.
            return new Measured(Duration.ZERO, Duration.ZERO, silence);
        }
        Duration value = interval.multipliedBy(lost);
        Duration accuracy = interval.multipliedBy(periods.size());
        // Widened where probes were not sent on time, since lost / rate then says less than the probes themselves.
        long low = value.minus(accuracy).toNanos();
        long high = value.plus(accuracy).toNanos();
        long seenLow = 0;
        long seenHigh = 0;
        for (LossPeriod period : periods) {
            seenLow += period.duration().atLeast().toNanos();
            seenHigh += period.duration().atMost().toNanos();
        }
        return Measured.between(Math.min(low, seenLow), value.toNanos(), Math.max(high, seenHigh));
    }

    private Measured fullConvergence(Run run, ConvergenceEvent event) {
        int lastLost = run.goodFrom() - 1;
        int firstGood = run.goodFrom();
        return sinceEvent(sent[lastLost], sent[firstGood], received[firstGood], event);
    }

    private List<CatchmentMove> moves(int start, int end, ConvergenceEvent event) {
        List<CatchmentMove> moves = new ArrayList<>();
        int current = lastReplied(start);
        for (int i = start; i < end; i++) {
            if (received[i] == NONE) {
                continue;
            }
            if (current >= 0 && site[i] != site[current]) {
                moves.add(new CatchmentMove(
                        sites.get(site[current]),
                        sites.get(site[i]),
                        sinceEvent(sent[i - 1], sent[i], received[i], event)));
            }
            current = i;
        }
        return moves;
    }

    private Optional<String> siteBefore(int index) {
        int last = lastReplied(index);
        return last < 0 ? Optional.empty() : Optional.of(sites.get(site[last]));
    }

    private int lastReplied(int before) {
        int i = before - 1;
        while (i >= 0 && received[i] == NONE) {
            i--;
        }
        return i;
    }

    private long outOfOrder(Run run) {
        long outOfOrder = 0;
        long earliestLater = Long.MAX_VALUE;
        for (int i = count - 1; i >= run.start(); i--) {
            if (received[i] == NONE) {
                continue;
            }
            if (received[i] > earliestLater && i < run.windowEnd()) {
                outOfOrder++;
            }
            earliestLater = Math.min(earliestLater, received[i]);
        }
        return outOfOrder;
    }

    private Duration longestSilence(Run run, Window window) {
        long longest = 0;
        for (int i = Math.max(1, run.start()); i < run.windowEnd(); i++) {
            longest = Math.max(longest, sent[i] - sent[i - 1]);
        }
        if (window.next().isPresent()) {
            long end = window.next().get().before().nanos();
            long last = run.windowEnd() > 0
                    ? sent[run.windowEnd() - 1]
                    : window.event().before().nanos();
            longest = Math.max(longest, end - last);
        }
        return Duration.ofNanos(longest);
    }

    private List<ConnectionLoss> connectionLosses(Window window) {
        List<ConnectionLoss> losses = new ArrayList<>();
        MonotonicTime broken = null;
        for (ConnectionChanged change : connections) {
            boolean inside = change.at().compareTo(window.event().before()) >= 0
                    && window.next()
                            .map(next -> change.at().compareTo(next.before()) < 0)
                            .orElse(true);
            if (!inside) {
                continue;
            }
            if (!change.connected() && broken == null) {
                broken = change.at();
                losses.add(new ConnectionLoss(
                        change.at().since(window.event().middle()), change.reason(), Optional.empty()));
            } else if (change.connected() && broken != null) {
                ConnectionLoss loss = losses.remove(losses.size() - 1);
                losses.add(new ConnectionLoss(
                        loss.after(), loss.reason(), Optional.of(change.at().since(broken))));
                broken = null;
            }
        }
        return losses;
    }

    private Duration sinceEvent(int index, ConvergenceEvent event) {
        return Duration.ofNanos(sent[index] - event.middle().nanos());
    }

    /** Returns the time from an event to an instant that is known to lie after one reading and not after another. */
    private static Measured sinceEvent(long after, long estimate, long notAfter, ConvergenceEvent event) {
        // A consequence of the event cannot come before it, even where the brackets reach that far.
        long low = Math.max(0, after - event.at().nanos());
        long high = Math.max(low, notAfter - event.before().nanos());
        return Measured.between(low, estimate - event.middle().nanos(), high);
    }
}

package org.reconverge.model.check;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.ConnectionChanged;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.InjectionPhase.Phase;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.history.HistoryEvent.ProbesSent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.Stage;
import org.reconverge.model.history.HistoryEvent.StageEntered;
import org.reconverge.model.history.HistoryEvent.Stalled;
import org.reconverge.model.history.HistoryEvent.TrialEnded;
import org.reconverge.model.history.HistoryEvent.TrialStarted;
import org.reconverge.model.history.MonotonicTime;

/**
 * Writes the history of a trial from the truth: when the service of each client was away, and which site it reached.
 *
 * <p>Times are milliseconds, as fractions where needed, from the true convergence event. By default the trial begins 3 s
 * before it, the fault is repaired 20 s after it, and the trial ends 10 s after that. A probe is lost if it crosses the
 * network, there or back, while the service is away.
 */
public final class GoldenTrial {

    static final long EVENT = 1_000_000_000_000L;

    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Set<Phase> without = new TreeSet<>();
    private final Map<Phase, String> instead = new TreeMap<>();
    private final List<HistoryEvent> extra = new ArrayList<>();
    private String scenario = "fibre-cut";
    private int trial = 1;
    private double repair = 20_000;
    private double end = 30_000;
    private double boundsBefore = 1;
    private double boundsAfter = 1;
    private boolean ends = true;

    /** A trial of scenario {@code fibre-cut} in which nobody noticed anything. */
    public GoldenTrial() {}

    /** Adds client {@code gw-north} of home {@code berlin} with a probe {@code udp} at 100/s. */
    public GoldenTrial north(Consumer<Stream> truth) {
        return stream("gw-north/udp", "berlin", truth);
    }

    /** Adds client {@code gw-south} of home {@code frankfurt} with a probe {@code udp} at 100/s. */
    public GoldenTrial south(Consumer<Stream> truth) {
        return stream("gw-south/udp", "frankfurt", truth);
    }

    /** Adds a probe stream. */
    public GoldenTrial stream(String probe, String home, Consumer<Stream> truth) {
        Stream stream = new Stream(probe, home);
        truth.accept(stream);
        streams.put(probe, stream);
        return this;
    }

    /** Sets the trial's number. */
    public GoldenTrial number(int trial) {
        this.trial = trial;
        return this;
    }

    GoldenTrial scenario(String name) {
        this.scenario = name;
        return this;
    }

    /** Sets when the fault is taken back. */
    public GoldenTrial repairAt(double millis) {
        this.repair = millis;
        return this;
    }

    /** Sets when the trial ends. */
    public GoldenTrial endAt(double millis) {
        this.end = millis;
        return this;
    }

    /** The injector read the clock this long before and after the true event. */
    GoldenTrial injectorBounds(double before, double after) {
        this.boundsBefore = before;
        this.boundsAfter = after;
        return this;
    }

    GoldenTrial withoutPhase(Phase phase) {
        without.add(phase);
        return this;
    }

    GoldenTrial withPhase(Phase phase, String detail) {
        instead.put(phase, detail);
        return this;
    }

    GoldenTrial withoutEnd() {
        ends = false;
        return this;
    }

    GoldenTrial stalled(double until, double millis) {
        return with(new Stalled(at(until), "gw-north", Duration.ofNanos(nanos(millis))));
    }

    GoldenTrial with(HistoryEvent event) {
        extra.add(event);
        return this;
    }

    static MonotonicTime at(double millis) {
        return new MonotonicTime(EVENT + nanos(millis));
    }

    private static long nanos(double millis) {
        return Math.round(millis * 1_000_000);
    }

    /** Returns the history. */
    public History history() {
        List<HistoryEvent> events = new ArrayList<>();
        events.add(new StageEntered(at(-3000), Stage.STEADY_STATE));
        events.add(new ClockSync(at(-3000), Instant.parse("2026-11-22T13:15:00Z")));
        events.add(new StageEntered(at(0), Stage.FAULT));
        events.add(new StageEntered(at(repair), Stage.REPAIR));
        phase(events, Phase.REQUESTED, -20, -20);
        phase(events, Phase.APPLIED, -boundsBefore, boundsAfter);
        phase(events, Phase.VERIFIED, 5, 6);
        phase(events, Phase.REVERTED, repair - 1, repair + 1);
        phase(events, Phase.RESIDUE_CHECKED, repair + 5, repair + 6);
        events.addAll(extra);
        streams.values().forEach(stream -> stream.write(events, end));
        events.sort(Comparator.comparing(HistoryEvent::at));
        events.add(0, new TrialStarted(at(-3001), "run", "two-site", scenario, trial, 7));
        if (ends) {
            events.add(new TrialEnded(at(end), true, ""));
        }
        return new History(events);
    }

    private void phase(List<HistoryEvent> events, Phase phase, double before, double after) {
        if (without.contains(phase)) {
            return;
        }
        events.add(injection(phase, before, after, ""));
        if (phase == Phase.APPLIED) {
            instead.forEach((other, detail) -> events.add(injection(other, after + 1, after + 2, detail)));
        }
    }

    private static InjectionPhase injection(Phase phase, double before, double after, String detail) {
        return new InjectionPhase(at(after), at(before), "1", "link-down on transit-a:eth2", phase, detail);
    }

    /** The truth about one client's way to the service. */
    public static final class Stream {

        private final String probe;
        private final TreeMap<Double, String> sites = new TreeMap<>();
        private final TreeMap<Double, String> sources = new TreeMap<>();
        private final List<double[]> outages = new ArrayList<>();
        private final List<double[]> silences = new ArrayList<>();
        private final TreeMap<Double, Double> delays = new TreeMap<>();
        private final Set<Double> duplicates = new TreeSet<>();
        private final List<ConnectionChanged> connections = new ArrayList<>();
        private String address = "203.0.113.10";
        private String protocol = "udp";
        private int rate = 100;
        private double begin = -3000;
        private double phase;
        private double roundTrip = 0.4;
        private double until = Double.MAX_VALUE;

        Stream(String probe, String home) {
            this.probe = probe;
            sites.put(-1e9, home);
            sources.put(-1e9, address);
        }

        /** The service is away from one instant to another. */
        public Stream outage(double from, double to) {
            outages.add(new double[] {from, to});
            return this;
        }

        /** From an instant on, another site answers. */
        public Stream site(double from, String name) {
            sites.put(from, name);
            return this;
        }

        /** From an instant on, replies come from another address. */
        Stream source(double from, String source) {
            sources.put(from, source);
            return this;
        }

        Stream address(String address) {
            this.address = address;
            sources.put(-1e9, address);
            return this;
        }

        Stream protocol(String protocol) {
            this.protocol = protocol;
            return this;
        }

        Stream rate(int perSecond) {
            this.rate = perSecond;
            return this;
        }

        /** Shifts every send by a part of the interval. */
        Stream phase(double millis) {
            this.phase = millis;
            return this;
        }

        Stream roundTrip(double millis) {
            this.roundTrip = millis;
            return this;
        }

        /** The first probe that is sent at or after an instant is answered later than the others by so much. */
        Stream delayed(double at, double millis) {
            delays.put(at, millis);
            return this;
        }

        /** The first probe that is sent at or after an instant is answered twice. */
        Stream duplicated(double at) {
            duplicates.add(at);
            return this;
        }

        /** The sender does not run from one instant to another. */
        Stream silent(double from, double to) {
            silences.add(new double[] {from, to});
            return this;
        }

        Stream from(double begin) {
            this.begin = begin;
            return this;
        }

        Stream until(double end) {
            this.until = end;
            return this;
        }

        Stream connection(double at, boolean connected, String reason) {
            connections.add(new ConnectionChanged(at(at), probe, connected, reason));
            return this;
        }

        private void write(List<HistoryEvent> events, double trialEnd) {
            events.add(new ProbeStarted(
                    at(begin - 1),
                    probe,
                    probe.substring(0, probe.indexOf('/')),
                    protocol,
                    address,
                    Duration.ofNanos(1_000_000_000L / rate),
                    Duration.ofSeconds(2)));
            double interval = 1000.0 / rate;
            // Sequence numbers of a stream that has been running since long before the trial.
            long sequence = 84_000;
            List<HistoryEvent> replies = new ArrayList<>();
            TreeMap<Double, Double> pendingDelays = new TreeMap<>(delays);
            TreeSet<Double> pendingDuplicates = new TreeSet<>(duplicates);
            for (double sent = begin + phase; sent < Math.min(trialEnd, until); sent += interval) {
                double send = sent;
                if (silences.stream().anyMatch(silence -> send >= silence[0] && send < silence[1])) {
                    continue;
                }
                events.add(new ProbesSent(probe, sequence, new long[] {at(sent).nanos()}));
                double there = sent + roundTrip * 0.4;
                double back = sent + roundTrip * 0.8;
                double arrival = sent + roundTrip;
                if (!pendingDelays.isEmpty() && pendingDelays.firstKey() <= sent) {
                    arrival += pendingDelays.pollFirstEntry().getValue();
                }
                if (!isAway(there) && !isAway(back)) {
                    replies.add(reply(sequence, arrival, there));
                    if (!pendingDuplicates.isEmpty() && pendingDuplicates.first() <= sent) {
                        pendingDuplicates.pollFirst();
                        replies.add(reply(sequence, arrival + 0.1, there));
                    }
                }
                sequence++;
            }
            replies.stream()
                    .filter(reply -> reply.at().compareTo(at(trialEnd)) < 0)
                    .forEach(events::add);
            events.addAll(connections);
        }

        private boolean isAway(double at) {
            return outages.stream().anyMatch(outage -> at >= outage[0] && at < outage[1]);
        }

        private RepliesReceived reply(long sequence, double arrival, double crossing) {
            return new RepliesReceived(
                    probe,
                    new long[] {sequence},
                    new long[] {at(arrival).nanos()},
                    new String[] {sites.floorEntry(crossing).getValue()},
                    sources.floorEntry(crossing).getValue());
        }
    }
}

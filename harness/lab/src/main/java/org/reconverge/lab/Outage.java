package org.reconverge.lab;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.Demand;
import org.reconverge.model.check.EventCheck;
import org.reconverge.model.check.Milestones;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.Recovery;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.topology.Topology;

/**
 * What one client saw of one injection: watched in a running lab, or read from a history. Every number and verdict is
 * computed from the history alone.
 */
public final class Outage {

    private static final Duration POLL = Duration.ofMillis(100);

    private final FailoverSpec spec;
    private final ClientSpec client;
    private final String injection;
    private final String fault;
    private final Supplier<History> history;
    private final @Nullable Recording recording;

    private Outage(
            FailoverSpec spec,
            String client,
            String injection,
            String fault,
            Supplier<History> history,
            @Nullable Recording recording) {
        this.spec = spec;
        this.client = spec.client(client);
        this.injection = injection;
        this.fault = fault;
        this.history = history;
        this.recording = recording;
    }

    /**
     * Returns what a history shows; there is nothing to wait for then.
     *
     * @param injection the injection's id in the history
     */
    public static Outage of(History history, FailoverSpec spec, String client, String injection) {
        String fault = history.all(InjectionPhase.class).stream()
                .filter(phase -> phase.injection().equals(injection))
                .map(InjectionPhase::fault)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the history knows no injection '" + injection + "'"));
        return new Outage(spec, client, injection, fault, () -> history, null);
    }

    /** Watches a client until it has been served without loss for the validation time, far past the budget if need be. */
    static Outage watch(Lab lab, Recording recording, String client, Injection injection) {
        Outage outage = new Outage(
                lab.spec(), client, injection.id(), describe(injection, lab.topology()), recording::history, recording);
        outage.watchUntil(outage.longestWatch(lab.budget().rto()), Recovery::complete);
        return outage;
    }

    /** Names both ends of a link: who reads a failure does not have the topology at hand. */
    private static String describe(Injection injection, Topology topology) {
        String target = injection.fault().target();
        return topology.links().stream()
                .filter(link -> link.a().toString().equals(target)
                        || link.b().toString().equals(target))
                .findFirst()
                .map(link -> injection.fault().describe() + " <-> "
                        + (link.a().toString().equals(target) ? link.b() : link.a()))
                .orElse(injection.fault().describe());
    }

    /** Returns the client. */
    public ClientSpec client() {
        return client;
    }

    /** Returns what was injected, for people: {@code silent-drop on transit-a:eth2 <-> ber-edge1:eth1}. */
    public String fault() {
        return fault;
    }

    /** Returns the spec that the client was watched under. */
    public FailoverSpec spec() {
        return spec;
    }

    /** Returns the recording that it is watched in; empty if it was read from a history. */
    public Optional<Recording> recording() {
        return Optional.ofNullable(recording);
    }

    /** Returns how long to watch for a recovery within {@code budget}, so that a miss can say when it did recover. */
    public Duration longestWatch(Duration budget) {
        return budget.multipliedBy(2).plus(spec.validation());
    }

    /**
     * Keeps watching until the client's probes have recovered in some way, if the lab runs and the fault is in force.
     *
     * @param sinceEvent how long after the event to give up
     * @param enough told how the client's probes have recovered so far
     * @return whether that was enough
     */
    public boolean watchUntil(Duration sinceEvent, Predicate<Recovery> enough) {
        Recording watched = recording;
        if (watched == null) {
            return false;
        }
        History now = history.get();
        ConvergenceEvent event = EventCheck.window(now, injection)
                .filter(window -> window.next().isEmpty())
                .map(window -> window.event())
                .orElse(null);
        if (event == null) {
            return false;
        }
        Duration left = sinceEvent.minus(watched.lab().now().since(event.at()));
        if (left.isNegative() || left.isZero()) {
            return enough.test(recovery(watched, event));
        }
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL.toMillis(), TimeUnit.MILLISECONDS)
                    .atMost(left)
                    .until(() -> enough.test(recovery(watched, event)));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private Recovery recovery(Recording watched, ConvergenceEvent event) {
        return watched.probes().recovery(event, spec.validation()).of(client);
    }

    /** Judges what the client has seen so far. */
    public PhaseResult judge(Demand demand) {
        return EventCheck.judge(history.get(), spec, client.name(), injection, demand);
    }

    /** Returns what makes the injection prove nothing for the client; empty as it should be. */
    public List<String> doubts() {
        return EventCheck.doubts(history.get(), spec, client.name(), injection);
    }

    /** Returns what the routers did meanwhile, as far as the history tells. */
    public Milestones milestones() {
        if (recording != null
                && recording.lab().recording().filter(recording::equals).isPresent()) {
            recording.collectLogs();
        }
        History now = history.get();
        return EventCheck.window(now, injection)
                .map(window -> Milestones.of(now, window))
                .orElse(new Milestones(List.of()));
    }

    @Override
    public String toString() {
        return "outage of client " + client.name() + " after " + fault;
    }
}

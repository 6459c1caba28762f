package org.reconverge.junit;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.reconverge.lab.Outage;
import org.reconverge.model.check.CatchmentMove;
import org.reconverge.model.check.Demand;
import org.reconverge.model.check.Layers;
import org.reconverge.model.check.Layers.NetworkResult;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.ProbeResult;
import org.reconverge.model.check.Recovery;
import org.reconverge.model.check.SessionResult;
import org.reconverge.model.check.TunnelResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.spec.Continuity;
import org.reconverge.model.spec.Via;

/**
 * Assertions about what a client saw of an injection. Values are compared with their accuracy: an assertion passes only if
 * the worst true value does, fails only if the best one does too, and throws {@link InconclusiveError} in between, or if
 * the trial proves nothing.
 */
public class OutageAssert extends AbstractAssert<OutageAssert, Outage> {

    private static final Duration ANY_TIME = Duration.ofDays(365);

    /** Creates the assertion. */
    public OutageAssert(Outage actual) {
        super(actual, OutageAssert.class);
        if (actual != null) {
            actual.recording().flatMap(TestEvidence::of).ifPresent(evidence -> evidence.asserted(actual));
        }
    }

    /**
     * Verifies that every probe of the client succeeded again within the budget and kept succeeding for the validation time:
     * its Full Convergence Time (RFC 6412 §3.6.2), accuracy included. A client that did not notice the fault proves nothing;
     * use {@link #losesNothing()} where that is expected.
     *
     * <p>With a recovery after 355 ms ± 10 ms:
     *
     * <pre>{@code
     * assertThat(outage).isRecoveredWithin(Duration.ofSeconds(1));  // passes
     * assertThat(outage).isRecoveredWithin(Duration.ofMillis(300)); // fails
     * assertThat(outage).isRecoveredWithin(Duration.ofMillis(360)); // INCONCLUSIVE: 365 ms may be the true value
     * }</pre>
     */
    public OutageAssert isRecoveredWithin(Duration budget) {
        isNotNull();
        PhaseResult result = watch(budget);
        return conclude(result, "to be recovered within " + Messages.plain(budget), recovery(result) + phases(result));
    }

    /**
     * Verifies that the client was not without its service for so long at a stretch: its longest loss period, accuracy
     * included. Unlike {@link #isRecoveredWithin} it does not count from the event, and accepts that nothing was lost.
     *
     * <p>With an outage of 355 ms ± 10 ms:
     *
     * <pre>{@code
     * assertThat(outage).hasOutageShorterThan(Duration.ofMillis(500)); // passes
     * assertThat(outage).hasOutageShorterThan(Duration.ofMillis(300)); // fails
     * }</pre>
     */
    public OutageAssert hasOutageShorterThan(Duration limit) {
        isNotNull();
        actual.watchUntil(actual.longestWatch(limit), Recovery::complete);
        PhaseResult result = actual.judge(demand(limit, false, false, OptionalInt.empty()));
        String expected = "to be out for less than " + Messages.plain(limit);
        Optional<Measured> outage = result.outage();
        if (outage.isEmpty()) {
            throw inconclusive(expected, "it was not watched");
        }
        String found = "it was out for " + outage.get().describe();
        if (outage.get().atMost().compareTo(limit) < 0) {
            return result.recovery().isEmpty() && anyLost(result)
                    ? inconclusiveAs(expected, found + " and has not recovered")
                    : unlessDoubtful(expected);
        }
        if (outage.get().atLeast().compareTo(limit) < 0) {
            throw inconclusive(expected, found + ": the limit lies within the accuracy");
        }
        if (result.verdict() == Verdict.INCONCLUSIVE) {
            throw inconclusive(expected, found + "; " + String.join("; ", result.reasons()));
        }
        return fail(expected, found);
    }

    /**
     * Verifies that every reply came from the address that the client uses: the anycast address survives the failover, and
     * the customer's firewall never sees another one.
     *
     * <p>With probes to 203.0.113.10, answered from there:
     *
     * <pre>{@code
     * assertThat(outage).keepsSameAddress("203.0.113.10"); // passes
     * assertThat(outage).keepsSameAddress("203.0.113.11"); // fails: no probe goes there
     * }</pre>
     *
     * @param address a service address of the spec, without brackets
     */
    public OutageAssert keepsSameAddress(String address) {
        isNotNull();
        String expected = "to keep the address " + address;
        PhaseResult result = anyTime();
        List<ProbeResult> probes = result.probes().stream()
                .filter(probe -> probe.address().equals(address))
                .toList();
        if (probes.isEmpty()) {
            return fail(
                    expected,
                    "none of its probes goes there; they go to " + distinct(result, probe -> List.of(probe.address())));
        }
        Set<String> wrong = probes.stream()
                .flatMap(probe -> probe.wrongSources().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (!wrong.isEmpty()) {
            return fail(expected, "it was answered from " + String.join(" and ", wrong));
        }
        if (probes.stream().anyMatch(probe -> probe.answered() == 0)) {
            return fail(expected, "nothing has answered it since");
        }
        return unlessDoubtful(expected);
    }

    /**
     * Verifies that this site answers every probe of the client now. A catchment may move without a loss, and later than
     * the first recovery (a hanging daemon, a hold time), so it is waited for, up to the spec's {@code rto}.
     *
     * <p>With a client that moved to Frankfurt:
     *
     * <pre>{@code
     * assertThat(outage).isServedBy("frankfurt"); // passes
     * assertThat(outage).isServedBy("berlin");    // fails
     * }</pre>
     *
     * @throws IllegalArgumentException if the spec has no such site
     */
    public OutageAssert isServedBy(String site) {
        isNotNull();
        actual.spec().site(site);
        actual.watchUntil(
                actual.spec().budget().rto(),
                recovery -> recovery.complete()
                        && recovery.streams().values().stream()
                                .allMatch(stream -> stream.site().equals(Optional.of(site))));
        String expected = "to be served by " + site;
        PhaseResult result = anyTime();
        if (result.probes().stream().anyMatch(probe -> probe.recovery() == ProbeResult.Recovered.NOT_RECOVERED)) {
            return fail(expected, recovery(result));
        }
        if (!result.servedAfter().equals(List.of(site))) {
            return fail(expected, "it is served by " + String.join(" and ", result.servedAfter()));
        }
        return unlessDoubtful(expected);
    }

    /**
     * Verifies that the answering site changed no more than so often.
     *
     * <p>With a client that moved from Berlin to Frankfurt and back:
     *
     * <pre>{@code
     * assertThat(outage).movesAtMost(2); // passes
     * assertThat(outage).movesAtMost(1); // fails
     * }</pre>
     */
    public OutageAssert movesAtMost(int moves) {
        isNotNull();
        String expected = "to move " + (moves == 0 ? "never" : "at most " + times(moves));
        PhaseResult result = actual.judge(demand(ANY_TIME, false, false, OptionalInt.of(moves)));
        if (result.moves() <= moves) {
            return unlessDoubtful(expected);
        }
        List<CatchmentMove> seen = result.probes().stream()
                .map(ProbeResult::moves)
                .max(Comparator.comparingInt(List::size))
                .orElseThrow();
        String found = "it moved " + times(seen.size()) + ": "
                + seen.stream()
                        .map(move -> move.from() + " -> " + move.to() + " after "
                                + Messages.plain(move.after().value()))
                        .collect(Collectors.joining(", "));
        if (result.verdict() != Verdict.FAIL) {
            throw inconclusive(expected, found + "; " + String.join("; ", result.reasons()));
        }
        return fail(expected, found);
    }

    /**
     * Verifies that no probe of the client was lost, over the validation time at least.
     *
     * <p>With 36 probes lost:
     *
     * <pre>{@code
     * assertThat(south.outageAfter(cut)).losesNothing(); // passes: the fault is not on its way
     * assertThat(north.outageAfter(cut)).losesNothing(); // fails
     * }</pre>
     */
    public OutageAssert losesNothing() {
        isNotNull();
        actual.watchUntil(actual.longestWatch(actual.spec().budget().rto()), Recovery::complete);
        PhaseResult result = actual.judge(demand(ANY_TIME, true, false, OptionalInt.empty()));
        return conclude(
                result,
                "to lose nothing",
                "it lost "
                        + result.probes().stream().mapToLong(ProbeResult::lost).sum() + " probes, out for "
                        + result.outage().map(Measured::describe).orElse("?"));
    }

    /**
     * Verifies that every probe outside the tunnel succeeded again within the budget, whatever the tunnel did:
     * {@link #isRecoveredWithin} for the network alone.
     *
     * <p>With a network that was back after 355 ms ± 10 ms, and a tunnel that was back after 15 s:
     *
     * <pre>{@code
     * assertThat(outage).networkRecoversWithin(Duration.ofSeconds(1)); // passes
     * assertThat(outage).isRecoveredWithin(Duration.ofSeconds(1));     // fails
     * }</pre>
     */
    public OutageAssert networkRecoversWithin(Duration budget) {
        isNotNull();
        PhaseResult result = watch(budget);
        String expected = "to have its network back within " + Messages.plain(budget);
        if (result.layers().isEmpty()) {
            return conclude(result, expected, recovery(result));
        }
        NetworkResult network = result.layers().get().network();
        return concludeLayer(
                result, network.verdict(), network.reasons(), network.recovery(), expected, "it was back after ");
    }

    /**
     * Verifies that the client kept its tunnel: the same interface, inner address and peer, to which new keys are no
     * harm ({@link Continuity#RESUMED} or better), and the outer address that it sends to is still the service address.
     *
     * <p>With a tunnel that agreed on new keys:
     *
     * <pre>{@code
     * assertThat(outage).keepsSameTunnel(); // passes
     * }</pre>
     *
     * <p>With a tunnel whose daemon took its interface away and made another, or that now sends to a site's own address, it
     * fails.
     */
    public OutageAssert keepsSameTunnel() {
        isNotNull();
        String expected = "to keep the same tunnel";
        if (actual.client().tunnel().isEmpty()) {
            return fail(expected, "it has none");
        }
        actual.watchUntil(actual.longestWatch(actual.spec().budget().rto()), Recovery::complete);
        PhaseResult result = anyTime();
        TunnelResult tunnel = tunnel(result);
        if (!tunnel.roamed().isEmpty()) {
            return fail(
                    expected,
                    "it roamed to " + String.join(" and ", tunnel.roamed()) + " instead of the service address "
                            + actual.spec().tunnelAddress().orElse("?"));
        }
        if (tunnel.continuity().isEmpty()) {
            throw inconclusive(expected, tunnel.because());
        }
        Continuity continuity = tunnel.continuity().get();
        return continuity.atLeast(Continuity.RESUMED)
                ? unlessDoubtful(expected)
                : fail(
                        expected,
                        "it was " + continuity.name().toLowerCase(java.util.Locale.ROOT) + ": " + tunnel.because()
                                + (continuity == Continuity.LOST ? " (still watched)" : ""));
    }

    /**
     * Verifies that every probe inside the tunnel succeeded again within the budget, counted from the event like
     * {@link #isRecoveredWithin}, and kept succeeding for the validation time.
     *
     * <p>With a tunnel that was back after 2.40 s ± 0.02 s:
     *
     * <pre>{@code
     * assertThat(outage).tunnelRecoversWithin(Duration.ofSeconds(3)); // passes
     * assertThat(outage).tunnelRecoversWithin(Duration.ofSeconds(2)); // fails, and tells which phase used the time
     * }</pre>
     */
    public OutageAssert tunnelRecoversWithin(Duration budget) {
        isNotNull();
        String expected = "to have its tunnel back within " + Messages.plain(budget);
        if (actual.client().probes(Via.TUNNEL).isEmpty()) {
            return fail(expected, "no probe of it goes through a tunnel");
        }
        PhaseResult result = watch(budget);
        TunnelResult tunnel = tunnel(result);
        return concludeLayer(
                result, tunnel.verdict(), tunnel.reasons(), tunnel.recovery(), expected, "it was back after ");
    }

    /**
     * Verifies that every telecontrol session of the client carries values again within the budget, counted from the event:
     * STARTDT confirmed, interrogation complete, and a first spontaneous value (IEC 60870-5-104).
     *
     * <p>With sessions of which the last was restored after 1.10 s ± 0.01 s:
     *
     * <pre>{@code
     * assertThat(outage).sessionRecoversWithin(Duration.ofSeconds(2)); // passes
     * assertThat(outage).sessionRecoversWithin(Duration.ofSeconds(1)); // fails
     * }</pre>
     */
    public OutageAssert sessionRecoversWithin(Duration budget) {
        isNotNull();
        String expected = "to have its session back within " + Messages.plain(budget);
        if (actual.client().sessions().isEmpty()) {
            return fail(expected, "it has none");
        }
        PhaseResult result = watch(budget);
        OutageAssert concluded = this;
        for (SessionResult session : sessions(result)) {
            concluded = concludeLayer(
                    result,
                    session.verdict(),
                    session.reasons(),
                    session.recovery(),
                    expected,
                    session.name() + " was back after ");
        }
        return concluded;
    }

    /**
     * Verifies that no value is missing at the platform whose acknowledgement the client's controlled station has received:
     * the station need not keep it any longer, so nobody has it. Values that are received twice, and values that were never
     * acknowledged, are no loss.
     *
     * <p>With 40 values acknowledged, and each received at a site:
     *
     * <pre>{@code
     * assertThat(outage).losesNoAcknowledgedValue(); // passes
     * }</pre>
     */
    public OutageAssert losesNoAcknowledgedValue() {
        isNotNull();
        String expected = "to lose no acknowledged value";
        if (actual.client().sessions().isEmpty()) {
            return fail(expected, "it has no telecontrol session");
        }
        actual.watchUntil(actual.longestWatch(actual.spec().budget().rto()), Recovery::complete);
        List<SessionResult> sessions = sessions(anyTime());
        List<SessionResult> losing = sessions.stream()
                .filter(session -> session.values().missing() > 0)
                .toList();
        if (!losing.isEmpty()) {
            return fail(
                    expected,
                    losing.stream()
                            .map(session -> session.name() + " lost "
                                    + session.values().missing() + " of "
                                    + session.values().acknowledged())
                            .collect(Collectors.joining(" and ")));
        }
        if (sessions.stream().allMatch(session -> session.values().acknowledged() == 0)) {
            throw inconclusive(expected, "no value was acknowledged, so none could be lost");
        }
        return unlessDoubtful(expected);
    }

    private PhaseResult watch(Duration budget) {
        if (actual.watchUntil(budget, this::isNoticed)) {
            actual.watchUntil(actual.longestWatch(budget), Recovery::complete);
        }
        return actual.judge(demand(budget, false, true, OptionalInt.empty()));
    }

    private OutageAssert concludeLayer(
            PhaseResult result,
            Verdict verdict,
            List<String> reasons,
            Optional<Measured> recovery,
            String expected,
            String found) {
        if (verdict == Verdict.FAIL) {
            // A doubt about the event weighs more than what the layer seems to show.
            unlessDoubtful(expected);
            return fail(
                    expected,
                    recovery.map(time -> found + time.describe() + " (still watched)")
                                    .orElse(String.join("; ", reasons))
                            + phases(result));
        }
        if (result.probes().stream().noneMatch(ProbeResult::noticed)) {
            throw inconclusive(
                    expected, "the fault did not reach this client: nothing was lost and its site did not change");
        }
        if (verdict == Verdict.INCONCLUSIVE) {
            throw inconclusive(expected, String.join("; ", reasons));
        }
        return unlessDoubtful(expected);
    }

    private String phases(PhaseResult result) {
        return result.layers()
                .map(layers -> Messages.phases(actual, layers.phases()))
                .filter(text -> !text.isEmpty())
                .map(text -> System.lineSeparator() + text)
                .orElse("");
    }

    private static TunnelResult tunnel(PhaseResult result) {
        return result.layers().flatMap(Layers::tunnel).orElseThrow();
    }

    private static List<SessionResult> sessions(PhaseResult result) {
        return result.layers().map(Layers::sessions).orElse(List.of());
    }

    private boolean isNoticed(Recovery recovery) {
        return recovery.streams().values().stream()
                .anyMatch(stream -> stream.state() == ProbeResult.Recovered.RECOVERED
                        || stream.state() == ProbeResult.Recovered.NOT_RECOVERED
                        || !stream.site().equals(Optional.of(actual.client().home())));
    }

    private static Demand demand(Duration budget, boolean unaffected, boolean mustNotice, OptionalInt maxMoves) {
        return new Demand(budget, unaffected, mustNotice, maxMoves, Optional.empty(), "");
    }

    private PhaseResult anyTime() {
        return actual.judge(demand(ANY_TIME, false, false, OptionalInt.empty()));
    }

    private static String recovery(PhaseResult result) {
        String late = result.recovery()
                .map(time -> "it recovered after " + time.describe() + " (still watched)")
                .orElse("");
        if (!late.isEmpty()) {
            return late;
        }
        return result.probes().stream()
                .filter(probe -> probe.recovery() == ProbeResult.Recovered.NOT_RECOVERED)
                .max(Comparator.comparing(ProbeResult::watched))
                .map(probe -> "it had not recovered after " + Messages.plain(probe.watched()) + " (still watched)")
                .orElse(String.join("; ", result.reasons()));
    }

    private static boolean anyLost(PhaseResult result) {
        return result.probes().stream().anyMatch(probe -> probe.lost() > 0);
    }

    private static String distinct(PhaseResult result, java.util.function.Function<ProbeResult, List<String>> values) {
        return result.probes().stream()
                .flatMap(probe -> values.apply(probe).stream())
                .distinct()
                .collect(Collectors.joining(" and "));
    }

    private static String times(int count) {
        return count == 1 ? "once" : count == 2 ? "twice" : count + " times";
    }

    private OutageAssert conclude(PhaseResult result, String expected, String found) {
        if (result.verdict() == Verdict.INCONCLUSIVE) {
            throw inconclusive(expected, String.join("; ", result.reasons()));
        }
        return result.verdict() == Verdict.PASS ? this : fail(expected, found);
    }

    private OutageAssert unlessDoubtful(String expected) {
        List<String> doubts = actual.doubts();
        return doubts.isEmpty() ? this : inconclusiveAs(expected, String.join("; ", doubts));
    }

    private OutageAssert inconclusiveAs(String expected, String reason) {
        throw inconclusive(expected, reason);
    }

    private InconclusiveError inconclusive(String expected, String reason) {
        return new InconclusiveError(
                Messages.lines("INCONCLUSIVE: " + reason, Messages.failure(actual, expected, "that is not known")));
    }

    private OutageAssert fail(String expected, String found) {
        failWithMessage("%s", Messages.failure(actual, expected, found));
        return this;
    }
}

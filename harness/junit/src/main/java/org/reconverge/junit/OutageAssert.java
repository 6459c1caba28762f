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
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.ProbeResult;
import org.reconverge.model.check.Recovery;
import org.reconverge.model.check.Verdict;

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
        if (actual.watchUntil(budget, this::isNoticed)) {
            actual.watchUntil(actual.longestWatch(budget), Recovery::complete);
        }
        PhaseResult result = actual.judge(demand(budget, false, true, OptionalInt.empty()));
        return conclude(result, "to be recovered within " + Messages.plain(budget), recovery(result));
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

package org.reconverge.model.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.InjectionPhase.Phase;
import org.reconverge.model.history.MonotonicTime;

/**
 * When the injections of a trial took effect and were taken back, and what makes that doubtful.
 *
 * <p>Several injections in one trial count as one event, from before the first to after the last.
 *
 * @param fault the faults for people
 * @param event when they took effect; empty if one did not
 * @param reversion when they were taken back; empty if one was not
 * @param doubts what makes the trial prove nothing
 */
record InjectionTimeline(
        String fault, Optional<ConvergenceEvent> event, Optional<ConvergenceEvent> reversion, List<String> doubts) {

    static InjectionTimeline of(History history) {
        Map<String, Map<Phase, InjectionPhase>> injections = new LinkedHashMap<>();
        for (InjectionPhase phase : history.all(InjectionPhase.class)) {
            injections
                    .computeIfAbsent(phase.injection(), key -> new EnumMap<>(Phase.class))
                    .putIfAbsent(phase.phase(), phase);
        }
        List<String> doubts = new ArrayList<>();
        if (injections.isEmpty()) {
            doubts.add("no fault was injected");
        }
        injections.values().forEach(phases -> doubt(phases, doubts));
        String fault = injections.values().stream()
                .map(phases -> phases.values().iterator().next().fault())
                .collect(Collectors.joining(", "));
        return new InjectionTimeline(
                fault, span(injections, Phase.APPLIED), span(injections, Phase.REVERTED), List.copyOf(doubts));
    }

    private static void doubt(Map<Phase, InjectionPhase> phases, List<String> doubts) {
        String fault = phases.values().iterator().next().fault();
        InjectionPhase notVerified = phases.get(Phase.NOT_VERIFIED);
        InjectionPhase residue = phases.get(Phase.RESIDUE_FOUND);
        if (notVerified != null) {
            doubts.add(fault + " was not seen to bite" + detail(notVerified));
        }
        if (!phases.containsKey(Phase.APPLIED)) {
            doubts.add(fault + " was never applied");
        } else if (notVerified == null && !phases.containsKey(Phase.VERIFIED)) {
            doubts.add(fault + " was never verified, so it may have hit nothing");
        }
        if (!phases.containsKey(Phase.REVERTED)) {
            doubts.add(fault + " was never taken back");
        } else if (residue != null) {
            doubts.add(fault + " left something behind when it was taken back" + detail(residue));
        } else if (!phases.containsKey(Phase.RESIDUE_CHECKED)) {
            doubts.add(fault + " was taken back, but what it left behind was never checked");
        }
    }

    private static String detail(InjectionPhase phase) {
        return phase.detail().isEmpty() ? "" : ": " + phase.detail();
    }

    private static Optional<ConvergenceEvent> span(Map<String, Map<Phase, InjectionPhase>> injections, Phase phase) {
        MonotonicTime before = null;
        MonotonicTime at = null;
        for (Map<Phase, InjectionPhase> phases : injections.values()) {
            InjectionPhase reached = phases.get(phase);
            if (reached == null) {
                return Optional.empty();
            }
            before = before == null || reached.before().compareTo(before) < 0 ? reached.before() : before;
            at = at == null || reached.at().compareTo(at) > 0 ? reached.at() : at;
        }
        return before == null || at == null ? Optional.empty() : Optional.of(new ConvergenceEvent(before, at));
    }
}

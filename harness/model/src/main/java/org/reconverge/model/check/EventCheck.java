package org.reconverge.model.check;

import java.util.List;
import java.util.Optional;
import org.reconverge.model.history.History;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.InjectionPhase.Phase;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;

/**
 * Judges what one client saw of one injection, by demands that need not stand in the spec: a pure function of the history
 * so far. {@link TrialCheck} judges whole trials by the same rules.
 */
public final class EventCheck {

    private EventCheck() {}

    /**
     * Judges.
     *
     * @param history the history, which may still grow; it need not show the injection reverted
     * @param spec the spec that the lab runs under
     * @param client the client's name in the spec
     * @param injection the injection's id in the history
     * @param demand what is demanded
     * @return the numbers; {@code INCONCLUSIVE} if the fault was not seen to bite or the client was not steady before
     * @throws IllegalArgumentException if the history does not show the injection applied, or the spec has no such client
     */
    public static PhaseResult judge(
            History history, FailoverSpec spec, String client, String injection, Demand demand) {
        ClientSpec definition = spec.client(client);
        Window window = requireWindow(history, injection);
        ProbeLog probes = ProbeLog.of(history);
        List<String> doubts = doubts(history, probes, spec, definition, injection, window);
        PhaseResult seen = PhaseCheck.of(history, probes, spec, definition, window, demand);
        // A doubt about the event weighs more than what the client seems to show.
        return doubts.isEmpty() ? seen : seen.doubted(Verdict.INCONCLUSIVE, doubts);
    }

    /**
     * Returns what makes the injection prove nothing for a client: it was not seen to bite, or the client was not steady
     * before it. Empty as it should be.
     *
     * @throws IllegalArgumentException as {@link #judge}
     */
    public static List<String> doubts(History history, FailoverSpec spec, String client, String injection) {
        return doubts(
                history, ProbeLog.of(history), spec, spec.client(client), injection, requireWindow(history, injection));
    }

    private static List<String> doubts(
            History history, ProbeLog probes, FailoverSpec spec, ClientSpec client, String injection, Window window) {
        Findings findings = new Findings();
        history.all(InjectionPhase.class).stream()
                .filter(phase -> phase.injection().equals(injection) && phase.phase() == Phase.NOT_VERIFIED)
                .forEach(phase -> findings.inconclusive(phase.fault() + " was not seen to bite: " + phase.detail()));
        for (ProbeSpec probe : client.probes()) {
            StreamDoubts.find(probes, spec, client, probe, window, findings);
        }
        return findings.reasons();
    }

    private static Window requireWindow(History history, String injection) {
        return window(history, injection)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the history does not show that injection '" + injection + "' was applied"));
    }

    /** Returns the part of a history that an injection is measured in; empty if it was not applied. */
    public static Optional<Window> window(History history, String injection) {
        return event(history, injection, Phase.APPLIED)
                .map(event -> new Window(event, event(history, injection, Phase.REVERTED)));
    }

    private static Optional<ConvergenceEvent> event(History history, String injection, Phase phase) {
        return history.all(InjectionPhase.class).stream()
                .filter(event -> event.injection().equals(injection) && event.phase() == phase)
                .findFirst()
                .map(event -> new ConvergenceEvent(event.before(), event.at()));
    }
}

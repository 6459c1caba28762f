package org.reconverge.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.reconverge.lab.panel.PatchPanel;

/**
 * How a fault is applied, looked at and taken back: scripts for the panel's agent, and what only the engine can do.
 *
 * @param script what takes effect at once
 * @param timed what follows at set times, such as the rest of a flap; empty for most
 * @param undo what takes it back
 * @param engineApply what the engine does besides, at the same time
 * @param engineUndo what the engine does to take it back, after {@code undo}
 * @param evidence looks whether the fault bites: what was seen, or empty if it does not (yet)
 */
record FaultPlan(
        List<String> script,
        List<String> timed,
        List<String> undo,
        List<EngineAction> engineApply,
        List<EngineAction> engineUndo,
        List<Evidence> evidence) {

    /** Looks at the lab for the fault's effect. */
    @FunctionalInterface
    interface Evidence {
        /** Returns what was seen of the effect, or empty. */
        Optional<String> look();
    }

    /** Something only the engine can do. */
    @FunctionalInterface
    interface EngineAction {
        /** Does it; returns between which readings of the clock it took effect, where that is known better than by waiting for its end. */
        Optional<PatchPanel.Applied> run();
    }

    static FaultPlan of(List<String> script, List<String> undo, Evidence evidence) {
        return new FaultPlan(script, List.of(), undo, List.of(), List.of(), List.of(evidence));
    }

    FaultPlan undoneByEngine(EngineAction undo) {
        return new FaultPlan(script, timed, this.undo, engineApply, List.of(undo), evidence);
    }

    /** Joins plans into one event: every part's immediate script runs before any part's timed one. */
    static FaultPlan all(List<FaultPlan> plans) {
        List<String> script = new ArrayList<>();
        List<String> timed = new ArrayList<>();
        List<String> undo = new ArrayList<>();
        List<EngineAction> engineApply = new ArrayList<>();
        List<EngineAction> engineUndo = new ArrayList<>();
        List<Evidence> evidence = new ArrayList<>();
        for (FaultPlan plan : plans) {
            script.addAll(plan.script);
            timed.addAll(plan.timed);
            undo.addAll(plan.undo);
            engineApply.addAll(plan.engineApply);
            engineUndo.addAll(plan.engineUndo);
            evidence.addAll(plan.evidence);
        }
        return new FaultPlan(script, timed, undo, engineApply, engineUndo, evidence);
    }
}

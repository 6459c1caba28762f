package org.reconverge.lab;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.reconverge.lab.panel.PanelException;
import org.reconverge.lab.panel.PatchPanel;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.HistoryEvent.InjectionPhase.Phase;
import org.reconverge.model.history.MonotonicTime;

/**
 * Applies faults and takes them back, each phase in the history with its time:
 * {@code requested → applied → verified → reverted → residue-checked}.
 */
final class Injector {

    /** How long a fault has to show that it bites; the slowest sign is a frame on a quiet link. */
    private static final Duration VERIFICATION = Duration.ofSeconds(3);

    private final Lab lab;
    private final PatchPanel panel;
    private final LabClock clock;
    private final HistoryRecorder history;
    private final FaultPlanner planner;
    private final AtomicInteger injections = new AtomicInteger();
    private final Map<String, Injection> inForce = new LinkedHashMap<>();

    Injector(Lab lab, PatchPanel panel, DockerClient client, LabClock clock, HistoryRecorder history) {
        this.lab = lab;
        this.panel = panel;
        this.clock = clock;
        this.history = history;
        this.planner = new FaultPlanner(lab, panel, client);
        panel.onAnnouncement(this::announced);
    }

    /**
     * Applies a fault and looks whether it bites.
     *
     * @param lease after how long the panel takes it back by itself
     */
    Injection inject(Fault fault, Duration lease) {
        String id = "i" + injections.incrementAndGet();
        FaultPlan plan = planner.plan(fault, lease);
        MonotonicTime requested = clock.now();
        record(requested, requested, id, fault, Phase.REQUESTED, "undo: " + undoText(plan));
        MonotonicTime before;
        MonotonicTime after;
        String said = "";
        try {
            before = clock.now();
            if (!plan.script().isEmpty() || !plan.undo().isEmpty()) {
                List<String> script = new ArrayList<>(plan.script());
                script.addAll(plan.timed());
                PatchPanel.Applied applied = panel.inject(id, lease, text(script), text(plan.undo()));
                before = applied.before();
                said = applied.output();
                after = applied.after();
            } else {
                after = before;
            }
            if (!plan.engineApply().isEmpty()) {
                plan.engineApply().forEach(FaultPlan.EngineAction::run);
                after = clock.now();
            }
        } catch (PanelException | DockerException e) {
            throw new LabException(fault.describe() + " could not be applied: " + e.getMessage(), e);
        }
        record(after, before, id, fault, Phase.APPLIED, "");
        boolean verified = verify(id, fault, plan, said);
        Injection injection = new Injection(this, id, fault, plan, before, after, verified);
        synchronized (inForce) {
            inForce.put(id, injection);
        }
        return injection;
    }

    private boolean verify(String id, Fault fault, FaultPlan plan, String said) {
        List<String> seen = new ArrayList<>();
        if (plan.evidence().isEmpty()) {
            // The script looked by itself, and would have printed what was not hit.
            return verified(id, fault, said.isBlank(), said.isBlank() ? "both ends without carrier" : said.strip());
        }
        try {
            for (FaultPlan.Evidence evidence : plan.evidence()) {
                Awaitility.await()
                        .pollInSameThread()
                        .pollDelay(Duration.ZERO)
                        .pollInterval(20, TimeUnit.MILLISECONDS)
                        .atMost(VERIFICATION)
                        .until(() -> {
                            Optional<String> found = evidence.look();
                            found.ifPresent(seen::add);
                            return found.isPresent();
                        });
            }
        } catch (ConditionTimeoutException e) {
            return verified(
                    id, fault, false, "no effect was seen within " + VERIFICATION.toSeconds() + " s; seen: " + seen);
        }
        return verified(id, fault, true, String.join("; ", seen));
    }

    private boolean verified(String id, Fault fault, boolean verified, String detail) {
        MonotonicTime now = clock.now();
        record(now, now, id, fault, verified ? Phase.VERIFIED : Phase.NOT_VERIFIED, detail);
        return verified;
    }

    void revert(Injection injection) {
        synchronized (inForce) {
            inForce.remove(injection.id());
        }
        FaultPlan plan = injection.plan();
        List<String> failures = new ArrayList<>();
        MonotonicTime before = clock.now();
        MonotonicTime after = before;
        if (!plan.script().isEmpty() || !plan.undo().isEmpty()) {
            try {
                PatchPanel.Applied applied = panel.revert(injection.id());
                before = applied.before();
                after = applied.after();
            } catch (PanelException e) {
                failures.add(String.valueOf(e.getMessage()));
                after = clock.now();
            }
        }
        for (FaultPlan.EngineAction undo : plan.engineUndo()) {
            try {
                Optional<PatchPanel.Applied> applied = undo.run();
                before = applied.map(PatchPanel.Applied::before).orElse(before);
                after = applied.map(PatchPanel.Applied::after).orElseGet(clock::now);
            } catch (RuntimeException e) {
                failures.add(String.valueOf(e.getMessage()));
                after = clock.now();
            }
        }
        record(after, before, injection.id(), injection.fault(), Phase.REVERTED, String.join("; ", failures));
        checkResidue(injection, failures);
    }

    private void checkResidue(Injection injection, List<String> failures) {
        List<String> residue = new ArrayList<>(failures);
        synchronized (inForce) {
            // What another injection still holds is not this one's residue.
            if (inForce.isEmpty()) {
                residue.addAll(lab.residue());
            }
        }
        MonotonicTime now = clock.now();
        record(
                now,
                now,
                injection.id(),
                injection.fault(),
                residue.isEmpty() ? Phase.RESIDUE_CHECKED : Phase.RESIDUE_FOUND,
                String.join("; ", residue));
        if (!residue.isEmpty()) {
            throw new LabException(
                    injection.fault().describe() + " was reverted, but left behind: " + String.join("; ", residue));
        }
    }

    /** Takes back every fault that is still in force, the latest first. */
    void revertAll() {
        List<Injection> left;
        synchronized (inForce) {
            left = new ArrayList<>(inForce.values());
        }
        java.util.Collections.reverse(left);
        left.forEach(Injection::close);
    }

    /** Returns the faults in force, in the order of their injection. */
    List<Fault> inForce() {
        synchronized (inForce) {
            return inForce.values().stream().map(Injection::fault).toList();
        }
    }

    private void announced(String text) {
        String[] words = text.split(" ", 5);
        if (!words[0].equals("expired") && !words[0].equals("failed")) {
            return;
        }
        Injection injection;
        synchronized (inForce) {
            injection = inForce.get(words[1]);
        }
        if (injection == null) {
            return;
        }
        MonotonicTime at = new MonotonicTime(Long.parseLong(words[2]));
        record(
                at,
                at,
                injection.id(),
                injection.fault(),
                words[0].equals("expired") ? Phase.REVERTED : Phase.NOT_VERIFIED,
                words[0].equals("expired") ? "its lease ran out" : text);
    }

    private void record(MonotonicTime at, MonotonicTime before, String id, Fault fault, Phase phase, String detail) {
        history.append(new InjectionPhase(at, before, id, fault.describe(), phase, detail));
    }

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    private static String undoText(FaultPlan plan) {
        List<String> parts = new ArrayList<>(plan.undo());
        if (!plan.engineUndo().isEmpty()) {
            parts.add("by the engine");
        }
        return parts.isEmpty() ? "none; supervision brings it back" : String.join("; ", parts);
    }
}

package org.reconverge.tests;

import io.qameta.allure.Allure;
import io.qameta.allure.AllureLifecycle;
import io.qameta.allure.model.Status;
import io.qameta.allure.model.StepResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.reconverge.junit.TestListener;
import org.reconverge.junit.TestRecord;
import org.reconverge.lab.Outage;
import org.reconverge.model.check.Demand;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.PhaseResult;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.ClockSync;
import org.reconverge.model.history.HistoryEvent.InjectionPhase;
import org.reconverge.model.history.MonotonicTime;

/** Tells a test's history as steps of its Allure result, and attaches the picture, the numbers and the logs. */
public final class AllureTestListener implements TestListener {

    @Override
    public void ended(TestRecord test) {
        AllureLifecycle allure = Allure.getLifecycle();
        if (allure.getCurrentTestCase().isEmpty()) {
            return;
        }
        steps(allure, test);
        Allure.addAttachment("topology", "image/svg+xml", read(test.picture()), ".svg");
        Allure.addAttachment(
                "verdict", "application/json", read(test.directory().resolve("verdict.json")), ".json");
        if (!test.outages().isEmpty()) {
            Allure.addAttachment("outages", "text/plain", numbers(test), ".txt");
        }
        if (test.verdict() != Verdict.PASS) {
            logs(test);
        }
    }

    private static void steps(AllureLifecycle allure, TestRecord test) {
        Optional<ClockSync> clock = test.history().first(ClockSync.class);
        if (clock.isEmpty() || test.history().events().isEmpty()) {
            return;
        }
        MonotonicTime begin = test.history().events().get(0).at();
        MonotonicTime from = begin;
        String name = "steady state";
        for (InjectionPhase phase : test.history().all(InjectionPhase.class)) {
            switch (phase.phase()) {
                case REQUESTED -> {
                    step(allure, clock.get(), name, from, phase.at(), Status.PASSED);
                    from = phase.at();
                }
                case VERIFIED -> {
                    step(
                            allure,
                            clock.get(),
                            "inject " + phase.fault() + ": " + phase.detail(),
                            from,
                            phase.at(),
                            Status.PASSED);
                    from = phase.at();
                    name = "recovery";
                }
                case NOT_VERIFIED -> {
                    step(
                            allure,
                            clock.get(),
                            "inject " + phase.fault() + ": " + phase.detail(),
                            from,
                            phase.at(),
                            Status.BROKEN);
                    from = phase.at();
                    name = "recovery";
                }
                case REVERTED -> {
                    step(allure, clock.get(), name, from, phase.before(), Status.PASSED);
                    step(allure, clock.get(), "repair " + phase.fault(), phase.before(), phase.at(), Status.PASSED);
                    from = phase.at();
                    name = "back to steady state";
                }
                default -> {}
            }
        }
        HistoryEvent last = test.history().events().get(test.history().events().size() - 1);
        step(
                allure,
                clock.get(),
                name,
                from,
                last.at(),
                test.verdict() == Verdict.PASS ? Status.PASSED : Status.FAILED);
    }

    private static void step(
            AllureLifecycle allure, ClockSync clock, String name, MonotonicTime from, MonotonicTime to, Status status) {
        String id = UUID.randomUUID().toString();
        StepResult step = new StepResult().setName(name).setStatus(status);
        allure.startStep(id, step);
        allure.stopStep(id);
        // It is told afterwards, so the lifecycle's own times are of no use.
        step.setStart(wall(clock, from).toEpochMilli());
        step.setStop(wall(clock, to).toEpochMilli());
    }

    private static Instant wall(ClockSync clock, MonotonicTime time) {
        return clock.wall().plus(time.since(clock.at()));
    }

    private static String numbers(TestRecord test) {
        return test.outages().stream().map(AllureTestListener::describe).collect(Collectors.joining("\n"));
    }

    private static String describe(Outage outage) {
        PhaseResult seen =
                outage.judge(new Demand(Duration.ofDays(365), false, false, OptionalInt.empty(), Optional.empty(), ""));
        return outage + "\n  " + String.join(" and ", seen.servedBefore()) + " -> "
                + String.join(" and ", seen.servedAfter()) + ", " + seen.moves() + " moves, out for "
                + seen.outage().map(Measured::describe).orElse("?") + ", recovered after "
                + seen.recovery().map(Measured::describe).orElse("-") + "\n"
                + seen.probes().stream()
                        .map(probe -> "  " + probe.probe() + ": offered " + probe.offered() + ", lost " + probe.lost()
                                + ", late " + probe.late() + ", loss of connectivity "
                                + probe.lossOfConnectivity().describe() + "\n")
                        .collect(Collectors.joining());
    }

    /** Only the routers that did something: the rest is noise in a report, and is in the evidence. */
    private static void logs(TestRecord test) {
        TreeSet<String> involved = new TreeSet<>();
        test.outages().forEach(outage -> outage.milestones().nodes().forEach(node -> involved.add(node.node())));
        for (String node : involved) {
            Path log = test.directory().resolve("logs").resolve(node + ".log");
            if (Files.exists(log)) {
                Allure.addAttachment("log of " + node, "text/plain", read(log), ".log");
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot attach " + file, e);
        }
    }
}

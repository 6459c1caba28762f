package org.reconverge.model.check;

import static org.reconverge.model.check.Wording.plain;

import java.util.Optional;
import org.reconverge.model.history.HistoryEvent.ProbeStarted;
import org.reconverge.model.json.JsonForm;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.ProbeSpec;

/** What makes a probe stream prove nothing: it is not what the spec asks for, or was not steady before the event. */
final class StreamDoubts {

    private StreamDoubts() {}

    static void find(
            ProbeLog probes, FailoverSpec spec, ClientSpec client, ProbeSpec probe, Window window, Findings findings) {
        String id = client.name() + "/" + probe.name();
        Optional<ProbeStarted> announced = probes.announcement(id);
        if (announced.isEmpty()) {
            findings.inconclusive("there is no probe " + probe.name() + " in the history");
            return;
        }
        difference(probe, announced.get())
                .ifPresent(text ->
                        findings.inconclusive("probe " + probe.name() + " was not run as the spec says: " + text));
        for (String defect : probes.defects(id)) {
            findings.inconclusive("the telemetry of " + probe.name() + " is damaged: " + defect);
        }
        ProbeLog.Before before =
                probes.before(id, window.event(), spec.steadyState().quiet()).orElseThrow();
        findUnsteadiness(before, client.probes().size() == 1 ? "" : probe.name() + " ", probe, findings);
    }

    private static void findUnsteadiness(ProbeLog.Before before, String subject, ProbeSpec probe, Findings findings) {
        if (before.offered() == 0) {
            findings.inconclusive(subject + "sent no probe before the event, so its steady state is not known");
        }
        if (before.lost() > 0) {
            findings.inconclusive(subject + "was not steady: it lost " + Wording.probes(before.lost())
                    + " before the event, the last " + plain(before.lastLost()) + " before");
        }
        if (before.moves() > 0) {
            findings.inconclusive(subject + "was not steady: its site changed " + Wording.times(before.moves())
                    + " before the event");
        }
        if (!before.wrongSources().isEmpty()) {
            findings.inconclusive(subject + "was answered from " + String.join(" and ", before.wrongSources())
                    + " instead of " + probe.address() + " even before the event");
        }
    }

    private static Optional<String> difference(ProbeSpec spec, ProbeStarted announced) {
        if (!ProbeStream.sameAddress(spec.address(), announced.address())) {
            return Optional.of("sent to " + announced.address() + " instead of " + spec.address());
        }
        if (!JsonForm.kebabCase(spec.type().name()).equals(announced.protocol())) {
            return Optional.of("sent by " + announced.protocol() + " instead of "
                    + JsonForm.kebabCase(spec.type().name()));
        }
        if (!spec.rate().interval().equals(announced.interval())) {
            return Optional.of("sent every " + plain(announced.interval()) + " instead of every "
                    + plain(spec.rate().interval()));
        }
        if (!spec.threshold().equals(announced.threshold())) {
            return Optional.of("threshold " + plain(announced.threshold()) + " instead of " + plain(spec.threshold()));
        }
        return Optional.empty();
    }
}

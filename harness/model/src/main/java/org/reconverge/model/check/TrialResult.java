package org.reconverge.model.check;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a trial shows: computed from its history and the spec, and from nothing else.
 *
 * @param scenario the scenario's name
 * @param fault the fault for people, such as {@code link-down on transit-a:eth2}
 * @param trial the trial's number within the scenario, from 1; 0 if its history does not say
 * @param seed the seed of its random choices; 0 if its history does not say
 * @param started when it started by the wall clock; empty if its history does not say
 * @param verdict the worst over the clients; at most {@code INCONCLUSIVE} if the trial itself proves nothing
 * @param reasons why it is not {@code PASS}, for people; those of a client begin with its name
 * @param notes what is worth knowing and does not change the verdict, such as a step of the wall clock
 * @param validation the sustained convergence validation time that was asked for (RFC 6412 §3.7.5)
 * @param event when the fault took effect; empty if it did not
 * @param reversion when it was taken back; empty if it was not
 * @param clients the clients, in the order of the spec
 * @param eventMilestones what the routers did after the event; empty if there was none
 * @param reversionMilestones what the routers did after the reversion; empty if there was none
 * @param emulators what the processes of the clients and of the service used after the event; empty if there was none
 */
public record TrialResult(
        String scenario,
        String fault,
        int trial,
        long seed,
        Optional<Instant> started,
        Verdict verdict,
        List<String> reasons,
        List<String> notes,
        Duration validation,
        Optional<ConvergenceEvent> event,
        Optional<ConvergenceEvent> reversion,
        List<ClientResult> clients,
        Optional<Milestones> eventMilestones,
        Optional<Milestones> reversionMilestones,
        List<EmulatorUse> emulators) {

    /** Copies the lists, so that a result never changes. */
    public TrialResult {
        reasons = List.copyOf(reasons);
        notes = List.copyOf(notes);
        clients = List.copyOf(clients);
        emulators = List.copyOf(emulators);
    }

    /** Returns the result of one client. */
    public Optional<ClientResult> client(String name) {
        return clients.stream().filter(client -> client.client().equals(name)).findFirst();
    }
}

package org.reconverge.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.history.HistoryEvent;
import org.reconverge.model.history.HistoryEvent.RepliesReceived;
import org.reconverge.model.history.HistoryEvent.TunnelChanged;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.Outcome;
import org.reconverge.model.spec.TunnelSpec;
import org.reconverge.model.spec.Via;

/**
 * Tells whether the WireGuard tunnels of controls are at rest. A control passes because it comes back late; two things
 * (WireGuard's whitepaper, §6) can bring it back early by chance, which says nothing about the design:
 *
 * <ul>
 *   <li>A site that was left by an earlier move asks for new keys every 5 s for 90 s (REKEY_ATTEMPT_TIME), and again
 *       whenever it has something to send, as TCP has that repeats the end of a connection for minutes. If the route
 *       returns to it, it has its client at once: seen after 2 s, 116 s after the move. Only a new lab has none of this.
 *   <li>Keys are renewed when they are 120 s old (REKEY_AFTER_TIME), at whichever site.
 * </ul>
 */
final class WireGuardRest {

    private static final Duration REKEY_AFTER_TIME = Duration.ofSeconds(120);

    /** Older keys are used no more: the next packet asks for new ones, and there is no renewal left to meet. */
    private static final Duration REJECT_AFTER_TIME = Duration.ofSeconds(180);

    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Map<String, Control> controls = new LinkedHashMap<>();
    private final Map<String, Control> byProbe = new LinkedHashMap<>();

    private static final class Control {

        private final String client;
        private final Duration mustMiss;
        private final Map<String, String> sites = new LinkedHashMap<>();
        private boolean moved;
        private @Nullable MonotonicTime renewed;
        private String session = "";

        Control(String client, Duration mustMiss) {
            this.client = client;
            this.mustMiss = mustMiss;
        }
    }

    WireGuardRest(FailoverSpec spec) {
        for (ClientSpec client : spec.clients().values()) {
            if (client.tunnel()
                    .map(TunnelSpec::type)
                    .filter(TunnelSpec.Type.WIREGUARD::equals)
                    .isEmpty()) {
                continue;
            }
            spec.scenarios().values().stream()
                    .map(scenario -> scenario.expect().get(client.name()))
                    .filter(Objects::nonNull)
                    .filter(expect -> expect.outcome() == Outcome.MISSES)
                    .map(expect -> expect.within().orElse(spec.budget().rto()))
                    .max(Duration::compareTo)
                    .ifPresent(mustMiss -> {
                        Control control = new Control(client.name(), mustMiss);
                        controls.put(client.name(), control);
                        client.probes(Via.NETWORK)
                                .forEach(probe -> byProbe.put(client.name() + "/" + probe.name(), control));
                    });
        }
    }

    /** Takes in what happens in the lab, from its start. */
    synchronized void accept(HistoryEvent event) {
        if (event instanceof RepliesReceived replies) {
            Control control = byProbe.get(replies.probe());
            if (control != null) {
                for (int i = 0; i < replies.site().length; i++) {
                    String before = control.sites.put(replies.probe(), replies.site()[i]);
                    // Before there are keys there is nothing to ask for: a lab that converges may move.
                    control.moved |= before != null && !before.equals(replies.site()[i]) && control.renewed != null;
                }
            }
        } else if (event instanceof TunnelChanged change && change.side().equals(TunnelChanged.CLIENT)) {
            Control control = controls.get(change.client());
            if (control != null
                    && change.state() == TunnelChanged.State.UP
                    && !change.session().equals(control.session)) {
                control.session = change.session();
                control.renewed = change.at();
            }
        }
    }

    /** Returns why nothing can be learned from controls in this lab any more; empty if it can. */
    synchronized Optional<String> aftermath() {
        List<String> moved = controls.values().stream()
                .filter(control -> control.moved)
                .map(control -> control.client)
                .toList();
        return moved.isEmpty()
                ? Optional.empty()
                : Optional.of("the WireGuard of " + String.join(" and ", moved)
                        + " has moved in this lab: the site that was left asks for its client for minutes, and would have"
                        + " it back at once");
    }

    /** Returns which tunnels are about to renew their keys; empty if none is. */
    synchronized List<String> missing(MonotonicTime now) {
        List<String> missing = new ArrayList<>();
        for (Control control : controls.values()) {
            MonotonicTime renewed = control.renewed;
            if (renewed != null) {
                Duration age = now.since(renewed);
                Duration rest = REKEY_AFTER_TIME.minus(age);
                if (rest.compareTo(control.mustMiss.plus(MARGIN)) < 0 && age.compareTo(REJECT_AFTER_TIME) < 0) {
                    missing.add("control " + control.client + ": WireGuard renews its keys in "
                            + Math.max(0, rest.toSeconds()) + " s, less than the "
                            + control.mustMiss.toSeconds() + " s that it must miss");
                }
            }
        }
        return missing;
    }
}

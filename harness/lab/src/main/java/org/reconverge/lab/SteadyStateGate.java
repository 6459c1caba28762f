package org.reconverge.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.reconverge.model.check.ConvergenceEvent;
import org.reconverge.model.check.ProbeLog;
import org.reconverge.model.check.ProbeResult;
import org.reconverge.model.check.Recovery;
import org.reconverge.model.check.Window;
import org.reconverge.model.history.HistoryEvent.RouteChanged;
import org.reconverge.model.history.MonotonicTime;
import org.reconverge.model.spec.ClientSpec;
import org.reconverge.model.spec.FailoverSpec;
import org.reconverge.model.spec.SteadyState;
import org.reconverge.model.spec.Via;

/**
 * Waits for steady state, which is a condition and not a time: every configured BGP session Established, every BFD
 * session up, no route changed for the quiet time, every client served by its home site without loss for as long, and the
 * tunnels of controls at rest.
 */
final class SteadyStateGate {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(10);

    /**
     * How often routers are asked while clients are not home yet. Each question costs the router two processes, which its
     * daemons wait for: at 0.5 s, half of a core of a lab with eight routers. Clients that come home are a reason to ask at
     * once.
     */
    private static final Duration SESSIONS_POLL_AWAY = Duration.ofSeconds(2);

    /** How often routers with sessions that are down are asked when clients are home. */
    private static final Duration SESSIONS_POLL_HOME = Duration.ofMillis(250);

    /**
     * How long before the end of the quiet time every session is looked at once more: one that was up at its last look may
     * have gone since. Looking takes a part of a second, which the quiet time need not wait for.
     */
    private static final Duration LAST_LOOK = Duration.ofMillis(400);

    /** So many separate losses, in so long, are no outage. */
    private static final int SCATTERED = 5;

    private static final Duration SCATTERED_IN = Duration.ofSeconds(5);

    private static final int LOG_LINES = 6;

    private final Lab lab;
    private final List<RouterSessions> routers;
    private final WireGuardRest wireGuard;
    private volatile @Nullable MonotonicTime lastRouteChange;
    private volatile String lastRoute = "";

    SteadyStateGate(Lab lab, HistoryRecorder history) {
        this.lab = lab;
        this.routers = lab.nodes().stream()
                .parallel()
                .map(RouterSessions::new)
                .filter(RouterSessions::isRouter)
                .toList();
        this.wireGuard = new WireGuardRest(lab.spec());
        history.listen(event -> {
            wireGuard.accept(event);
            if (event instanceof RouteChanged change) {
                lastRouteChange = change.at();
                lastRoute = change.node() + ": " + (change.deleted() ? "deleted " : "") + change.route();
            }
        });
    }

    /**
     * Waits.
     *
     * @throws LabException on time-out; the message names what was missing, with reasons
     */
    void await(ProgressListener progress) {
        aftermath().ifPresent(reason -> {
            throw new SteadyStateException(reason);
        });
        SteadyState condition = lab.spec().steadyState();
        Attempt attempt = new Attempt(condition, progress);
        try (HistoryRecorder.Listener listener = lab.listen(attempt.log::add)) {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval((polls, previous) -> attempt.untilNextLook())
                    .atMost(condition.timeout())
                    .until(attempt::isReached);
        } catch (ConditionTimeoutException e) {
            throw new SteadyStateException(attempt.explain(), e);
        }
    }

    /** Returns what an earlier event has left in this lab that may decide later ones; empty if nothing is known. */
    Optional<String> aftermath() {
        return wireGuard.aftermath();
    }

    /** Returns every session of the routers as negotiated. */
    List<Peering> peerings() {
        return routers.stream().flatMap(router -> router.peerings().stream()).toList();
    }

    /** Returns what the routers say is wrong with them: sessions that are down, and configuration that FRR has lost. */
    List<String> complaints() {
        return routers.stream()
                .flatMap(router -> Stream.concat(
                        router.read().down().stream().map(down -> router.node().name() + ": " + router.explain(down)),
                        lost(router)))
                .toList();
    }

    private static Stream<String> lost(RouterSessions router) {
        return router.lost().stream()
                .map(line -> router.node().name() + ": FRR has lost '" + line + "' of its frr.conf");
    }

    private final class Attempt {

        private final SteadyState condition;
        private final ProgressListener progress;
        private final ProbeLog log = new ProbeLog();
        private final MonotonicTime started = lab.now();
        private final Map<RouterSessions, RouterSessions.State> states = new LinkedHashMap<>();
        private boolean home;
        private List<String> missing = List.of("nothing was looked at");
        private final List<String> tunnelsMissing = new ArrayList<>();
        private MonotonicTime sessionsRead = started;
        private @Nullable MonotonicTime allSessionsRead;
        /** How much of the quiet time is left, if nothing else is missing. */
        private Duration left = Duration.ZERO;

        private int waits;
        private boolean sessionsReported;

        Attempt(SteadyState condition, ProgressListener progress) {
            this.condition = condition;
            this.progress = progress;
        }

        boolean isReached() {
            requireEmulators();
            missing = whatIsMissing();
            Duration age = lab.now().since(sessionsRead);
            if (states.isEmpty() && home || age.compareTo(home ? SESSIONS_POLL_HOME : SESSIONS_POLL_AWAY) >= 0) {
                readSessions(false);
                missing = whatIsMissing();
            }
            if (missing.size() == waits && left.compareTo(LAST_LOOK) <= 0 && !isLooked()) {
                readSessions(true);
                missing = whatIsMissing();
            }
            if (sessionsReported) {
                progress.progress(
                        "steady state", missing.isEmpty() ? "" : missing.get(0), missing.isEmpty() ? 1 : 0, 1);
            }
            return missing.isEmpty() && isLooked();
        }

        /** Returns how long to wait: to the end of the quiet time, if that is all that is missing and it is near. */
        Duration untilNextLook() {
            boolean isNear = missing.size() == waits && left.compareTo(POLL) < 0;
            return isNear && left.compareTo(SHORTEST_POLL) > 0 ? left : isNear ? SHORTEST_POLL : POLL;
        }

        /** Returns whether every session has been looked at just now. */
        private boolean isLooked() {
            MonotonicTime all = allSessionsRead;
            return all != null && lab.now().since(all).compareTo(LAST_LOOK.multipliedBy(2)) < 0;
        }

        private List<String> whatIsMissing() {
            MonotonicTime now = lab.now();
            left = Duration.ZERO;
            waits = 0;
            List<String> found = new ArrayList<>();
            List<String> innerSessions = new ArrayList<>();
            if (states.size() < routers.size()) {
                found.add("the routers have not been asked for their sessions");
            }
            states.forEach((router, state) -> state.down()
                    .forEach(down -> (FailoverSpec.isInner(down.peer()) ? innerSessions : found)
                            .add(router.node().name() + ": " + down)));
            clients(now, found);
            // Routing inside tunnels has to wait for them.
            tunnelsMissing.addAll(innerSessions);
            MonotonicTime changed = lastRouteChange;
            if (changed != null && now.since(changed).compareTo(condition.quiet()) < 0) {
                waitFor(now.since(changed));
                found.add("routes changed " + now.since(changed).toMillis() + " ms ago (" + lastRoute + ")");
            }
            // All sessions are up and all clients at home. A tunnel takes a while to look for a site, and a trial waits
            // until the tunnel and the network have both been quiet for the whole time.
            if (found.size() == waits
                    && left.compareTo(condition.quiet().multipliedBy(3).dividedBy(4)) <= 0) {
                lab.startClientTunnels();
            }
            found.addAll(tunnelsMissing);
            if (found.isEmpty()) {
                found.addAll(wireGuard.missing(now));
            }
            return found;
        }

        private void waitFor(Duration since) {
            Duration rest = condition.quiet().minus(since);
            left = rest.compareTo(left) > 0 ? rest : left;
            waits++;
        }

        private void readSessions(boolean again) {
            Map<RouterSessions, RouterSessions.State> read = routers.parallelStream()
                    .filter(router -> {
                        RouterSessions.State known = states.get(router);
                        return again || known == null || !known.down().isEmpty();
                    })
                    .collect(Collectors.toMap(Function.identity(), RouterSessions::read));
            routers.forEach(
                    router -> Optional.ofNullable(read.get(router)).ifPresent(state -> states.put(router, state)));
            states.replaceAll(this::withoutShutAtTheOtherEnd);
            sessionsRead = lab.now();
            if (again) {
                allSessionsRead = sessionsRead;
            }
            int total = states.values().stream()
                    .mapToInt(RouterSessions.State::sessions)
                    .sum();
            long down = states.values().stream()
                    .flatMap(state -> state.down().stream())
                    .filter(one -> one.protocol().equals("BGP"))
                    .count();
            if (down > 0 || !sessionsReported) {
                progress.progress("BGP sessions", "", total - (int) down, total);
                sessionsReported = down == 0;
            }
        }

        /** A session that the other end has shut down on purpose is not missing. */
        private RouterSessions.State withoutShutAtTheOtherEnd(RouterSessions router, RouterSessions.State state) {
            return new RouterSessions.State(
                    state.sessions(),
                    state.down().stream()
                            .filter(down -> !down.protocol().equals("BGP") || !isShutAtTheOtherEnd(router, down.peer()))
                            .toList(),
                    state.shut());
        }

        private boolean isShutAtTheOtherEnd(RouterSessions router, String peer) {
            return states.entrySet().stream()
                    .filter(other -> !other.getValue().shut().isEmpty())
                    .anyMatch(other -> other.getKey().owns(peer)
                            && other.getValue().shut().stream().anyMatch(router::owns));
        }

        private void clients(MonotonicTime now, List<String> found) {
            Recovery recovery = log.recovery(new ConvergenceEvent(started, started), condition.quiet());
            boolean allHome = true;
            tunnelsMissing.clear();
            for (ClientSpec client : lab.spec().clients().values()) {
                for (var probe : client.probes()) {
                    String id = client.name() + "/" + probe.name();
                    Recovery.Stream stream = recovery.streams().get(id);
                    boolean isInside = probe.via() == Via.TUNNEL || FailoverSpec.isInner(probe.address());
                    List<String> problems = isInside ? tunnelsMissing : found;
                    if (stream == null) {
                        problems.add("probe " + id + " has not started");
                        allHome &= isInside;
                    } else if (!stream.site().equals(Optional.of(client.home()))) {
                        problems.add("probe " + id + " is served by "
                                + stream.site().orElse("no site") + ", not by " + client.home());
                        allHome &= isInside;
                    } else if (moves(id, now) > 1) {
                        stream.moved().map(now::since).ifPresent(this::waitFor);
                        problems.add("probe " + id + " changed its site " + moves(id, now) + " times in the last "
                                + condition.quiet().toMillis() + " ms");
                    } else if (!stream.complete()) {
                        waitFor(stream.sustained());
                        problems.add("probe " + id + " has succeeded for "
                                + stream.sustained().toMillis() + " ms only");
                    } else {
                        stream.moved()
                                .map(now::since)
                                .filter(since -> since.compareTo(condition.quiet()) < 0)
                                .ifPresent(since -> {
                                    waitFor(since);
                                    problems.add("probe " + id + " came home " + since.toMillis() + " ms ago");
                                });
                    }
                }
            }
            home = allHome;
        }

        private int moves(String probe, MonotonicTime now) {
            return seenSince(probe, now, condition.quiet())
                    .map(seen -> seen.moves().size())
                    .orElse(0);
        }

        private Optional<ProbeResult> seenSince(String probe, MonotonicTime now, Duration before) {
            MonotonicTime begin = new MonotonicTime(now.nanos() - before.toNanos());
            Window window = new Window(new ConvergenceEvent(begin, begin), Optional.empty());
            return log.measure(probe, window, condition.quiet());
        }

        /** Names balancing over both sites, which looks like a healthy platform to everyone but its customers. */
        private List<String> balancing() {
            MonotonicTime now = lab.now();
            Recovery recovery = log.recovery(new ConvergenceEvent(started, started), condition.quiet());
            List<String> found = new ArrayList<>();
            for (ClientSpec client : lab.spec().clients().values()) {
                List<String> ids = client.probes().stream()
                        .map(probe -> client.name() + "/" + probe.name())
                        .toList();
                Set<String> sites = ids.stream()
                        .flatMap(id -> Optional.ofNullable(recovery.streams().get(id)).stream())
                        .flatMap(stream -> stream.site().stream())
                        .collect(Collectors.toCollection(TreeSet::new));
                if (ids.stream().anyMatch(id -> moves(id, now) > 2)) {
                    found.add(
                            "client " + client.name()
                                    + ": packets of one stream reach one site and another in turn, as "
                                    + "per-packet balancing over equal-cost paths does; no tunnel and no connection survives it");
                } else if (sites.size() > 1) {
                    found.add("client " + client.name() + ": its streams are spread over "
                            + String.join(" and ", sites)
                            + ", as balancing by flow over equal-cost paths does; its tunnels "
                            + "land where their ports say, and move whenever the set of paths changes");
                }
                found.addAll(torn(client, now));
            }
            return found;
        }

        /** Names tunnels of which a site answers some packets and not others: no outage, but no tunnel either. */
        private List<String> torn(ClientSpec client, MonotonicTime now) {
            return client.probes().stream()
                    .filter(probe -> probe.via() == Via.TUNNEL)
                    .map(probe -> seenSince(client.name() + "/" + probe.name(), now, SCATTERED_IN))
                    .flatMap(Optional::stream)
                    .filter(seen -> seen.lossPeriods().size() >= SCATTERED && seen.answered() >= SCATTERED)
                    .map(
                            seen -> "client " + client.name() + ": its tunnel is up and lost " + seen.lost()
                                    + " of the last "
                                    + (seen.answered() + seen.lost()) + " packets at "
                                    + seen.lossPeriods().size()
                                    + " times, as per-packet balancing over equal-cost paths does: the other site has no keys for them")
                    .toList();
        }

        /** An emulator that ended will not come back by itself: there is nothing to wait for. */
        private void requireEmulators() {
            List<String> ended = lab.emulatorsEnded();
            if (!ended.isEmpty()) {
                throw new LabException(String.join(System.lineSeparator(), ended));
            }
        }

        String explain() {
            StringBuilder text = new StringBuilder(
                    "steady state was not reached within " + condition.timeout().toSeconds() + " s. Missing:");
            missing.forEach(
                    one -> text.append(System.lineSeparator()).append("  ").append(one));
            balancing()
                    .forEach(one ->
                            text.append(System.lineSeparator()).append("  ").append(one));
            routers.stream()
                    .flatMap(SteadyStateGate::lost)
                    .forEach(line ->
                            text.append(System.lineSeparator()).append("  ").append(line));
            states.forEach((router, state) -> {
                if (!state.down().isEmpty()) {
                    state.down()
                            .forEach(down -> text.append(System.lineSeparator())
                                    .append("  ")
                                    .append(router.node().name())
                                    .append(": ")
                                    .append(router.explain(down)));
                    text.append(System.lineSeparator())
                            .append("  the end of the log of ")
                            .append(router.node().name())
                            .append(':');
                    ContainerLog.tail(lab.engine().client(), router.node().container(), 200).stream()
                            .filter(line -> state.down().stream().anyMatch(down -> line.contains(down.peer()))
                                    || line.matches("(?i).*(error|fail|notif|unknown command|refused).*"))
                            .collect(Collectors.collectingAndThen(
                                    Collectors.toList(),
                                    lines -> lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())))
                            .forEach(line -> text.append(System.lineSeparator())
                                    .append("    ")
                                    .append(line));
                }
            });
            return text.toString();
        }
    }
}

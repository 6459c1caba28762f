package org.reconverge.model.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.Layers.NetworkResult;
import org.reconverge.model.spec.Continuity;

/**
 * One layer of a client over all trials of a scenario.
 *
 * @param layer {@code network}, {@code tunnel}, or the name of the sessions' probe
 * @param state what became of it at worst, such as {@code resumed} or {@code 3 of 1000 down}; of the network, when a router
 *     noticed at the latest, such as {@code detected in 12 ms}, if one did
 * @param outage the longest outage of each trial; empty for sessions, and if nothing measured it
 * @param recovery from the event until it was back, of each trial in which it was away; empty if there was none
 * @param share what of {@code recovery} the layer itself took, after the one below was back
 * @param budget the most that {@code share} may be; empty if it may be any
 * @param rpo the recovery point: values that were acknowledged and then lost; of sessions
 * @param reversion the worst verdict of the reversions; empty if no fault was taken back
 * @param verdict the worst of the trials, event and reversion
 */
public record LayerRow(
        String layer,
        String state,
        Optional<Spread> outage,
        Optional<Spread> recovery,
        Optional<Spread> share,
        Optional<Duration> budget,
        OptionalLong rpo,
        Optional<Verdict> reversion,
        Verdict verdict) {

    static Optional<List<LayerRow>> of(List<ClientResult> results) {
        List<Layers> events = layers(results, ClientResult::event);
        List<Layers> reversions = layers(results, ClientResult::reversion);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        List<LayerRow> rows = new ArrayList<>();
        rows.add(network(events, reversions));
        if (events.stream().anyMatch(layers -> layers.tunnel().isPresent())) {
            rows.add(tunnel(events, reversions));
        }
        events.stream()
                .flatMap(layers -> layers.sessions().stream())
                .map(SessionResult::name)
                .distinct()
                .forEach(name -> rows.add(session(name, events, reversions)));
        return Optional.of(rows);
    }

    private static List<Layers> layers(
            List<ClientResult> results, Function<ClientResult, Optional<PhaseResult>> phase) {
        return results.stream()
                .flatMap(result -> phase.apply(result).stream())
                .flatMap(seen -> seen.layers().stream())
                .toList();
    }

    private static LayerRow network(List<Layers> events, List<Layers> reversions) {
        List<NetworkResult> seen = events.stream().map(Layers::network).toList();
        return row(
                "network",
                events.stream()
                        .flatMap(layers -> layers.phases().detect().stream())
                        .max(Comparator.naturalOrder())
                        .map(time -> "detected in " + Wording.plain(time))
                        .orElse(""),
                seen.stream().map(NetworkResult::outage),
                seen.stream().map(NetworkResult::recovery),
                Stream.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                seen.stream().map(NetworkResult::verdict),
                reversions.stream().map(Layers::network).map(NetworkResult::verdict));
    }

    private static LayerRow tunnel(List<Layers> events, List<Layers> reversions) {
        List<TunnelResult> seen =
                events.stream().flatMap(layers -> layers.tunnel().stream()).toList();
        boolean unknown = seen.stream().anyMatch(tunnel -> tunnel.continuity().isEmpty());
        Optional<Continuity> worst =
                seen.stream().flatMap(tunnel -> tunnel.continuity().stream()).max(Comparator.naturalOrder());
        boolean roamed = seen.stream().anyMatch(tunnel -> !tunnel.roamed().isEmpty());
        String state = worst.map(Wording::lowerCase).orElse("not observed")
                + (worst.isPresent() && unknown ? " or not observed" : "")
                + (roamed ? ", roamed" : "");
        return row(
                "tunnel",
                state,
                seen.stream().map(TunnelResult::outage),
                seen.stream().map(TunnelResult::recovery),
                seen.stream().map(TunnelResult::share),
                budget(events, LayerDemand::tunnelShare),
                OptionalLong.empty(),
                seen.stream().map(TunnelResult::verdict),
                reversions.stream().flatMap(layers -> layers.tunnel().stream()).map(TunnelResult::verdict));
    }

    private static LayerRow session(String name, List<Layers> events, List<Layers> reversions) {
        List<SessionResult> seen = sessions(name, events);
        SessionResult worst = seen.stream()
                .max(Comparator.comparing(SessionResult::down).thenComparing(SessionResult::restored))
                .orElseThrow();
        return row(
                name,
                state(worst),
                Stream.empty(),
                seen.stream().map(SessionResult::recovery),
                seen.stream().map(SessionResult::share),
                budget(events, LayerDemand::sessionShare),
                OptionalLong.of(seen.stream()
                        .mapToLong(session -> session.values().missing())
                        .sum()),
                seen.stream().map(SessionResult::verdict),
                sessions(name, reversions).stream().map(SessionResult::verdict));
    }

    private static Optional<Duration> budget(List<Layers> events, Function<LayerDemand, Optional<Duration>> share) {
        return events.stream()
                .flatMap(layers -> layers.demanded().stream())
                .flatMap(demand -> share.apply(demand).stream())
                .findFirst();
    }

    private static String state(SessionResult worst) {
        String became = worst.restored() > 0 ? "restored" : "kept";
        return worst.down() == 0
                ? became
                : worst.sessions() == 1 ? "down" : worst.down() + " of " + worst.sessions() + " down";
    }

    private static List<SessionResult> sessions(String name, List<Layers> layers) {
        return layers.stream()
                .flatMap(each -> each.sessions().stream())
                .filter(session -> session.name().equals(name))
                .toList();
    }

    private static LayerRow row(
            String layer,
            String state,
            Stream<Optional<Measured>> outages,
            Stream<Optional<Measured>> recoveries,
            Stream<Optional<Measured>> shares,
            Optional<Duration> budget,
            OptionalLong rpo,
            Stream<Verdict> verdicts,
            Stream<Verdict> reversions) {
        Optional<Verdict> reversion = reversions.reduce(Verdict::and);
        Verdict event = verdicts.reduce(Verdict::and).orElse(Verdict.INCONCLUSIVE);
        return new LayerRow(
                layer,
                state,
                Spread.of(outages.flatMap(Optional::stream)),
                Spread.of(recoveries.flatMap(Optional::stream)),
                Spread.of(shares.flatMap(Optional::stream)),
                budget,
                rpo,
                reversion,
                reversion.map(event::and).orElse(event));
    }
}

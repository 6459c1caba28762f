package org.reconverge.model.spec;

import static org.reconverge.model.spec.SpecForm.checkKeys;
import static org.reconverge.model.spec.SpecForm.choice;
import static org.reconverge.model.spec.SpecForm.duration;
import static org.reconverge.model.spec.SpecForm.namedEntries;
import static org.reconverge.model.spec.SpecForm.required;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.source.Suggestion;
import org.reconverge.model.source.YamlMapping;
import org.reconverge.model.source.YamlValue;

/** Reads the scenarios of a spec and what is expected of each. */
final class ScenarioReader {

    private static final Duration DEFAULT_WATCH = Duration.ofSeconds(5);

    private static final Set<String> SCENARIO_KEYS = Set.of("description", "fault", "watch", "expect");
    private static final Set<String> EXPECTATION_KEYS =
            Set.of("affected", "served-by", "within", "moves", "tunnel", "outcome", "until", "because", "loss");
    private static final Map<String, Continuity> CONTINUITIES = Map.of(
            "same-session", Continuity.SAME_SESSION,
            "resumed", Continuity.RESUMED,
            "reestablished", Continuity.REESTABLISHED);

    private final SpecNames names;
    private final FaultReader faults;
    private final Map<String, ClientSpec> clients;

    ScenarioReader(SpecNames names, Map<String, Site> sites, Map<String, ClientSpec> clients) {
        this.names = names;
        this.faults = new FaultReader(names, sites);
        this.clients = clients;
    }

    Map<String, Scenario> read(YamlMapping document) {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        String form = "a scenario, such as '{fault: {link-down: \"transit-a:eth2\"}}'";
        namedEntries(document, "scenarios", "a mapping of scenario names to scenarios")
                .forEach((name, value) -> required(value, form).ifPresent(scenario -> {
                    checkKeys(scenario, SCENARIO_KEYS);
                    String description = scenario.get("description")
                            .flatMap(text -> text.text("one sentence"))
                            .orElse("");
                    Optional<Fault> fault = scenario.require(
                                    "fault", "what goes wrong, such as '{link-down: \"transit-a:eth2\"}'")
                            .flatMap(faults::read);
                    Duration watch = duration(scenario, "watch").orElse(DEFAULT_WATCH);
                    Map<String, Expectation> expect = expectations(scenario, fault);
                    fault.ifPresent(read -> scenarios.put(name, new Scenario(name, description, read, watch, expect)));
                }));
        return scenarios;
    }

    private Map<String, Expectation> expectations(YamlMapping scenario, Optional<Fault> fault) {
        Map<String, Expectation> expect = new LinkedHashMap<>();
        Set<String> deadSites = new HashSet<>();
        fault.ifPresent(read -> collectDeadSites(read, deadSites));
        scenario.get("expect")
                .flatMap(value -> value.mapping("a mapping of client names to what must hold"))
                .ifPresent(mapping -> mapping.entries().forEach((name, value) -> {
                    if (!names.clients().contains(name) && !names.clients().isEmpty()) {
                        value.keyError(
                                "unknown client '" + name + "'" + Suggestion.or(name, names.clients(), "clients are"));
                    }
                    required(value, "what must hold, such as '{served-by: frankfurt}'")
                            .ifPresent(written -> expect.put(
                                    name, expectation(written, Optional.ofNullable(clients.get(name)), deadSites)));
                }));
        return expect;
    }

    private static void collectDeadSites(Fault fault, Set<String> deadSites) {
        if (fault instanceof Fault.SiteDown down) {
            deadSites.add(down.site());
        } else if (fault instanceof Fault.ServiceDown down) {
            deadSites.add(down.site());
        } else if (fault instanceof Fault.AllOf all) {
            all.faults().forEach(each -> collectDeadSites(each, deadSites));
        }
    }

    private Expectation expectation(YamlMapping written, Optional<ClientSpec> client, Set<String> deadSites) {
        checkKeys(written, EXPECTATION_KEYS);
        Optional<Boolean> affected = affected(written);
        Optional<String> servedBy = written.get("served-by").flatMap(names::site);
        if (servedBy.filter(deadSites::contains).isPresent()) {
            written.get("served-by")
                    .ifPresent(value -> value.error(
                            "expected a site that still serves, but the fault takes '" + servedBy.get() + "' down"));
        }
        Optional<Duration> within = duration(written, "within");
        OptionalInt moves =
                written.get("moves").map(value -> value.integer(0, 1000)).orElse(OptionalInt.empty());
        Optional<Continuity> tunnel = written.get("tunnel").flatMap(value -> choice(value, CONTINUITIES));
        if (client.isPresent() && client.get().tunnel().isEmpty()) {
            written.get("tunnel")
                    .ifPresent(value -> value.error("expected a client with a tunnel, but '"
                            + client.get().name() + "' has none; give it one, such as 'tunnel: {type: wireguard}'"));
        }
        boolean unaffected = affected.isPresent() && !affected.get();
        if (unaffected
                && servedBy.isPresent()
                && client.isPresent()
                && !servedBy.get().equals(client.get().home())) {
            written.asValue()
                    .error("expected 'affected: false' or another site than the home, but found both; a client that "
                            + "stays unaffected stays served by '"
                            + client.get().home() + "'");
        }
        if (unaffected && within.isPresent()) {
            written.get("within")
                    .ifPresent(
                            value -> value.error(
                                    "expected no 'within' beside 'affected: false'; a client that loses nothing recovers from nothing"));
        }
        Outcome outcome = written.get("outcome")
                .flatMap(value -> choice(value, Map.of("recovers", Outcome.RECOVERS, "misses", Outcome.MISSES)))
                .orElse(Outcome.RECOVERS);
        if (outcome == Outcome.MISSES && (unaffected || servedBy.isPresent())) {
            written.get("outcome")
                    .ifPresent(value -> value.error("expected neither 'affected: false' nor 'served-by' beside "
                            + "'outcome: misses'; a control that does not recover is served by no site"));
        }
        Optional<Duration> until = duration(written, "until");
        written.get("until").ifPresent(value -> checkUntil(until, within, outcome, value));
        String because = written.get("because")
                .flatMap(value -> value.text("one sentence"))
                .orElse("");
        boolean lossless = written.get("loss")
                .flatMap(value -> choice(value, Map.of("any", false, "none", true)))
                .orElse(false);
        return new Expectation(affected, servedBy, within, moves, tunnel, outcome, until, because, lossless);
    }

    private static void checkUntil(
            Optional<Duration> until, Optional<Duration> within, Outcome outcome, YamlValue place) {
        if (outcome != Outcome.MISSES) {
            place.error("expected 'until' beside 'outcome: misses'; a client that must recover has 'within' alone");
        } else if (until.isPresent() && within.isPresent() && until.get().compareTo(within.get()) <= 0) {
            place.error("expected a time after 'within', which the control must miss first");
        }
    }

    /** Returns the record's form of {@code affected}: true by default, empty for {@code maybe}. */
    private static Optional<Boolean> affected(YamlMapping written) {
        Optional<YamlValue> value = written.get("affected");
        if (value.isEmpty()) {
            return Optional.of(true);
        }
        Optional<Boolean> decided = value.get().booleanIfAny();
        if (decided.isEmpty() && !value.get().is("maybe")) {
            value.get().expected("true, false or maybe");
        }
        return decided;
    }
}

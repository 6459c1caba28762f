package org.reconverge.model.spec;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reconverge.model.fault.Fault;

/**
 * One fault and what is expected of it.
 *
 * @param name the scenario's name
 * @param description one sentence for the report; may be empty
 * @param fault what goes wrong
 * @param watch how long clients are watched after the event before the fault is repaired, at least; it is extended up to
 *     the budget and past it while a client has not recovered
 * @param expect what must hold, by client; a client that is not named is judged by the budget alone
 */
public record Scenario(String name, String description, Fault fault, Duration watch, Map<String, Expectation> expect) {

    /** Copies the map, so that a scenario never changes. */
    public Scenario {
        expect = Collections.unmodifiableMap(new LinkedHashMap<>(expect));
    }
}

package org.reconverge.model.spec;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.reconverge.model.fault.Fault;
import org.reconverge.model.source.DurationText;
import org.reconverge.model.source.Problem;
import org.reconverge.model.source.Problems;
import org.reconverge.model.source.YamlFile;
import org.reconverge.model.topology.Topology;

/** Faults as one line of text, in the syntax of the spec: {@code {link-down: "transit-a:eth2"}}. */
public final class FaultText {

    private FaultText() {}

    /** Renders a fault as the spec writes it; {@link #parse} reads it back. */
    public static String format(Fault fault) {
        if (fault instanceof Fault.LinkFlap flap) {
            return "{link-flap: {endpoint: \"" + flap.endpoint() + "\", down: " + DurationText.format(flap.down())
                    + ", up: " + DurationText.format(flap.up()) + ", times: " + flap.times() + "}}";
        }
        if (fault instanceof Fault.AllOf all) {
            return all.faults().stream().map(FaultText::format).collect(Collectors.joining(", ", "{all: [", "]}"));
        }
        return "{" + fault.kind() + ": \"" + fault.target() + "\"}";
    }

    /**
     * Parses a fault, for example from a command line.
     *
     * @param text as the spec writes it, or short: {@code link-down transit-a:eth2}
     * @param topology the topology that it must fit
     * @param sites the sites that {@code site-down} and {@code service-down} name
     * @throws IllegalArgumentException if the text is no fault of this topology; the message says what is expected
     */
    public static Fault parse(String text, Topology topology, Map<String, Site> sites) {
        String yaml = text.strip();
        String[] words = yaml.split("\\s+", 2);
        if (words.length == 2 && !yaml.startsWith("{") && !words[0].endsWith(":")) {
            yaml = words[0] + ": " + words[1];
        }
        SpecNames names = new SpecNames(Optional.of(topology), sites.keySet(), Set.of());
        Problems problems = new Problems();
        Optional<Fault> fault = YamlFile.parse(Path.of("fault"), yaml, problems)
                .flatMap(mapping -> new FaultReader(names, sites).read(mapping.asValue()));
        if (fault.isEmpty() || problems.hasErrors()) {
            throw new IllegalArgumentException(problems.inDocumentOrder().stream()
                    .map(Problem::message)
                    .collect(Collectors.joining("; ", "in the fault '" + text + "': ", "")));
        }
        return fault.get();
    }
}

package org.reconverge.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What to run of a spec; shared by the commands that run labs. */
final class CampaignOptions {

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            split = ",",
            description = "Run only this scenario; may be given several times (default: all).")
    List<String> scenarios = List.of();

    @Option(
            names = "--trials",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Trials of each scenario (default: ${DEFAULT-VALUE}). The claim that a table makes grows with them.")
    int trials = 1;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Where all random choices come from (default: a new one, which is printed).")
    Optional<Long> seed = Optional.empty();

    @Option(
            names = "--capture",
            description = {
                "Keep what was on the wires of each trial, in wires.pcapng.gz beside its history, for Wireshark. It costs"
                        + " some percent of a processor."
            })
    boolean capture;

    /** Returns the options that ask for the same again, with the same random choices. */
    List<String> again(long chosen) {
        List<String> words = new ArrayList<>();
        scenarios.forEach(scenario -> words.addAll(List.of("--scenario", scenario)));
        words.addAll(List.of("--trials", String.valueOf(trials), "--seed", String.valueOf(chosen)));
        if (capture) {
            words.add("--capture");
        }
        return words;
    }

    long chosenSeed() {
        // Small enough to be typed again.
        return seed.orElseGet(() -> System.nanoTime() & 0xffff);
    }
}

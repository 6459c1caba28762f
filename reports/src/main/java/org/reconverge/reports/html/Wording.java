package org.reconverge.reports.html;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.reconverge.model.check.CampaignSummary.Spread;
import org.reconverge.model.check.Measured;
import org.reconverge.model.check.ProbeResult.Recovered;
import org.reconverge.model.check.Verdict;
import org.reconverge.model.spec.Expectation;
import org.reconverge.model.spec.Outcome;

/** Values as the page writes them. */
final class Wording {

    /** Stands where there is no value. */
    static final String NOTHING = "–";

    private static final Duration SECOND = Duration.ofSeconds(1);

    private Wording() {}

    /** Renders a duration whose accuracy does not matter: {@code 10 s}, {@code 1.25 s}, {@code 40 ms}, {@code 2.6 ms}. */
    static String time(Duration duration) {
        boolean millis = duration.abs().compareTo(SECOND) < 0;
        BigDecimal value = BigDecimal.valueOf(duration.toNanos(), millis ? 6 : 9)
                .setScale(millis ? 1 : 2, RoundingMode.HALF_UP)
                .stripTrailingZeros();
        return value.setScale(Math.max(0, value.scale())).toPlainString() + (millis ? " ms" : " s");
    }

    static String measured(Optional<Measured> measured) {
        return measured.map(Wording::measured).orElse(NOTHING);
    }

    /** Renders a value with its accuracy; where nothing was lost, what could have been missed. */
    static String measured(Measured measured) {
        if (measured.value().isZero() && measured.below().isZero()) {
            return measured.above().isZero() ? "0" : "0 (< " + time(measured.above()) + ")";
        }
        return measured.describe();
    }

    /** Renders one value, or the smallest, middle and largest of several trials. */
    static List<String> spread(Optional<Spread> spread, int trials) {
        if (spread.isEmpty()) {
            return List.of(NOTHING);
        }
        if (trials == 1) {
            return List.of(measured(spread.get().max()));
        }
        if (spread.get().max().value().isZero()) {
            // Nothing in any trial: what could have been missed at most says it all.
            return List.of(measured(Stream.of(
                            spread.get().min(),
                            spread.get().median(),
                            spread.get().max())
                    .max(Comparator.comparing(Measured::above))
                    .orElseThrow()));
        }
        return List.of(
                "max " + measured(spread.get().max()),
                "median " + measured(spread.get().median()),
                "min " + measured(spread.get().min()));
    }

    static String count(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static String sites(List<String> sites) {
        return sites.isEmpty() ? "no site" : String.join(" and ", sites);
    }

    static String verdict(Verdict verdict) {
        return switch (verdict) {
            case PASS -> "✓ PASS";
            case FAIL -> "✗ FAIL";
            case INCONCLUSIVE -> "? INCONCLUSIVE";
        };
    }

    static String cssClass(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }

    static String recovery(Recovered recovery) {
        return switch (recovery) {
            case NOTHING_LOST -> "nothing lost";
            case RECOVERED -> "recovered";
            case NOT_VALIDATED -> "not watched long enough";
            case NOT_RECOVERED -> "not recovered";
        };
    }

    /** Returns whether a client must not lose a probe or change its site. */
    static boolean mustNotNotice(Optional<Expectation> expectation) {
        return expectation
                .flatMap(Expectation::affected)
                .map(affected -> !affected)
                .orElse(false);
    }

    /** Renders what is expected of a client, as a sentence without its subject. */
    static String expectation(Optional<Expectation> expectation, Duration rto) {
        Duration within = expectation.flatMap(Expectation::within).orElse(rto);
        if (expectation
                .flatMap(Expectation::affected)
                .map(affected -> !affected)
                .orElse(false)) {
            return "loses nothing and stays at its site";
        }
        if (expectation.filter(expect -> expect.outcome() == Outcome.MISSES).isPresent()) {
            return "is a control: not back within " + time(within);
        }
        List<String> parts = new ArrayList<>();
        expectation.flatMap(Expectation::servedBy).ifPresent(site -> parts.add("is served by " + site));
        parts.add((parts.isEmpty() ? "recovers " : "") + "within " + time(within));
        expectation
                .filter(expect -> expect.maxMoves().isPresent())
                .ifPresent(expect ->
                        parts.add("moves at most " + count(expect.maxMoves().getAsInt(), "time")));
        return String.join(", ", parts);
    }
}

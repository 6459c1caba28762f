package org.reconverge.model.statistics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * What a number of trials supports about the failovers to come, and never more. If fewer than a part {@code p} of all
 * failovers were within the budget, {@code n} passes in a row would be less likely than {@code p^n}; so {@code n} passes
 * without a failure support at least {@code 0.05^(1/n)} at 95 % confidence: 59 support 95 %, 299 support 99 %.
 *
 * @param passed trials that passed
 * @param failed trials that failed
 * @param inconclusive trials that proved nothing, and are not counted
 */
public record Claim(int passed, int failed, int inconclusive) {

    /** The confidence of every claim. */
    public static final double CONFIDENCE = 0.95;

    private static final BigDecimal HALF = new BigDecimal("0.5");

    /**
     * Returns the part of all failovers that is at least within the budget, at {@link #CONFIDENCE}, rounded down to whole
     * percent (to tenths from 99 % on). Empty if a trial failed, or if it would be less than half.
     */
    public Optional<BigDecimal> atLeast() {
        if (failed > 0 || passed == 0) {
            return Optional.empty();
        }
        // A little less than rounding errors could add, so that the claim is never too large.
        double part = Math.pow(1 - CONFIDENCE, 1.0 / passed) - 1e-12;
        BigDecimal exact = BigDecimal.valueOf(part);
        BigDecimal percent = exact.setScale(2, RoundingMode.DOWN);
        BigDecimal rounded =
                percent.compareTo(new BigDecimal("0.99")) >= 0 ? exact.setScale(3, RoundingMode.DOWN) : percent;
        return Optional.of(rounded).filter(value -> value.compareTo(HALF) >= 0);
    }

    /** Returns the claim in words. */
    public String describe() {
        String words;
        if (failed > 0) {
            words = failed + " of " + (passed + failed) + " failed: no claim";
        } else if (passed == 0) {
            words = "no trial proved anything: no claim";
        } else {
            String passes = passed == 1 ? "1 pass" : passed + " passes";
            words = passes + " and no failure: "
                    + atLeast()
                            .map(part -> "at least " + percent(part)
                                    + " % of failovers are within the budget at 95 % confidence")
                            .orElse("too few for a claim about failovers to come");
        }
        return inconclusive == 0
                ? words
                : words + " (" + inconclusive + " proved nothing and " + (inconclusive == 1 ? "is" : "are")
                        + " not counted)";
    }

    private static String percent(BigDecimal part) {
        BigDecimal percent = part.movePointRight(2).stripTrailingZeros();
        return percent.setScale(Math.max(0, percent.scale())).toPlainString();
    }
}

package org.reconverge.model.statistics;

/** The binomial distribution, in logarithms so that it holds for thousands of trials. */
final class Binomial {

    private Binomial() {}

    /** Returns the probability of at most {@code most} successes in {@code trials} of probability {@code p} each. */
    static double cumulative(int most, int trials, double p) {
        double sum = 0;
        double log = trials * Math.log1p(-p);
        double odds = Math.log(p) - Math.log1p(-p);
        for (int i = 0; i <= most; i++) {
            sum += Math.exp(log);
            log += Math.log((double) (trials - i) / (i + 1)) + odds;
        }
        return Math.min(1, sum);
    }
}

package org.reconverge.model.statistics;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Times measured in repeated trials, sorted. Nothing is assumed about how they are distributed: recovery times have several
 * humps, one for each timer that can decide.
 *
 * @param sorted the times, ascending; at least one
 */
public record Sample(List<Duration> sorted) {

    /** Sorts the times, and rejects an empty sample. */
    public Sample {
        sorted = sorted.stream().sorted().toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("expected a sample of at least one time, but found none");
        }
    }

    /** Returns how many there are. */
    public int count() {
        return sorted.size();
    }

    /** Returns the smallest. */
    public Duration min() {
        return sorted.get(0);
    }

    /** Returns the largest. */
    public Duration max() {
        return sorted.get(count() - 1);
    }

    /** Returns the median; of an even number the mean of the middle two. */
    public Duration median() {
        Duration upper = sorted.get(count() / 2);
        return count() % 2 == 1
                ? upper
                : sorted.get(count() / 2 - 1).plus(upper).dividedBy(2);
    }

    /**
     * Returns a percentile by the nearest-rank method: the smallest time that at least so many percent do not exceed.
     *
     * @param percent above 0, up to 100
     */
    public Duration percentile(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("expected a percentile above 0, up to 100, but found " + percent);
        }
        int rank = (int) Math.ceil(percent / 100 * count());
        return sorted.get(Math.max(rank, 1) - 1);
    }

    /** Returns the mean. */
    public Duration mean() {
        return sorted.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(count());
    }

    /**
     * Returns the standard deviation divided by the mean; under 0.1 the repetitions count as steady (RFC 8239 §1.2). Empty
     * for fewer than two times, or a mean of zero.
     */
    public Optional<Double> relativeStandardDeviation() {
        double mean = sorted.stream().mapToLong(Duration::toNanos).average().orElse(0);
        if (count() < 2 || mean == 0) {
            return Optional.empty();
        }
        double squares = sorted.stream()
                .mapToDouble(time -> Math.pow(time.toNanos() - mean, 2))
                .sum();
        return Optional.of(Math.sqrt(squares / (count() - 1)) / mean);
    }

    /**
     * Returns the distribution-free upper confidence bound of a quantile: the smallest time of the sample that is, with the
     * confidence asked for, not less than it. Empty if the sample is too small: the 95 % quantile at 95 % confidence needs
     * 59 times, the 99 % quantile 299.
     *
     * @param quantile the part of all trials, such as 0.95
     * @param confidence such as 0.95
     */
    public Optional<Duration> upperBound(double quantile, double confidence) {
        for (int rank = 1; rank <= count(); rank++) {
            // The quantile exceeds the time of this rank only if fewer than `rank` times are below it.
            if (Binomial.cumulative(rank - 1, count(), quantile) >= confidence) {
                return Optional.of(sorted.get(rank - 1));
            }
        }
        return Optional.empty();
    }
}

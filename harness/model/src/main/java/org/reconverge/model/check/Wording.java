package org.reconverge.model.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.reconverge.model.spec.Continuity;

/** Puts measured values into the words of verdicts and tables. */
final class Wording {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private Wording() {}

    static String measured(Measured measured) {
        Duration accuracy = measured.below().compareTo(measured.above()) >= 0 ? measured.below() : measured.above();
        boolean millis = measured.value().abs().compareTo(SECOND) < 0 && accuracy.compareTo(SECOND) < 0;
        String unit = millis ? " ms" : " s";
        BigDecimal value = in(measured.value(), millis);
        BigDecimal plusMinus = in(accuracy, millis);
        int decimals = decimals(plusMinus, millis);
        return value.setScale(decimals, RoundingMode.HALF_UP).toPlainString() + unit + " ± "
                + plusMinus.setScale(decimals, RoundingMode.CEILING).toPlainString() + unit;
    }

    /** Renders a duration whose accuracy does not matter, such as a budget: {@code 10 s}, {@code 1.25 s}, {@code 40 ms}. */
    static String plain(Duration duration) {
        boolean millis = duration.abs().compareTo(SECOND) < 0;
        BigDecimal value = in(duration, millis).setScale(millis ? 1 : 2, RoundingMode.HALF_UP);
        BigDecimal shortest = value.stripTrailingZeros();
        return (shortest.scale() < 0 ? shortest.setScale(0) : shortest).toPlainString() + (millis ? " ms" : " s");
    }

    /** Renders a duration that was watched for, never longer than it was: {@code 63.7 s}. */
    static String tenths(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9)
                        .setScale(1, RoundingMode.DOWN)
                        .toPlainString() + " s";
    }

    static String probes(long count) {
        return count == 1 ? "1 probe" : count + " probes";
    }

    /** Renders an enum constant for people: {@code handshaking}, {@code same session}. */
    static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Renders what became of a tunnel, after {@code the tunnel was}. */
    static String continuity(Continuity continuity) {
        return switch (continuity) {
            case SAME_SESSION -> "kept in the same session";
            case RESUMED -> "resumed";
            case REESTABLISHED -> "reestablished";
            case LOST -> "lost";
        };
    }

    static String times(long count) {
        return count == 1 ? "once" : count == 2 ? "twice" : count + " times";
    }

    static String list(List<String> words) {
        return words.isEmpty() ? "no site" : String.join(" and ", words);
    }

    private static BigDecimal in(Duration duration, boolean millis) {
        return BigDecimal.valueOf(duration.toNanos(), millis ? 6 : 9);
    }

    private static int decimals(BigDecimal plusMinus, boolean millis) {
        if (millis) {
            return plusMinus.compareTo(BigDecimal.TEN) < 0 ? 1 : 0;
        }
        return plusMinus.compareTo(new BigDecimal("0.01")) < 0 ? 3 : 2;
    }
}

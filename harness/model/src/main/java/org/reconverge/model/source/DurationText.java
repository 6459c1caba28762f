package org.reconverge.model.source;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: a number with its unit, such as {@code 300ms}, {@code 1.5s} or {@code 2m}. */
public final class DurationText {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)(us|ms|s|m|h)");

    private static final Map<String, Long> NANOSECONDS = Map.of(
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private DurationText() {}

    /**
     * Parses a duration greater than zero.
     *
     * @throws IllegalArgumentException if the text is none; the message says what is expected
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected a duration with its unit, such as 300ms, 5s or 1m, but found '" + text + "'");
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (number.signum() == 0) {
            throw new IllegalArgumentException("expected a duration greater than zero, but found '" + text + "'");
        }
        BigDecimal nanoseconds = number.multiply(BigDecimal.valueOf(NANOSECONDS.getOrDefault(matcher.group(2), 0L)));
        BigDecimal[] seconds = nanoseconds.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(seconds[0].longValueExact(), seconds[1].longValueExact());
    }

    /** Renders a duration in the largest unit that needs no more than three decimals. */
    public static String format(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        if (seconds.signum() > 0 && duration.getNano() == 0 && duration.getSeconds() % 60 == 0) {
            return duration.getSeconds() % 3600 == 0
                    ? duration.getSeconds() / 3600 + "h"
                    : duration.getSeconds() / 60 + "m";
        }
        if (seconds.compareTo(BigDecimal.ONE) >= 0 && duration.getNano() % 1_000_000 == 0) {
            return plain(seconds) + "s";
        }
        return duration.getNano() % 1_000 == 0
                ? plain(seconds.movePointRight(3)) + "ms"
                : plain(seconds.movePointRight(6)) + "us";
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}

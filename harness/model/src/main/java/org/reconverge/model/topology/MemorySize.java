package org.reconverge.model.topology;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of memory as containerlab reads them (its library is dustin/go-humanize): {@code kB}, {@code MB}, {@code GB}
 * are powers of 1000, {@code KiB}, {@code MiB}, {@code GiB} of 1024; case, a space and the B do not matter.
 */
final class MemorySize {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]+)?) ?([a-z]*)");

    private static final Map<String, Long> OCTETS = Map.of(
            "", 1L,
            "k", 1_000L,
            "ki", 1L << 10,
            "m", 1_000_000L,
            "mi", 1L << 20,
            "g", 1_000_000_000L,
            "gi", 1L << 30,
            "t", 1_000_000_000_000L,
            "ti", 1L << 40);

    private MemorySize() {}

    /** Returns the amount in octets, or empty if the text is no amount or nothing. */
    static Optional<Long> parse(String text) {
        Matcher matcher = FORM.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String suffix = matcher.group(2);
        Long unit = OCTETS.get(suffix.endsWith("b") ? suffix.substring(0, suffix.length() - 1) : suffix);
        if (unit == null) {
            return Optional.empty();
        }
        BigDecimal octets = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return octets.signum() > 0 && octets.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0
                ? Optional.of(octets.longValue())
                : Optional.empty();
    }
}

package org.reconverge.model.source;

import java.util.Map;
import java.util.Optional;

/**
 * Shell variables in a file, expanded as containerlab expands them (its library is hellt/envsubst, with "no digits" and
 * "no replace"): {@code $VAR}, {@code ${VAR}}, {@code ${VAR:-default}} and {@code ${VAR:=default}} (unset or empty),
 * {@code ${VAR-default}} and {@code ${VAR=default}} (unset), {@code ${VAR:+other}}, {@code ${VAR+other}};
 * {@code $$} is a dollar sign. A variable that is not set and has no default stays as it is written, so that shell
 * commands keep their own variables.
 */
final class Variables {

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * What stands for a variable.
     *
     * @param text what replaces it
     * @param end the index of the first character behind it
     */
    record Expansion(String text, int end) {}

    /** Expands the variable whose dollar sign stands at {@code dollar}. */
    Expansion expand(String source, int dollar) {
        int next = dollar + 1;
        if (next < source.length() && source.charAt(next) == '$') {
            // "$$VAR" and "$${VAR}" name no variable; a lone "$$" (a process id in a shell) becomes "$" as well.
            Expansion named = expandNamed(source, next);
            return named.end() > next + 1
                    ? new Expansion("$" + source.substring(next + 1, named.end()), named.end())
                    : new Expansion("$", next + 1);
        }
        return expandNamed(source, dollar);
    }

    private Expansion expandNamed(String source, int dollar) {
        int next = dollar + 1;
        Expansion asWritten = new Expansion("$", next);
        if (next >= source.length()) {
            return asWritten;
        }
        if (source.charAt(next) != '{') {
            int end = endOfName(source, next);
            return end == next
                    ? asWritten
                    : new Expansion(value(source.substring(next, end)).orElse(source.substring(dollar, end)), end);
        }
        int nameEnd = endOfName(source, next + 1);
        int close = closingBrace(source, next + 1);
        if (nameEnd == next + 1 || close < 0) {
            return asWritten;
        }
        String name = source.substring(next + 1, nameEnd);
        String rest = source.substring(nameEnd, close);
        String written = source.substring(dollar, close + 1);
        return new Expansion(substitute(name, rest, written), close + 1);
    }

    private String substitute(String name, String rest, String written) {
        if (rest.isEmpty()) {
            return value(name).orElse(written);
        }
        boolean emptyCounts = rest.startsWith(":");
        String operation = emptyCounts ? rest.substring(1) : rest;
        if (operation.isEmpty()) {
            return written;
        }
        Optional<String> value = value(name).filter(text -> !(emptyCounts && text.isEmpty()));
        return switch (operation.charAt(0)) {
            case '-', '=' -> value.orElseGet(() -> expandAll(operation.substring(1)));
            case '+' -> value(name).isPresent() ? expandAll(operation.substring(1)) : "";
            default -> written;
        };
    }

    private String expandAll(String text) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', from)) {
            Expansion expansion = expand(text, dollar);
            out.append(text, from, dollar).append(expansion.text());
            from = expansion.end();
        }
        return out.append(text, from, text.length()).toString();
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name));
    }

    /** Returns the end of the name that starts at {@code start}: letters, digits and underscores, no digit first. */
    private static int endOfName(String source, int start) {
        int end = start;
        while (end < source.length() && isNameCharacter(source.charAt(end), end == start)) {
            end++;
        }
        // "$_" is the shell's own.
        return end == start + 1 && source.charAt(start) == '_' ? start : end;
    }

    private static boolean isNameCharacter(char c, boolean first) {
        return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (!first && c >= '0' && c <= '9');
    }

    /** Returns the index of the brace that closes a variable, on the same line, or -1. */
    private static int closingBrace(String source, int from) {
        int depth = 1;
        for (int i = from; i < source.length() && source.charAt(i) != '\n'; i++) {
            char c = source.charAt(i);
            if (c == '{' && source.charAt(i - 1) == '$') {
                depth++;
            } else if (c == '}') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            }
        }
        return -1;
    }
}

package org.reconverge.model.source;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Guesses what a misspelt word was meant to be. */
public final class Suggestion {

    private Suggestion() {}

    /** Returns the known word that is nearest to {@code word}, unless none is near. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        int tolerance = Math.max(1, word.length() / 3);
        String lower = word.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT)) <= tolerance)
                .min(Comparator.comparingInt(candidate -> distance(lower, candidate.toLowerCase(Locale.ROOT))));
    }

    /** Returns {@code ; did you mean 'x'?} to be appended to a message, or, if nothing is near, what is known. */
    public static String or(String word, Collection<String> known, String whatIsKnown) {
        return nearest(word, known)
                .map(near -> "; did you mean '" + near + "'?")
                .orElseGet(() -> known.isEmpty()
                        ? ""
                        : "; " + whatIsKnown + " "
                                + String.join(", ", known.stream().limit(20).toList())
                                + (known.size() > 20 ? ", …" : ""));
    }

    /** Returns the optimal string alignment distance: edits and swaps of neighbours count one each. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + substitution, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}

package org.reconverge.reports.markup;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The colours that pages and pictures share, in a light and a dark theme. Pages are printed in the light one.
 *
 * <p>A style sheet names colours as {@code $ink}. It is written out twice with plain values rather than once with CSS
 * variables, which converters to PDF and image viewers do not know.
 *
 * <p>Sites have the colours of Okabe and Ito's palette that every kind of colour vision tells apart; its vermillion is
 * kept for loss. Nothing is said by colour alone.
 */
public final class Theme {

    /** How many sites have a colour of their own; further ones begin again. */
    public static final int SITE_COLOURS = 6;

    private static final Map<String, String> LIGHT = new LinkedHashMap<>();
    private static final Map<String, String> DARK = new LinkedHashMap<>();

    static {
        colour("page", "#ffffff", "#14171a");
        colour("panel", "#f5f7f9", "#1d2226");
        colour("line", "#d5dbe1", "#39424a");
        colour("ink", "#1b2229", "#e6eaee");
        colour("muted", "#5a6672", "#9aa7b3");
        colour("wire", "#7c8894", "#84919d");
        colour("node", "#ffffff", "#232a30");
        colour("link", "#0b5cad", "#7cb8f5");
        colour("lost", "#c92a0e", "#ff6b4a");
        colour("late", "#8a4b00", "#ffb561");
        colour("pass", "#1a7f37", "#4ac26b");
        colour("fail", "#c92a0e", "#ff7b5c");
        colour("inconclusive", "#8a6100", "#e3b341");
        colour("site0", "#0072b2", "#4aa8e0");
        colour("site1", "#e69f00", "#e69f00");
        colour("site2", "#009e73", "#2dbf96");
        colour("site3", "#cc79a7", "#d895bb");
        colour("site4", "#56b4e9", "#8fd0f5");
        colour("site5", "#b3a300", "#f0e442");
        colour("on0", "#ffffff", "#0d1114");
        colour("on1", "#0d1114", "#0d1114");
        colour("on2", "#0d1114", "#0d1114");
        colour("on3", "#0d1114", "#0d1114");
        colour("on4", "#0d1114", "#0d1114");
        colour("on5", "#0d1114", "#0d1114");
        colour("elsewhere", "#8b95a0", "#8b95a0");
    }

    private Theme() {}

    private static void colour(String name, String light, String dark) {
        LIGHT.put("$" + name + ";", light + ";");
        DARK.put("$" + name + ";", dark + ";");
    }

    /** Returns a style sheet for both themes; every colour in {@code rules} is written {@code $name;}. */
    public static String apply(String rules) {
        return replace(rules, LIGHT) + "@media screen and (prefers-color-scheme: dark) {\n" + replace(rules, DARK)
                + "}\n";
    }

    private static String replace(String rules, Map<String, String> colours) {
        String replaced = rules;
        for (Map.Entry<String, String> colour : colours.entrySet()) {
            replaced = replaced.replace(colour.getKey(), colour.getValue());
        }
        if (replaced.indexOf('$') >= 0) {
            throw new IllegalArgumentException("expected a colour of the theme, but found "
                    + replaced.substring(replaced.indexOf('$'))
                            .lines()
                            .findFirst()
                            .orElse(""));
        }
        return replaced;
    }
}

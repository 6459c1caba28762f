package org.reconverge.emulator;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of a history under construction: a JSON object whose first member is its type. */
final class JsonLine {

    private final StringBuilder text;

    JsonLine(String type) {
        text = new StringBuilder(128).append('{');
        put("type", type);
    }

    JsonLine put(String name, String value) {
        name(name);
        string(value);
        return this;
    }

    JsonLine put(String name, long value) {
        name(name);
        text.append(value);
        return this;
    }

    JsonLine put(String name, boolean value) {
        name(name);
        text.append(value);
        return this;
    }

    /** Puts the first {@code count} of {@code values}. */
    JsonLine put(String name, long[] values, int count) {
        name(name);
        text.append('[');
        for (int i = 0; i < count; i++) {
            (i == 0 ? text : text.append(',')).append(values[i]);
        }
        text.append(']');
        return this;
    }

    /** Puts the first {@code count} of {@code values}, none of which is null. */
    JsonLine put(String name, @Nullable String[] values, int count) {
        name(name);
        text.append('[');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                text.append(',');
            }
            string(String.valueOf(values[i]));
        }
        text.append(']');
        return this;
    }

    JsonLine put(String name, Map<String, String> values) {
        name(name);
        text.append('{');
        boolean first = true;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            if (!first) {
                text.append(',');
            }
            first = false;
            string(entry.getKey());
            text.append(':');
            string(entry.getValue());
        }
        text.append('}');
        return this;
    }

    /** Returns the line, ended. */
    @Override
    public String toString() {
        return text + "}\n";
    }

    private void name(String name) {
        if (text.length() > 1) {
            text.append(',');
        }
        string(name);
        text.append(':');
    }

    private void string(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}

package org.reconverge.model.history;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Objects;
import org.reconverge.model.json.JsonForm;

/**
 * Writes a history event as one line of JSON and reads it back.
 *
 * <p>The key {@code type} is the name of the {@link HistoryEvent} record in kebab-case ({@code probes-sent}); the other
 * keys are its components, in the form that {@link JsonForm} describes. For example:
 *
 * <pre>{@code
 * {"type":"probes-sent","probe":"gw-north/udp-ipv4","first":1200,"sentNanos":[81234567890123,81234577890123]}
 * }</pre>
 */
public final class HistoryCodec {

    private static final JsonMapper MAPPER = mapper();
    private static final ObjectReader READER = MAPPER.readerFor(HistoryEvent.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(HistoryEvent.class);

    private HistoryCodec() {}

    /**
     * Reads one line.
     *
     * @throws MalformedHistoryException if the line is not a history event: cut off, not JSON, of an unknown type, or
     *     without a component
     */
    public static HistoryEvent parseLine(String line) {
        HistoryEvent event;
        try {
            event = Objects.requireNonNull(READER.<HistoryEvent>readValue(line));
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            String where = location == null ? "" : " at column " + location.getColumnNr();
            throw new MalformedHistoryException(
                    "expected a history event, but found " + excerpt(line) + where + ": " + e.getOriginalMessage(), e);
        } catch (NullPointerException e) {
            throw new MalformedHistoryException("expected a history event, but found " + excerpt(line), e);
        }
        checkArrays(event, line);
        return event;
    }

    /** Returns the event as one line, without its end. */
    public static String toLine(HistoryEvent event) {
        try {
            return WRITER.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a history event of type " + event.getClass() + " has no JSON form", e);
        }
    }

    private static void checkArrays(HistoryEvent event, String line) {
        // An empty batch has no instant, and arrays of different lengths would shift every later reply by one.
        if (event instanceof HistoryEvent.ProbesSent sent && sent.sentNanos().length == 0) {
            throw new MalformedHistoryException("expected at least one send time, but found " + excerpt(line));
        }
        if (event instanceof HistoryEvent.ConnectionsAttempted attempted && attempted.nanos().length == 0) {
            throw new MalformedHistoryException("expected at least one attempt, but found " + excerpt(line));
        }
        if (event instanceof HistoryEvent.RepliesReceived replies) {
            int length = replies.sequence().length;
            if (length == 0 || replies.receivedNanos().length != length || replies.site().length != length) {
                throw new MalformedHistoryException(
                        "expected sequence, receivedNanos and site of one length above zero, but found "
                                + excerpt(line));
            }
        }
        if (event instanceof HistoryEvent.ValuesPassed values) {
            checkLengths(values, line);
        }
    }

    private static void checkLengths(HistoryEvent.ValuesPassed values, String line) {
        int length = values.station().length;
        if (length == 0
                || values.number().length != length
                || values.nanos().length != length
                || values.tagMillis().length != length) {
            throw new MalformedHistoryException(
                    "expected station, number, nanos and tagMillis of one length above zero, but found "
                            + excerpt(line));
        }
    }

    private static String excerpt(String line) {
        return line.length() <= 120 ? "'" + line + "'" : "'" + line.substring(0, 120) + "…'";
    }

    private static JsonMapper mapper() {
        JsonMapper.Builder builder = JsonForm.mapper()
                .addMixIn(HistoryEvent.class, Typed.class)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);
        for (Class<?> type : HistoryEvent.class.getPermittedSubclasses()) {
            builder.registerSubtypes(new NamedType(type, JsonForm.kebabCase(type.getSimpleName())));
        }
        return builder.build();
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed {}
}

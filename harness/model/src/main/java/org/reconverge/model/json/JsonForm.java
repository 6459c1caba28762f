package org.reconverge.model.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.reconverge.model.history.MonotonicTime;

/**
 * The JSON form of every value that is kept: an object per record with the component names as keys, {@link Duration} and
 * {@link MonotonicTime} as integers of nanoseconds, {@link Instant} in ISO 8601, enum constants in lower kebab-case, an
 * empty {@code Optional} left out.
 *
 * <p>Reading is strict where a value would otherwise be made up (a missing or null component is an error) and tolerant
 * where a newer writer says more (an unknown key is ignored).
 */
public final class JsonForm {

    private static final JsonMapper READABLE =
            mapper().enable(SerializationFeature.INDENT_OUTPUT).build();

    private JsonForm() {}

    /** Returns a new mapper for this form, which the caller may configure further. */
    public static JsonMapper.Builder mapper() {
        SimpleModule times = new SimpleModule("reconverge-times");
        times.addSerializer(new NanosSerializer<>(Duration.class) {
            @Override
            long nanos(Duration value) {
                return value.toNanos();
            }
        });
        times.addSerializer(new NanosSerializer<>(MonotonicTime.class) {
            @Override
            long nanos(MonotonicTime value) {
                return value.nanos();
            }
        });
        times.addSerializer(new InstantSerializer());
        times.addDeserializer(Duration.class, new NanosDeserializer<>(Duration.class) {
            @Override
            Duration of(long nanos) {
                return Duration.ofNanos(nanos);
            }
        });
        times.addDeserializer(MonotonicTime.class, new NanosDeserializer<>(MonotonicTime.class) {
            @Override
            MonotonicTime of(long nanos) {
                return new MonotonicTime(nanos);
            }
        });
        times.addDeserializer(Instant.class, new InstantDeserializer());
        return JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(times)
                .annotationIntrospector(new KebabCaseEnums())
                .serializationInclusion(JsonInclude.Include.NON_ABSENT)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    }

    /**
     * Returns a value in this form as text that people can read, too.
     *
     * @throws IllegalStateException if the value has a part that has no JSON form
     */
    public static String text(Object value) {
        try {
            return READABLE.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(value.getClass() + " has no JSON form: " + e.getOriginalMessage(), e);
        }
    }

    /** Returns a Java name such as {@code NOT_VERIFIED} or {@code ProbesSent} in lower kebab-case. */
    public static String kebabCase(String javaName) {
        return javaName.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
                .replace('_', '-')
                .toLowerCase(Locale.ROOT);
    }

    private static final class KebabCaseEnums extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
            for (int i = 0; i < constants.length; i++) {
                names[i] = kebabCase(constants[i].name());
            }
            return names;
        }
    }

    private abstract static class NanosSerializer<T> extends StdScalarSerializer<T> {
        private static final long serialVersionUID = 1;

        NanosSerializer(Class<T> type) {
            super(type);
        }

        abstract long nanos(T value);

        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeNumber(nanos(value));
        }
    }

    private abstract static class NanosDeserializer<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1;

        NanosDeserializer(Class<T> type) {
            super(type);
        }

        abstract T of(long nanos);

        @Override
        public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return of(json.getLongValue());
        }
    }

    private static final class InstantSerializer extends StdScalarSerializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantSerializer() {
            super(Instant.class);
        }

        @Override
        public void serialize(Instant value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.toString());
        }
    }

    private static final class InstantDeserializer extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1;

        InstantDeserializer() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser json, DeserializationContext context) throws IOException {
            try {
                return Instant.parse(json.getText());
            } catch (DateTimeParseException e) {
                return (Instant) context.handleWeirdStringValue(
                        Instant.class, json.getText(), "expected an instant such as 2026-11-22T13:15:00Z");
            }
        }
    }
}

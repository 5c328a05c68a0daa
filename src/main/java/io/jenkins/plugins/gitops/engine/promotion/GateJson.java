package io.jenkins.plugins.gitops.engine.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;

/**
 * The JSON form of gate events: one object on one line. Jenkins persists this text and not the records, because neither
 * XStream (build.xml) nor JBoss Marshalling (program.dat) can be relied on to read records back.
 */
public final class GateJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(texts())
            .build();

    private GateJson() {}

    @NonNull
    public static String write(@NonNull GateEvent event) {
        try {
            return MAPPER.writerFor(GateEvent.class).writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a gate event has no JSON form: " + event, e);
        }
    }

    /** What a page shows of gates. */
    @NonNull
    public static String write(@NonNull List<GateView> views) {
        try {
            return MAPPER.writeValueAsString(views);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a gate has no JSON form", e);
        }
    }

    /** An event, for a webhook. */
    @NonNull
    static String write(@NonNull PromotionEvent event) {
        try {
            return MAPPER.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event has no JSON form", e);
        }
    }

    /** What a gate is about, for an endpoint that is asked. */
    @NonNull
    static String write(@NonNull GateSubject subject) {
        try {
            return MAPPER.writeValueAsString(subject);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a gate's subject has no JSON form", e);
        }
    }

    @NonNull
    static JsonNode tree(@NonNull String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /** {@code {"error": sentence}}. */
    @NonNull
    public static String problem(@NonNull String sentence) {
        return MAPPER.createObjectNode().put("error", sentence).toString();
    }

    /** @throws IllegalStateException if the text is damaged */
    @NonNull
    public static GateEvent read(@NonNull String json) {
        try {
            return MAPPER.readValue(json, GateEvent.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored gate event cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    @NonNull
    public static List<GateEvent> read(@NonNull List<String> lines) {
        return lines.stream().map(GateJson::read).toList();
    }

    /** Values that are written as the text people write. */
    private static SimpleModule texts() {
        SimpleModule module = new SimpleModule("texts");
        text(module, Instant.class, Instant::parse);
        text(module, Duration.class, Duration::parse);
        text(module, LocalTime.class, LocalTime::parse);
        text(module, LocalDateTime.class, LocalDateTime::parse);
        text(module, ZoneId.class, ZoneId::of);
        text(module, ImageReference.class, ImageReference::parse);
        return module;
    }

    private static <T> void text(SimpleModule module, Class<T> type, Function<String, T> parse) {
        module.addSerializer(type, ToStringSerializer.instance);
        module.addDeserializer(type, new Text<>(type, parse));
    }

    private static final class Text<T> extends FromStringDeserializer<T> {

        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> parse;

        Text(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        protected T _deserialize(String value, com.fasterxml.jackson.databind.DeserializationContext context) {
            return parse.apply(value);
        }
    }
}

package io.jenkins.plugins.gitops.engine.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.Set;

/**
 * The JSON form of gate events: one object on one line. Jenkins persists this text and not the records, because neither
 * XStream (build.xml) nor JBoss Marshalling (program.dat) can be relied on to read records back.
 */
public final class GateJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new TextValues())
            .build();

    private static final Set<String> ENDS = Set.of("rejected", "expired", "superseded", "closed");

    private GateJson() {}

    @NonNull
    public static String write(@NonNull GateEvent event) {
        try {
            return MAPPER.writerFor(GateEvent.class).writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a gate event has no JSON form: " + event, e);
        }
    }

    /** What a page shows of gates, in UTF-8: {@link GateView}s, and what comes with them. */
    @NonNull
    public static byte[] bytes(@NonNull List<?> views) {
        try {
            return MAPPER.writeValueAsBytes(views);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a gate has no JSON form", e);
        }
    }

    /** What a gate is about, for an endpoint that is asked. */
    @NonNull
    public static String write(@NonNull GateSubject subject) {
        try {
            return MAPPER.writeValueAsString(subject);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a gate's subject has no JSON form", e);
        }
    }

    @NonNull
    public static JsonNode tree(@NonNull String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /** {@code {"error": sentence}}. */
    @NonNull
    public static String problem(@NonNull String sentence) {
        return MAPPER.createObjectNode().put("error", sentence).toString();
    }

    /** A problem as scripts of other plugins read it. */
    @NonNull
    public static String message(@NonNull String sentence) {
        return MAPPER.createObjectNode().put("message", sentence).toString();
    }

    /** Whether a line that cannot be read may be the end of its gate. */
    static boolean mayEnd(@NonNull String line) {
        try {
            String kind = MAPPER.readTree(line).path("event").asText();
            return kind.isEmpty() || ENDS.contains(kind);
        } catch (JsonProcessingException damaged) {
            return true;
        }
    }

    /** @throws IllegalStateException if the text is damaged */
    @NonNull
    public static GateEvent read(@NonNull String json) {
        try {
            GateEvent event = MAPPER.readValue(json, GateEvent.class);
            if (event == null || event.at() == null) {
                throw new IllegalStateException("a stored gate event has no kind or no time");
            }
            return event;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored gate event cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    @NonNull
    public static List<GateEvent> read(@NonNull List<String> lines) {
        return lines.stream().map(GateJson::read).toList();
    }
}

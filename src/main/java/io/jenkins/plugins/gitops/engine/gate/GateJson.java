package io.jenkins.plugins.gitops.engine.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.gitops.engine.Json;
import java.util.Set;

/**
 * The JSON form of gate events: one object on one line. Jenkins persists this text and not the records, because neither
 * XStream (build.xml) nor JBoss Marshalling (program.dat) can be relied on to read records back.
 */
public final class GateJson {

    private static final JsonMapper MAPPER = Json.records().build();

    private static final Set<String> ENDS = Set.of("rejected", "expired", "superseded", "closed");

    private GateJson() {}

    public static String write(GateEvent event) {
        return write(event, MAPPER.writerFor(GateEvent.class));
    }

    /** What pages, endpoints and the webhook are told, in the same form. */
    public static String text(Object value) {
        return write(value, MAPPER.writer());
    }

    private static String write(Object value, ObjectWriter writer) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("there is no JSON form of " + value, e);
        }
    }

    public static JsonNode tree(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /** Whether a line that cannot be read may be the end of its gate. */
    static boolean mayEnd(String line) {
        try {
            String kind = MAPPER.readTree(line).path("event").asText();
            return kind.isEmpty() || ENDS.contains(kind);
        } catch (JsonProcessingException damaged) {
            return true;
        }
    }

    /** @throws IllegalStateException if the text is damaged */
    public static GateEvent read(String json) {
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
}

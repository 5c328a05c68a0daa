package io.jenkins.plugins.gitops.playground.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What the page server sends back. */
public record Answer(
        int status,
        @NonNull Map<String, String> headers,
        @NonNull byte[] body) {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final String TYPE = "Content-Type";

    /** @param type for example {@code text/html} */
    @NonNull
    public static Answer text(@NonNull String type, @NonNull String content) {
        return new Answer(200, Map.of(TYPE, type + "; charset=utf-8"), content.getBytes(StandardCharsets.UTF_8));
    }

    /** @param value maps, lists, records and plain values */
    @NonNull
    public static Answer json(@NonNull Object value) throws JsonProcessingException {
        return new Answer(200, Map.of(TYPE, "application/json"), JSON.writeValueAsBytes(value));
    }

    /** A sentence for the person in front of the page. */
    @NonNull
    public static Answer refused(int status, @NonNull String sentence) {
        return new Answer(status, Map.of(TYPE, "text/plain; charset=utf-8"), sentence.getBytes(StandardCharsets.UTF_8));
    }
}

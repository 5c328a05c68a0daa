package io.jenkins.plugins.gitops.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import edu.umd.cs.findbugs.annotations.NonNull;

/** How the plugin reads and writes JSON: the records that it keeps in notes, refs and runs, and files of others. */
public final class Json {

    private Json() {}

    /** Times are text, only components are written, and what a later version added is passed over. */
    @NonNull
    public static JsonMapper.Builder records() {
        return JsonMapper.builder()
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(new JavaTimeModule())
                .disable(
                        SerializationFeature.WRITE_DATES_AS_TIMESTAMPS,
                        SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    }

    /**
     * For a file that anybody may have written: what passes a bound is refused as what is no JSON.
     *
     * @param mostBytes of the file
     * @param longestText of one string in it, in characters
     * @param deepest objects and lists inside each other
     */
    @NonNull
    public static JsonMapper bounded(long mostBytes, int longestText, int deepest) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(longestText)
                                .maxNestingDepth(deepest)
                                .maxDocumentLength(mostBytes)
                                .build())
                        .build())
                .build();
    }
}

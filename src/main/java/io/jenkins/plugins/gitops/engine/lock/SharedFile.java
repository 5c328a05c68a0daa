package io.jenkins.plugins.gitops.engine.lock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.Json;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A file of JSON that controllers share in {@link RepositoryLocks#REF}. Not trusted: whoever may push the ref writes it. */
final class SharedFile {

    private static final int MOST_BYTES = 1 << 20;

    private static final JsonMapper JSON =
            Json.records().enable(SerializationFeature.INDENT_OUTPUT).build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(10)
                        .maxStringLength(10_000)
                        .build());
    }

    private SharedFile() {}

    /** A file says nothing that can be used; the message is a clause without a full stop that says why. */
    static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnreadableException(String why, @Nullable Exception cause) {
            super(why, cause);
        }
    }

    static <T> T read(byte[] content, Class<T> type) throws UnreadableException {
        if (content.length > MOST_BYTES) {
            throw new UnreadableException("it is larger than 1 MiB", null);
        }
        try {
            T read = JSON.readValue(content, type);
            if (read == null) {
                throw new UnreadableException("it is empty", null);
            }
            return read;
        } catch (ValueInstantiationException e) {
            throw new UnreadableException(
                    e.getCause() instanceof RefusedException lock ? lock.clause() : "it is not complete", e);
        } catch (JsonProcessingException e) {
            throw new UnreadableException(Shortened.name(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new UnreadableException(String.valueOf(e.getMessage()), e);
        }
    }

    /** @param tooLarge the sentence where it would take more than may be read again */
    static byte[] write(Object value, String tooLarge) {
        byte[] content;
        try {
            content = (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("there is no JSON form of " + value, e);
        }
        if (content.length > MOST_BYTES) {
            throw new RefusedException(tooLarge);
        }
        return content;
    }
}

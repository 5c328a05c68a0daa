package io.jenkins.plugins.gitops.engine.lock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Locks as JSON. Not trusted: anybody with push access to the ref can write it. */
final class LocksFile {

    /** In the ref. */
    static final String NAME = "locks.json";

    private static final int MOST_BYTES = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(10)
                        .maxStringLength(10_000)
                        .build());
    }

    private LocksFile() {}

    /**
     * What a file says.
     *
     * @param where names the file in the sentence
     * @throws LockException if it cannot be read; nobody knows then what is locked
     */
    static Locks read(String where, byte[] content) {
        if (content.length > MOST_BYTES) {
            throw unreadable(where, "it is larger than 1 MiB", null);
        }
        try {
            Locks read = JSON.readValue(content, Locks.class);
            if (read == null) {
                throw unreadable(where, "it is empty", null);
            }
            if (read.locks().size() > Locks.MOST) {
                throw unreadable(where, "it has more than " + Locks.MOST + " locks", null);
            }
            return read;
        } catch (ValueInstantiationException e) {
            throw unreadable(
                    where, e.getCause() instanceof LockException lock ? lock.getMessage() : "it is not complete", e);
        } catch (JsonProcessingException e) {
            throw unreadable(where, Shortened.name(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw unreadable(where, String.valueOf(e.getMessage()), e);
        }
    }

    private static LockException unreadable(String where, String why, @Nullable Exception cause) {
        return new LockException(
                "Nobody knows what is locked, because " + where + " cannot be read (" + why.replaceFirst("\\.$", "")
                        + "): repair it, or delete the ref to remove every lock.",
                cause);
    }

    static byte[] write(Locks locks) {
        if (locks.locks().size() > Locks.MOST) {
            throw new LockException("There are " + Locks.MOST + " locks already: unlock some first.");
        }
        byte[] content;
        try {
            content = (JSON.writeValueAsString(locks) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("there is no JSON form of locks", e);
        }
        if (content.length > MOST_BYTES) {
            throw new LockException("The locks would take more than 1 MiB: unlock some first.");
        }
        return content;
    }
}

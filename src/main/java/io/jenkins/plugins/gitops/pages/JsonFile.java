package io.jenkins.plugins.gitops.pages;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import hudson.util.AtomicFileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How these pages keep what they remember: a file has all of it or is as it was before. */
public final class JsonFile {

    /** What another version of the plugin has added is left out. */
    public static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** No file is longer: neither one that is written nor one that is read. */
    private static final int MOST_BYTES = 16 << 20;

    private JsonFile() {}

    /** The bytes of a file, for {@link #JSON}. */
    public static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            requireSize(file, content.length);
            return content;
        }
    }

    private static void requireSize(Path file, int bytes) throws IOException {
        if (bytes > MOST_BYTES) {
            throw new IOException(file + " is longer than " + (MOST_BYTES >> 20) + " MiB");
        }
    }

    public static void write(Path file, Object content) throws IOException {
        String json = JSON.writeValueAsString(content);
        requireSize(file, json.getBytes(StandardCharsets.UTF_8).length);
        try (AtomicFileWriter writer = new AtomicFileWriter(file, StandardCharsets.UTF_8)) {
            try {
                writer.write(json);
                writer.commit();
            } finally {
                writer.abort();
            }
        }
    }
}

package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A request of packet lines, put together in memory. */
final class Request {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);

    @NonNull
    Request line(@NonNull String text) {
        byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
        return length(line.length + 4).raw(line);
    }

    @NonNull
    Request delimiter() {
        return length(1);
    }

    @NonNull
    Request flush() {
        return length(0);
    }

    @NonNull
    Request raw(@NonNull byte[] content) {
        bytes.writeBytes(content);
        return this;
    }

    @NonNull
    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private Request length(int length) {
        return raw(String.format("%04x", length).getBytes(StandardCharsets.US_ASCII));
    }
}

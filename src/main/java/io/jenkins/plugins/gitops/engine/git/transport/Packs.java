package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/** The pack at the end of an answer. */
final class Packs {

    private Packs() {}

    /** Hands the pack over and reads the answer to its end, so that the connection can be used again. */
    static void receive(@NonNull PacketReader packets, @NonNull PackSink sink, @NonNull Consumer<String> messages)
            throws IOException {
        try (SideBand pack = new SideBand(packets, messages)) {
            sink.accept(pack);
            pack.transferTo(OutputStream.nullOutputStream());
        }
    }
}

package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What a service says first. Of the refs only the one asked for is kept: a server may list many thousands.
 *
 * @param version 0 or 2
 * @param tip of the ref asked for; always empty with version 2, which lists none
 */
record Advertisement(
        int version,
        @NonNull Capabilities capabilities,
        @NonNull Optional<ObjectId> tip) {

    private static final int ID_LENGTH = 40;

    /** Reads up to and including the flush packet. */
    @NonNull
    static Advertisement read(@NonNull InputStream in, @NonNull String ref) throws IOException {
        PacketReader packets = new PacketReader(in);
        if (packets.next() != PacketReader.Type.DATA) {
            return new Advertisement(0, Capabilities.NONE, Optional.empty());
        }
        String first = packets.text();
        if (first.startsWith("# service=")) {
            // HTTP says so before the advertisement; some servers leave it out for version 2.
            packets.next();
            if (packets.next() != PacketReader.Type.DATA) {
                return new Advertisement(0, Capabilities.NONE, Optional.empty());
            }
            first = packets.text();
        }
        if (first.equals("version 2")) {
            List<String> words = new ArrayList<>();
            while (packets.next() == PacketReader.Type.DATA) {
                words.add(packets.text());
            }
            return new Advertisement(2, Capabilities.parse(words), Optional.empty());
        }
        return readRefs(packets, first, ref);
    }

    private static Advertisement readRefs(PacketReader packets, String first, String ref) throws IOException {
        Capabilities capabilities = Capabilities.NONE;
        Optional<ObjectId> tip = Optional.empty();
        String line = first;
        boolean more = true;
        while (more) {
            int zero = line.indexOf('\0');
            if (zero >= 0) {
                capabilities = Capabilities.parse(
                        Arrays.asList(line.substring(zero + 1).strip().split(" ")));
                line = line.substring(0, zero);
            }
            if (line.length() == ID_LENGTH + 1 + ref.length() && line.endsWith(" " + ref)) {
                tip = Optional.of(Ids.parse(line.substring(0, ID_LENGTH)));
            }
            more = packets.next() == PacketReader.Type.DATA;
            line = more ? packets.text() : "";
        }
        return new Advertisement(0, capabilities, tip);
    }
}

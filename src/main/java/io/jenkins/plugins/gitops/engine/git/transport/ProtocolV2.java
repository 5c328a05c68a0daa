package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ObjectId;

/** The commands of protocol version 2 (gitprotocol-v2). Every request stands alone, also on a pipe. */
final class ProtocolV2 {

    private ProtocolV2() {}

    @NonNull
    static Optional<ObjectId> lsRef(@NonNull Conversation conversation, @NonNull String ref) throws IOException {
        byte[] request = command("ls-refs").line("ref-prefix " + ref).flush().toBytes();
        PacketReader packets = new PacketReader(conversation.ask(request));
        Optional<ObjectId> tip = Optional.empty();
        while (packets.next() == PacketReader.Type.DATA) {
            String[] words = packets.text().split(" ");
            if (words.length >= 2 && words[1].equals(ref)) {
                tip = Optional.of(Ids.parse(words[0]));
            }
        }
        return tip;
    }

    @NonNull
    static FetchAnswer fetch(
            @NonNull Conversation conversation,
            @NonNull FetchWish wish,
            @NonNull PackSink sink,
            @NonNull Consumer<String> messages)
            throws IOException {
        PacketReader packets = new PacketReader(conversation.ask(request(wish)));
        Set<ObjectId> shallow = new HashSet<>();
        Set<ObjectId> unshallow = new HashSet<>();
        boolean ready = !wish.negotiates();
        while (true) {
            PacketReader.Type type = packets.next();
            if (type == PacketReader.Type.FLUSH && !ready) {
                return new FetchAnswer.Unrelated();
            }
            if (type == PacketReader.Type.DELIMITER) {
                continue;
            }
            if (type != PacketReader.Type.DATA) {
                throw new WireException(WireException.Kind.FINAL, "the answer to a fetch holds no pack");
            }
            String line = packets.text();
            if (line.equals("packfile")) {
                break;
            } else if (line.equals("ready")) {
                ready = true;
            } else if (line.startsWith("shallow ")) {
                shallow.add(Ids.parse(line.substring("shallow ".length())));
            } else if (line.startsWith("unshallow ")) {
                unshallow.add(Ids.parse(line.substring("unshallow ".length())));
            }
        }
        Packs.receive(packets, sink, messages);
        return new FetchAnswer.Received(shallow, unshallow);
    }

    private static byte[] request(FetchWish wish) {
        // No thin-pack: a cache of parts may lack the object that a delta would stand on.
        Request request = command("fetch").line("ofs-delta");
        wish.shallow().forEach(id -> request.line("shallow " + id.name()));
        wish.depth().ifPresent(depth -> request.line("deepen " + depth));
        wish.filter().ifPresent(filter -> request.line("filter " + filter));
        wish.wants().forEach(id -> request.line("want " + id.name()));
        wish.haves().forEach(id -> request.line("have " + id.name()));
        if (!wish.negotiates()) {
            request.line("done");
        }
        return request.flush().toBytes();
    }

    private static Request command(String name) {
        return new Request().line("command=" + name).line("agent=" + Agent.NAME).delimiter();
    }
}

package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Fetching the way every server since 2008 knows (gitprotocol-pack): all wants and haves at once, then "done". A server
 * that shares no commit sends all it has; there is no {@link FetchAnswer.Unrelated}.
 */
final class ProtocolV0 {

    private ProtocolV0() {}

    @NonNull
    static FetchAnswer fetch(
            @NonNull Conversation conversation,
            @NonNull Abilities abilities,
            @NonNull FetchWish wish,
            @NonNull PackSink sink,
            @NonNull Consumer<String> messages)
            throws IOException {
        boolean cannotCut =
                abilities.shallow() == Abilities.Shallow.NO && wish.depth().isPresent();
        if (cannotCut || wish.filter().isPresent()) {
            throw new WireException(
                    WireException.Kind.UNSUPPORTED, "the server can neither cut a history nor leave objects out");
        }
        PacketReader packets = new PacketReader(conversation.ask(request(wish)));
        Set<ObjectId> shallow = new HashSet<>();
        Set<ObjectId> unshallow = new HashSet<>();
        if (wish.depth().isPresent()) {
            while (packets.next() == PacketReader.Type.DATA) {
                String[] words = packets.text().split(" ");
                (words[0].equals("shallow") ? shallow : unshallow).add(Ids.parse(words[words.length - 1]));
            }
        }
        if (packets.next() != PacketReader.Type.DATA) {
            throw new WireException(WireException.Kind.FINAL, "the answer to a fetch holds no pack");
        }
        String verdict = packets.text();
        if (!verdict.equals("NAK") && !verdict.startsWith("ACK ")) {
            throw ServerMessages.error(verdict);
        }
        Packs.receive(packets, sink, messages);
        return new FetchAnswer.Received(shallow, unshallow);
    }

    private static byte[] request(FetchWish wish) {
        Request request = new Request();
        Iterator<ObjectId> wants = wish.wants().iterator();
        request.line("want " + wants.next().name() + " side-band-64k ofs-delta agent=" + Agent.NAME);
        wants.forEachRemaining(id -> request.line("want " + id.name()));
        wish.shallow().forEach(id -> request.line("shallow " + id.name()));
        wish.depth().ifPresent(depth -> request.line("deepen " + depth));
        request.flush();
        wish.haves().forEach(id -> request.line("have " + id.name()));
        return request.line("done").toBytes();
    }
}

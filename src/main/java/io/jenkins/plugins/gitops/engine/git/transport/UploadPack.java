package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ObjectId;

/** Reading from a remote: where a branch stands, and objects. One of each per connection. */
public final class UploadPack implements Closeable {

    private final Conversation conversation;
    private final String ref;
    private final Abilities abilities;
    private final Optional<ObjectId> advertisedTip;

    private UploadPack(Conversation conversation, String ref, Abilities abilities, Optional<ObjectId> advertisedTip) {
        this.conversation = conversation;
        this.ref = ref;
        this.abilities = abilities;
        this.advertisedTip = advertisedTip;
    }

    /**
     * Connects.
     *
     * @param known what an earlier connection found out; saves the first request over HTTP
     */
    @NonNull
    public static UploadPack open(@NonNull Channel channel, @NonNull String branch, @NonNull Optional<Abilities> known)
            throws IOException {
        Conversation conversation = channel.open(Service.UPLOAD_PACK);
        String ref = Refs.named(branch);
        try {
            if (conversation.stateless() && known.filter(a -> a.version() == 2).isPresent()) {
                return new UploadPack(conversation, ref, known.get(), Optional.empty());
            }
            Advertisement advertisement = Advertisement.read(conversation.greeting(), ref);
            advertisement.capabilities().requireSha1();
            Abilities found = known.filter(a -> a.version() == advertisement.version())
                    .orElseGet(() -> Abilities.of(advertisement));
            return new UploadPack(conversation, ref, found, advertisement.tip());
        } catch (IOException | RuntimeException e) {
            conversation.close();
            throw e;
        }
    }

    @NonNull
    public Abilities abilities() {
        return abilities;
    }

    /** Where the branch stands; empty when there is no such branch. */
    @NonNull
    public Optional<ObjectId> tip() throws IOException {
        return abilities.version() == 2 ? ProtocolV2.lsRef(conversation, ref) : advertisedTip;
    }

    /**
     * Fetches.
     *
     * @param messages told the server's progress, line by line
     * @throws WireException of kind {@link WireException.Kind#UNSUPPORTED} when the server cannot be asked like this
     */
    @NonNull
    public FetchAnswer fetch(@NonNull FetchWish wish, @NonNull PackSink sink, @NonNull Consumer<String> messages)
            throws IOException {
        return abilities.version() == 2
                ? ProtocolV2.fetch(conversation, wish, sink, messages)
                : ProtocolV0.fetch(conversation, abilities, wish, sink, messages);
    }

    @Override
    public void close() {
        conversation.close();
    }
}

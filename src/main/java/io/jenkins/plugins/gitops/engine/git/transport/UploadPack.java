package io.jenkins.plugins.gitops.engine.git.transport;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.cache.StoreRepository;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;

/** Reading from a remote through JGit: where a branch stands, and objects. One fetch per connection. */
public final class UploadPack implements Closeable {

    private final Channel channel;
    private final StoreRepository local;
    private final String ref;
    private final Channel.Refs refs;
    private Optional<ServerCapabilities> known;
    private final Channel.Greeting greeting = new Channel.Greeting();
    private Connected connected;

    /** JGit wants filter and depth before it connects. */
    private record Connected(Transport transport, FetchConnection connection, Optional<FetchRequest> request) {}

    private UploadPack(
            Channel channel, StoreRepository local, String ref, Channel.Refs refs, Optional<ServerCapabilities> known) {
        this.channel = channel;
        this.local = local;
        this.ref = ref;
        this.refs = refs;
        this.known = known;
    }

    /**
     * Connects, unless all is known that a connection would tell.
     *
     * @param known what an earlier connection found out
     */
    @NonNull
    public static UploadPack open(
            @NonNull Channel channel,
            @NonNull StoreRepository local,
            @NonNull String branch,
            @NonNull Channel.Refs refs,
            @NonNull Optional<ServerCapabilities> known)
            throws IOException {
        UploadPack opened = new UploadPack(channel, local, ReceivePack.ref(branch), refs, known);
        if (known.isEmpty() || refs == Channel.Refs.LISTED) {
            opened.connect(Optional.empty());
        }
        return opened;
    }

    @NonNull
    public ServerCapabilities capabilities() {
        return known.orElseThrow();
    }

    /** Where the branch stands, where refs are listed; empty when there is no such branch. */
    @NonNull
    public Optional<ObjectId> tip() {
        return Optional.ofNullable(connected)
                .map(c -> c.connection().getRef(ref))
                .map(Ref::getObjectId);
    }

    /**
     * Fetches into the local repository.
     *
     * @return false when what is wanted does not descend from what is at hand; nothing was received then
     * @throws WireException of kind {@link WireException.Kind#UNSUPPORTED} when the server cannot be asked like this
     */
    public boolean fetch(@NonNull FetchRequest request) throws IOException {
        local.fetchFrom(request.haves());
        if (connected == null || !connected.request().equals(Optional.of(request))) {
            connect(Optional.of(request));
        }
        FirstRound monitor = new FirstRound(channel, request.negotiates());
        List<Ref> wants = request.wants().stream()
                .<Ref>map(id -> new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, ref, id))
                .toList();
        try {
            connected.connection().fetch(monitor, wants, Set.copyOf(request.haves()));
            local.keepShallow();
            return true;
        } catch (IOException | RuntimeException e) {
            if (monitor.ended) {
                return false;
            }
            IOException why = channel.failure(e);
            throw why instanceof TooLargeObjectInPackException
                    ? new ObjectTooLargeException(local.largestObject(), why)
                    : why;
        } finally {
            close();
        }
    }

    private void connect(Optional<FetchRequest> request) throws IOException {
        close();
        Transport transport = channel.open(local, request.isPresent() ? Channel.Refs.NOT_NEEDED : refs, greeting);
        try {
            transport.setFetchThin(false);
            transport.setTagOpt(TagOpt.NO_TAGS);
            if (request.isPresent()) {
                request.get().depth().ifPresent(transport::setDepth);
                transport.setFilterSpec(filter(request.get()));
            }
            FetchConnection connection = transport.openFetch(List.of(), ref);
            ServerCapabilities found = ServerCapabilities.of(greeting);
            known = Optional.of(
                    known.filter(k -> k.version() == found.version()).orElse(found));
            connected = new Connected(transport, connection, request);
        } catch (IOException | RuntimeException e) {
            transport.close();
            ServerCapabilities.requireSha1(greeting.text());
            throw channel.failure(e);
        }
    }

    private static FilterSpec filter(FetchRequest request) throws IOException {
        return request.filter().isPresent()
                ? FilterSpec.fromFilterLine(request.filter().get())
                : FilterSpec.NO_FILTER;
    }

    /**
     * Ends a fetch whose first round found no common commit: JGit would go on to receive the whole history of what is
     * wanted. It tells a monitor when it sends a further round, before it begins to receive.
     */
    private static final class FirstRound extends EmptyProgressMonitor {

        private final Channel channel;
        private final long before;
        private final boolean only;
        private boolean receiving;
        private boolean ended;

        FirstRound(Channel channel, boolean only) {
            this.channel = channel;
            this.only = only;
            this.before = channel.received();
        }

        @Override
        public void beginTask(String title, int totalWork) {
            receiving = true;
        }

        @Override
        public void update(int completed) {
            if (only && !receiving && channel.received() != before) {
                ended = true;
                throw new IllegalStateException("no common commit");
            }
        }
    }

    @Override
    public void close() {
        if (connected != null) {
            connected.connection().close();
            connected.transport().close();
            connected = null;
        }
    }
}

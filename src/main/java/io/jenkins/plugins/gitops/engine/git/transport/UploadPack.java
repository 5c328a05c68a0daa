package io.jenkins.plugins.gitops.engine.git.transport;

import io.jenkins.plugins.gitops.engine.git.cache.ObjectTooLargeException;
import io.jenkins.plugins.gitops.engine.git.cache.StoreRepository;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectIdRef;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.FilterSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;

/**
 * Reading from a remote through JGit: where a branch stands, and objects. JGit wants filter and depth before it connects,
 * so each fetch is a connection; over HTTP the server is asked only once what it says at the beginning of each.
 */
public final class UploadPack {

    private final Channel channel;
    private final StoreRepository local;
    private final String branch;
    private final Set<String> listed;
    private final String ref;
    private final Channel.Greeting greeting;
    private Optional<ServerCapabilities> capabilities;
    private Optional<Listing> listing = Optional.empty();

    /**
     * Where branches stood.
     *
     * @param began when the server was asked, on the monotonic clock
     * @param tips by branch; empty where there is none
     */
    public record Listing(long began, Map<String, Optional<ObjectId>> tips) {}

    /**
     * Connects only when it has to.
     *
     * @param others branches that are listed when this one is
     * @param known what an earlier connection found out
     */
    public UploadPack(
            Channel channel,
            StoreRepository local,
            String branch,
            Collection<String> others,
            Optional<ServerCapabilities> known) {
        this.channel = channel;
        this.local = local;
        this.branch = branch;
        this.listed = new LinkedHashSet<>(others);
        this.listed.add(branch);
        this.ref = ref(branch);
        this.greeting = new Channel.Greeting(local);
        this.capabilities = known;
    }

    /** A branch by its short name; what starts with {@code refs/} is a full name already. */
    static String ref(String branch) {
        return branch.startsWith(Constants.R_REFS) ? branch : Constants.R_HEADS + branch;
    }

    /** As they are known, or as a connection tells. */
    public ServerCapabilities capabilities() throws IOException {
        if (capabilities.isEmpty()) {
            tip();
        }
        return capabilities.orElseThrow();
    }

    /** Where the branch stands; empty when there is no such branch. One connection, however often it is asked. */
    public Optional<ObjectId> tip() throws IOException {
        if (listing.isEmpty()) {
            greeting.listRefs(true);
            long began = System.nanoTime();
            Map<String, Optional<ObjectId>> tips = new HashMap<>();
            try (Transport transport = channel.open(local, greeting);
                    FetchConnection connection = connect(transport, listed)) {
                for (String name : listed) {
                    tips.put(
                            name,
                            Optional.ofNullable(connection.getRef(ref(name))).map(Ref::getObjectId));
                }
            }
            listing = Optional.of(new Listing(began, tips));
        }
        return listing.get().tips().get(branch);
    }

    /** What the server said of branches, if it was asked. */
    public Optional<Listing> listing() {
        return listing;
    }

    /**
     * Fetches an object into the local repository, with what it reaches unless the filter leaves it out.
     *
     * @param have a commit at hand; without a depth, it must be an ancestor of what is wanted
     * @param depth how many commits of history to receive; empty for all that is not at hand
     * @param filter as {@code git rev-list --filter} knows it, for example {@code blob:none}
     * @return false when what is wanted does not descend from what is at hand; nothing was received then
     * @throws WireException of kind {@link WireException.Kind#UNSUPPORTED} when the server cannot be asked like this
     */
    public boolean fetch(ObjectId want, Optional<ObjectId> have, OptionalInt depth, Optional<String> filter)
            throws IOException {
        return fetch(List.of(want), have, depth, filter);
    }

    /** Fetches objects with what they reach, unless the filter leaves that out: it leaves out nothing that is named. */
    public void fetch(Collection<ObjectId> wants, String filter) throws IOException {
        fetch(wants, Optional.empty(), OptionalInt.empty(), Optional.of(filter));
    }

    private boolean fetch(
            Collection<ObjectId> wants, Optional<ObjectId> have, OptionalInt depth, Optional<String> filter)
            throws IOException {
        Set<ObjectId> haves = have.map(Set::of).orElse(Set.of());
        local.fetchFrom(haves);
        FirstRound monitor = new FirstRound(have.isPresent() && depth.isEmpty());
        List<Ref> wanted = wants.stream()
                .<Ref>map(id -> new ObjectIdRef.Unpeeled(Ref.Storage.NETWORK, ref, id))
                .toList();
        greeting.listRefs(false);
        try (Transport transport = channel.open(local, greeting)) {
            depth.ifPresent(transport::setDepth);
            if (filter.isPresent()) {
                transport.setFilterSpec(FilterSpec.fromFilterLine(filter.get()));
            }
            try (FetchConnection connection = connect(transport, Set.of(branch))) {
                connection.fetch(monitor, wanted, haves);
                local.keepShallow();
                return true;
            }
        } catch (IOException | RuntimeException e) {
            if (monitor.ended) {
                return false;
            }
            IOException why = GitFailures.of(e, channel);
            throw why instanceof TooLargeObjectInPackException
                    ? new ObjectTooLargeException(local.largestObject(), why)
                    : why;
        }
    }

    private FetchConnection connect(Transport transport, Set<String> branches) throws IOException {
        greeting.begin();
        transport.setFetchThin(false);
        transport.setTagOpt(TagOpt.NO_TAGS);
        try {
            FetchConnection connection = transport.openFetch(
                    List.of(), branches.stream().map(UploadPack::ref).toArray(String[]::new));
            ServerCapabilities found = ServerCapabilities.of(greeting);
            if (capabilities.filter(known -> known.version() == found.version()).isEmpty()) {
                capabilities = Optional.of(found);
            }
            return connection;
        } catch (IOException | RuntimeException e) {
            // Refuses what JGit stumbles over.
            ServerCapabilities.of(greeting);
            throw GitFailures.of(e, channel);
        }
    }

    /**
     * Ends a fetch whose first round found no common commit: JGit would go on to receive the whole history of what is
     * wanted. It tells a monitor when it sends a further round, before it begins to receive.
     */
    private final class FirstRound extends EmptyProgressMonitor {

        private final long before = channel.received.get();
        private final boolean only;
        private boolean receiving;
        private boolean ended;

        FirstRound(boolean only) {
            this.only = only;
        }

        @Override
        public void beginTask(String title, int totalWork) {
            receiving = true;
        }

        @Override
        public void update(int completed) {
            if (only && !receiving && channel.received.get() != before) {
                ended = true;
                throw new IllegalStateException("no common commit");
            }
        }
    }
}

package io.jenkins.plugins.gitops.engine.argocd;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One connection to an Argo CD, through the Kubernetes API or its own. Safe for any thread. Every method blocks for at
 * most the connection's time limits and throws {@link ArgoCdException}.
 */
public interface ArgoCd extends AutoCloseable {

    /** Name in {@code operation.info} by which a sync that was asked for is recognised; the value is the wait's id. */
    String MARK = "gitops-promotion";

    /** Where it is, for a log line: no secret. */
    String description();

    /** The namespace of Applications that are named without one. */
    String namespace();

    /** A stream that says nothing for longer than this is dead, whatever the socket says. */
    Duration longestSilence();

    /**
     * How soon after a stream was opened to list once more, because it may have left something out; empty where streams
     * leave nothing out.
     */
    default Optional<Duration> uncheckedFor() {
        return Optional.empty();
    }

    /** All Applications of a namespace, and the version to watch from. */
    Listing list(String namespace);

    /**
     * Opens one stream of changes after a resource version (empty if listing gave none). It ends when the server or the
     * network ends it; keeping it up is the caller's part. A refusal is thrown, or ends the stream.
     */
    Stream watch(String namespace, String resourceVersion, StreamListener listener);

    /** The Application as it is now, with one request; empty when there is none. */
    Optional<Observation> observe(ApplicationName application);

    /**
     * Requests that Argo CD compares the Application with its sources now rather than at its next poll.
     *
     * @param application as last seen
     * @return empty where a requested refresh is still under way, which would swallow this one: request it again when
     *     that is done
     */
    Optional<Accepted> refresh(Observation application, Refresh refresh);

    /**
     * Writes a refresh that is requested already once more, as a change that Argo CD's controller hears of: at load it can
     * miss a request, which then stays until its next poll. Tells nothing of when a comparison began.
     */
    default void renewRefresh(ApplicationName application) {}

    /**
     * Asks for a sync of the revision that the Application follows, where Argo CD does not start one by itself. Nothing
     * is pruned.
     *
     * @param mark to find the operation by, see {@link #MARK}
     * @throws ArgoCdException (rejected) if another operation is under way or a sync window forbids it
     */
    void sync(ApplicationName application, String mark);

    /**
     * Takes back a sync that was requested with this mark, where a sync window keeps it from beginning: it would begin
     * when the window opens, however much later. One that has begun is left alone.
     */
    void withdraw(ApplicationName application, String mark);

    /** Resources that are not healthy, the gravest first, with their messages; empty where this connection cannot tell. */
    List<ResourceState> unhealthyResources(ApplicationName application);

    /** The Application's Rollouts, healthy or not, in the order of its resources. */
    default List<ResourceState> rollouts(ApplicationName application) {
        return List.of();
    }

    /**
     * Does something with one of the Application's Rollouts.
     *
     * @param rollout as {@link #rollouts} or {@link #unhealthyResources} named it
     */
    default void act(ApplicationName application, ResourceState rollout, RolloutAction action) {
        throw new UnsupportedOperationException("no Rollouts");
    }

    /**
     * What keeps Argo CD from starting a sync by itself, such as a closed sync window; empty where nothing does, or
     * this connection cannot tell.
     */
    default Optional<String> heldBack(ApplicationName application) {
        return Optional.empty();
    }

    /** The Application's page in Argo CD's UI, where the address is known. */
    Optional<URI> page(ApplicationName application);

    @Override
    void close();

    /** @param resourceVersion to watch from; empty where a broken stream cannot go on and one has to list again */
    record Listing(List<Observation> applications, Optional<String> resourceVersion) {}

    /** A stream under way. */
    interface Stream extends AutoCloseable {
        /** Ends it; the listener hears nothing more. Does not block. */
        @Override
        void close();
    }

    /** Called by one thread at a time; must not block. */
    interface StreamListener {

        /** The Application is new or changed. */
        void changed(Observation application);

        void deleted(ApplicationName application, String resourceVersion);

        /** Nothing happened up to this version. */
        void bookmark(String resourceVersion);

        /** The stream has ended, with what ended it; called once, last. */
        void ended(Optional<ArgoCdException> cause);
    }

    /** How thoroughly to compare. */
    enum Refresh {
        /** Look at the sources again. */
        NORMAL,
        /** Render the manifests again, too, without the cache. */
        HARD
    }

    /**
     * A refresh that Argo CD will carry out.
     *
     * @param version of the Application from which on it is done when no refresh is requested any more
     */
    record Accepted(String version, Refresh refresh) {

        /** Whether the comparison that this observation shows began after the request. */
        public boolean isDone(Observation application) {
            return application.refresh().isEmpty() && application.isAtLeast(version);
        }
    }
}

package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;

/**
 * One wait.
 *
 * @param id unique among waits; also marks a sync that the wait asks for
 * @param applications all of them must arrive; not empty
 * @param expectation what must be live
 * @param ancestry where to look up how commits relate
 * @param deadline when to stop waiting, by the local clock
 */
public record SyncRequest(
        @NonNull String id,
        @NonNull List<AwaitedApplications> applications,
        @NonNull Expectation expectation,
        @NonNull Policy policy,
        @NonNull CommitRelation.Ancestry ancestry,
        @NonNull Instant deadline) {

    /** Name in {@code operation.info} by which a sync that was asked for is recognised; the value is the wait's id. */
    public static final String MARK = "gitops-promotion";

    public SyncRequest {
        applications = List.copyOf(applications);
        if (applications.isEmpty()) {
            throw new IllegalArgumentException("name at least one Application to wait for");
        }
    }
}

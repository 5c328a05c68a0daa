package io.jenkins.plugins.gitops.engine.argocd;

import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * One wait.
 *
 * @param id unique among waits; also marks a sync that the wait asks for
 * @param applications all of them must arrive; not empty
 * @param expectation what must be live
 * @param ancestry the history of the config repository's branch: whether the first commit is the second or in its
 *     history, false also for unknown ones. May block and throw; it is called off the event thread, and answers are
 *     remembered. Empty without access to the config repository
 * @param deadline when to stop waiting, by the local clock
 */
public record SyncRequest(
        String id,
        List<AwaitedApplications> applications,
        Expectation expectation,
        Policy policy,
        Optional<BiPredicate<String, String>> ancestry,
        Instant deadline) {

    public SyncRequest {
        applications = List.copyOf(applications);
        if (applications.isEmpty()) {
            throw new IllegalArgumentException("name at least one Application to wait for");
        }
    }

    /**
     * What is to be live. With neither commit nor images: whatever Argo CD compares with after being asked to look again.
     *
     * @param commit full id of the commit in the config repository
     * @param images by the image's name in the declaration; empty where only the commit counts
     * @param repository address of the config repository as {@link Observation.Source} has it, to tell the sources apart
     * @param branch that holds the commit: an Application that follows it has to arrive at the commit
     */
    public record Expectation(
            Optional<String> commit,
            Map<String, ImageReference> images,
            Optional<String> repository,
            Optional<String> branch) {

        /** Whatever Argo CD compares with after the wait began. */
        public static final Expectation CURRENT =
                new Expectation(Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

        public Expectation {
            repository = repository.map(Observation.Source::address);
            images = Map.copyOf(images);
        }
    }
}

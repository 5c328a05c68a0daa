package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Operation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Policy;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.verdict.Verdict.Need;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How an explanation names revisions, times and the state an Application is in. */
final class Explanation {

    private static final int SHORT = 7;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40,64}");

    private final CommitPosition position;
    private final Observation app;

    Explanation(CommitPosition position) {
        this.position = position;
        this.app = position.app();
    }

    /** {@code 3f2a91c}; what is not a commit id stays whole. */
    static String shortened(String revision) {
        return COMMIT.matcher(revision).matches() ? revision.substring(0, SHORT) : revision;
    }

    static String revision(List<String> revisions) {
        return revisions.isEmpty()
                ? "an unknown revision"
                : revisions.stream().map(Explanation::shortened).collect(Collectors.joining(" and "));
    }

    static String ended(Operation operation) {
        return "ended " + operation.phase() + (operation.message().isEmpty() ? "" : ": " + operation.message());
    }

    /** A sync under way. */
    String operation(Operation running) {
        boolean terminating = running.phase() == Operation.Phase.TERMINATING;
        StringBuilder text = new StringBuilder(terminating ? "a sync is being terminated" : "syncing");
        if (!running.revisions().isEmpty()) {
            text.append(terminating ? ", of " : " to ").append(name(running.revisions(), position.synced()));
        }
        if (running.retries() > 0) {
            text.append(", retry ").append(running.retries());
        }
        if (!running.message().isEmpty()) {
            text.append(": ").append(running.message());
        }
        if (position.synced() == CommitRelation.OLDER) {
            text.append("; your commit is synced after it: if it hangs, terminate the operation in Argo CD");
        }
        return text.toString();
    }

    String sync() {
        return (app.sync() == SyncState.SYNCED ? "synced to " : app.sync() + " at ")
                + (app.revisions().isEmpty() ? "no revision" : name(app.revisions(), position.compared()));
    }

    /** With Argo CD's message, and with a resource's where there is none or a new pod cannot start. */
    String health() {
        return app.resources().stream()
                // The resources were read before: a Rollout in another health has gone on since.
                .filter(resource -> !resource.isRollout()
                        || resource.health() == app.health().state())
                .min(Comparator.comparing(resource -> !resource.isStuck()))
                .filter(worst -> app.health().state() != HealthState.HEALTHY)
                .filter(worst -> worst.isStuck() || app.health().message().isEmpty())
                .map(this::health)
                .orElseGet(this::healthAlone);
    }

    /** What is paused, and who ends that. */
    String suspended(Policy policy) {
        List<ResourceState> rollouts =
                app.resources().stream().filter(ResourceState::isPaused).toList();
        boolean isPaused = rollouts.stream().anyMatch(ResourceState::isPausedRollout);
        String then = !rollouts.isEmpty() && !isPaused
                ? ", which ends by itself"
                : !policy.has(Policy.Option.RESUME)
                        ? ", resume it or accept Suspended"
                        : isPaused ? ", resuming it" : "";
        return "health " + app.health().state()
                + rollouts.stream().map(rollout -> ", " + of(rollout)).collect(Collectors.joining())
                + then;
    }

    /** A Rollout that stays paused needs somebody to resume it. */
    Set<Need> whenSuspended() {
        return app.resources().stream().anyMatch(ResourceState::isPausedRollout)
                ? Set.of(Need.RESOURCES, Need.RESUME)
                : Set.of(Need.RESOURCES);
    }

    /** With this resource. */
    String health(ResourceState worst) {
        return healthAlone() + ", " + of(worst);
    }

    private String healthAlone() {
        String message = app.health().message();
        return "health " + app.health().state() + (message.isEmpty() ? "" : ", " + message);
    }

    /** {@code Pod/shop-api-5d4f ImagePullBackOff, container api of shop:2, Back-off pulling image …}. */
    static String of(ResourceState resource) {
        return resource.title() + " "
                + (resource.message().isEmpty() ? resource.health().toString() : resource.message());
    }

    String images(ImageEvidence images) {
        return switch (images) {
            case CONFIRMED -> "its images are live";
            case SILENT -> "none of its pods runs one of the images";
            case MIXED -> "pods of the previous version are still running";
            case CONTRADICTED -> "it still runs " + String.join(", ", position.otherImages());
        };
    }

    /** A revision and how it stands to the commit. */
    String name(List<String> revisions, CommitRelation relation) {
        if (position.expectation().commit().isEmpty() || revisions.isEmpty()) {
            return revision(revisions);
        }
        String commit = shortened(position.expectation().commit().get());
        String revision = revision(revisions);
        return switch (relation) {
            case SAME -> "your commit " + commit;
            case NEWER -> revision + " (later than your commit " + commit + ")";
            case OLDER -> revision + " (before your commit " + commit + ")";
            case UNRELATED -> revision + " (not related to your commit " + commit + ")";
            case UNKNOWN -> revision + " (not known yet whether it has your commit " + commit + ")";
        };
    }

    /** Ends in a semicolon, to stand before what else there is; empty where nothing is being hydrated. */
    String hydrating() {
        return app.hydration()
                .filter(Observation.Hydration::isUnderWay)
                .map(hydration -> hydration.attempted().isEmpty()
                        ? "hydrating; "
                        : "hydrating "
                                + name(
                                        List.of(hydration.attempted()),
                                        position.relations().apply(hydration.attempted()))
                                + "; ")
                .orElse("");
    }
}

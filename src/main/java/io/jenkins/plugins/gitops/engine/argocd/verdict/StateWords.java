package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Operation;
import io.jenkins.plugins.gitops.engine.argocd.OperationPhase;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.SyncState;
import io.jenkins.plugins.gitops.engine.argocd.Words;
import java.util.List;

/** How an explanation speaks of the state an Application is in. */
final class StateWords {

    private final Sighting seen;

    StateWords(Sighting seen) {
        this.seen = seen;
    }

    /** A sync under way. */
    String operation(Operation running) {
        StringBuilder text = new StringBuilder(
                running.phase() == OperationPhase.TERMINATING ? "a sync is being terminated" : "syncing");
        if (!running.revisions().isEmpty()) {
            text.append(running.phase() == OperationPhase.TERMINATING ? ", of " : " to ")
                    .append(name(running.revisions(), seen.synced()));
        }
        if (running.retries() > 0) {
            text.append(", retry ").append(running.retries());
        }
        if (!running.message().isEmpty()) {
            text.append(": ").append(running.message());
        }
        return text.toString();
    }

    String sync() {
        return (seen.app().sync() == SyncState.SYNCED
                        ? "synced to "
                        : seen.app().sync() + " at ")
                + (seen.app().revisions().isEmpty()
                        ? "no revision"
                        : name(seen.app().revisions(), seen.compared()));
    }

    String health() {
        StringBuilder text =
                new StringBuilder("health ").append(seen.app().health().state());
        if (!seen.app().health().message().isEmpty()) {
            text.append(", ").append(seen.app().health().message());
        } else if (!seen.app().resources().isEmpty()) {
            ResourceState first = seen.app().resources().get(0);
            text.append(", ").append(first.title()).append(' ');
            text.append(first.message().isEmpty() ? first.health().toString() : first.message());
        }
        return text.toString();
    }

    String images(ImageEvidence images) {
        return switch (images) {
            case CONFIRMED -> "its images are live";
            case SILENT -> "none of its pods runs one of the images";
            case MIXED -> "pods of the version before are still there";
            case CONTRADICTED ->
                "it still runs "
                        + String.join(
                                ", ",
                                ImageEvidence.others(
                                        seen.expectation().images().values(),
                                        seen.app().images()));
        };
    }

    /** A revision and how it stands to the commit. */
    String name(List<String> revisions, Kinship kinship) {
        if (seen.expectation().commit().isEmpty() || revisions.isEmpty()) {
            return Words.revision(revisions);
        }
        String commit = Words.shortened(seen.expectation().commit().get());
        String revision = Words.revision(revisions);
        return switch (kinship) {
            case SAME -> "your commit " + commit;
            case NEWER -> revision + " (later than your commit " + commit + ")";
            case OLDER -> revision + " (before your commit " + commit + ")";
            case UNRELATED -> revision + " (not on the line of your commit " + commit + ")";
            case UNKNOWN -> revision + " (still finding out whether it has your commit " + commit + ")";
        };
    }

    /** Ends in a semicolon, to stand before what else there is; empty where nothing is being hydrated. */
    String hydrating() {
        return seen.app()
                .hydration()
                .filter(hydration -> hydration.phase().equals("Hydrating"))
                .map(hydration -> "hydrating "
                        + name(List.of(hydration.attempted()), seen.lineage().of(hydration.attempted())) + "; ")
                .orElse("");
    }
}

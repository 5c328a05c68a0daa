package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Deployment;
import io.jenkins.plugins.gitops.engine.argocd.Revisions;
import java.util.List;

/** An Application as it was seen, and how it stands to what is expected of it. */
record Sighting(Expectation expectation, ObservedApplication app, Lineage lineage) {

    /** How the last comparison stands to the commit. */
    Kinship compared() {
        return kinship(app.revisions());
    }

    /** How the last sync stands to the commit. */
    Kinship synced() {
        return app.operation().map(last -> kinship(last.revisions())).orElse(Kinship.UNRELATED);
    }

    private Kinship kinship(List<String> revisions) {
        if (app.hydration().isPresent()) {
            List<String> dry = Revisions.dry(app, revisions);
            return dry.isEmpty() ? Kinship.UNRELATED : SourceMatch.of(expectation, app.sources(), dry, lineage);
        }
        return SourceMatch.of(expectation, app.sources(), revisions, lineage);
    }

    /** By name alone: ten entries of history are not worth ten look-ups. */
    boolean isCommit(Deployment entry) {
        return entry.revisions().contains(expectation.commit().orElse(""));
    }

    boolean areImagesLive() {
        return !expectation.images().isEmpty() && images() == ImageEvidence.CONFIRMED;
    }

    ImageEvidence images() {
        return expectation.images().isEmpty()
                ? ImageEvidence.SILENT
                : ImageEvidence.of(expectation.images().values(), app.images());
    }
}

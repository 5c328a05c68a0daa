package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.CommitRelation;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Source;
import io.jenkins.plugins.gitops.engine.argocd.SyncRequest.Expectation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How an Application, as it was seen, stands to what is expected of it. An Application has one revision for each source;
 * only sources in the config repository count, and of those that follow the same branch all must have the commit, since
 * Argo CD resolves them one by one.
 */
record CommitPosition(Expectation expectation, Observation app, Function<String, CommitRelation> relations) {

    /** What a source without a target revision follows may be any branch. */
    private static final Set<String> DEFAULT_BRANCH = Set.of("", "HEAD");

    /** How the last comparison stands to the commit. */
    CommitRelation compared() {
        return relation(app.revisions());
    }

    /** How the last sync stands to the commit. */
    CommitRelation synced() {
        return app.operation().map(last -> relation(last.revisions())).orElse(CommitRelation.UNRELATED);
    }

    CommitRelation relation(List<String> revisions) {
        List<String> known = app.dry(revisions);
        if (expectation.commit().isEmpty()) {
            return revisions.isEmpty() ? CommitRelation.UNRELATED : CommitRelation.SAME;
        }
        Map<String, CommitRelation> byBranch = new LinkedHashMap<>();
        for (int i = 0; i < known.size(); i++) {
            Optional<Source> source =
                    i < app.sources().size() ? Optional.of(app.sources().get(i)) : Optional.empty();
            if (source.isEmpty() || counts(source.get())) {
                String branch = source.map(Source::targetRevision).orElse("");
                byBranch.merge(branch, relations.apply(known.get(i)), CommitPosition::further);
            }
        }
        return byBranch.values().stream().reduce(CommitPosition::nearer).orElse(CommitRelation.UNRELATED);
    }

    /** Whether the commit was only looked at by the source hydrator, which may be about to hydrate it. */
    boolean mayBeHydrated() {
        return app.isOnlyCompared()
                && !(expectation.commit().isPresent()
                        && relations.apply(app.hydration().orElseThrow().dry()).hasArrived());
    }

    /** Argo CD may know the repository by another address than we do: then every source counts, as commit ids are unique. */
    private boolean counts(Source source) {
        return isInRepository(source) || app.sources().stream().noneMatch(this::isInRepository);
    }

    private boolean isInRepository(Source source) {
        return expectation.repository().map(source.repository()::equals).orElse(true);
    }

    /** Whether it follows the branch that has the commit, or may do so: then it will arrive there. */
    boolean followsTheBranch() {
        return app.sources().stream()
                .filter(this::counts)
                .map(Source::targetRevision)
                .map(revision -> revision.replaceFirst("^refs/heads/", ""))
                .anyMatch(revision -> DEFAULT_BRANCH.contains(revision)
                        || expectation.branch().map(revision::equals).orElse(true));
    }

    /** By name alone: ten entries of history are not worth ten look-ups. */
    boolean isCommit(List<String> entry) {
        return entry.contains(expectation.commit().orElse(""));
    }

    boolean areImagesLive() {
        return !expectation.images().isEmpty() && images() == ImageEvidence.CONFIRMED;
    }

    ImageEvidence images() {
        return images(app);
    }

    /** The same of another look. */
    ImageEvidence images(Observation look) {
        return expectation.images().isEmpty()
                ? ImageEvidence.SILENT
                : ImageEvidence.of(expectation.images().values(), look.images());
    }

    /** What runs of the expected images' repositories instead of them. */
    List<String> otherImages() {
        return ImageEvidence.others(expectation.images().values(), app.images());
    }

    /** The one of two that has arrived less; the constants stand in that order but for UNKNOWN. */
    private static CommitRelation further(CommitRelation left, CommitRelation right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    private static CommitRelation nearer(CommitRelation left, CommitRelation right) {
        if (left == CommitRelation.UNRELATED || right == CommitRelation.UNRELATED) {
            return left == CommitRelation.UNRELATED ? right : left;
        }
        return left.compareTo(right) <= 0 ? left : right;
    }
}

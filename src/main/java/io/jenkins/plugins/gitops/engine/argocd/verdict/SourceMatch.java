package io.jenkins.plugins.gitops.engine.argocd.verdict;

import io.jenkins.plugins.gitops.engine.argocd.Expectation;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says how an Application's revisions, one for each source, relate to the commit. Only sources in the config repository
 * count; of those that follow the same branch all must have the commit, since Argo CD resolves them one by one.
 */
final class SourceMatch {

    private SourceMatch() {}

    static Kinship of(Expectation expectation, List<Source> sources, List<String> revisions, Lineage lineage) {
        if (expectation.commit().isEmpty()) {
            return revisions.isEmpty() ? Kinship.UNRELATED : Kinship.SAME;
        }
        // Argo CD may know the repository by another address than we do; commit ids are unique anyway.
        boolean known = sources.stream().anyMatch(source -> isInRepository(source, expectation));
        Map<String, Kinship> byBranch = new LinkedHashMap<>();
        for (int i = 0; i < revisions.size(); i++) {
            Optional<Source> source = i < sources.size() ? Optional.of(sources.get(i)) : Optional.empty();
            if (source.isEmpty() || !known || isInRepository(source.get(), expectation)) {
                String branch = source.map(Source::targetRevision).orElse("");
                byBranch.merge(branch, lineage.of(revisions.get(i)), SourceMatch::further);
            }
        }
        return byBranch.values().stream().reduce(SourceMatch::nearer).orElse(Kinship.UNRELATED);
    }

    private static boolean isInRepository(Source source, Expectation expectation) {
        return expectation
                .repository()
                .map(url -> canonical(url).equals(canonical(source.repository())))
                .orElse(true);
    }

    /** The one of two that has arrived less; the constants stand in that order but for UNKNOWN. */
    private static Kinship further(Kinship left, Kinship right) {
        return left.compareTo(right) >= 0 ? left : right;
    }

    private static Kinship nearer(Kinship left, Kinship right) {
        if (left == Kinship.UNRELATED || right == Kinship.UNRELATED) {
            return left == Kinship.UNRELATED ? right : left;
        }
        return left.compareTo(right) <= 0 ? left : right;
    }

    /** The same repository is written with and without {@code .git}, user and, for SSH, scheme. */
    static String canonical(String url) {
        String rest = url.strip().replaceFirst("^[a-z+]+://", "").replaceFirst("^[^@/]*@", "");
        rest = rest.replaceFirst("^([^/:]+):(\\d+)/", "$1/").replaceFirst("^([^/:]+):", "$1/");
        rest = rest.replaceFirst("/+$", "").replaceFirst("\\.git$", "");
        return rest.toLowerCase(java.util.Locale.ROOT);
    }
}

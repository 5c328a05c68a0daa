package io.jenkins.plugins.gitops.engine.argocd;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an Application runs, healthy and with no sync under way.
 *
 * @param revisions commits of its sources (dry ones under a source hydrator), one for each source
 * @param images images of its pods as they are written there
 * @param healthySince since when this has been so, by the cluster's clock
 */
public record LiveRelease(
        @NonNull ApplicationName application,
        @NonNull List<String> revisions,
        @NonNull List<String> images,
        @NonNull Optional<Instant> healthySince) {}

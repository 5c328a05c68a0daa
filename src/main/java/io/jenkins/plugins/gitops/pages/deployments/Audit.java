package io.jenkins.plugins.gitops.pages.deployments;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.ledger.Deployment;
import io.jenkins.plugins.gitops.engine.ledger.Trailers;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Every deployment with who, what, approvals and verification: a row each, for those who have to show them. */
final class Audit {

    static final List<String> COLUMNS = List.of(
            "repository",
            "application",
            "environment",
            "committedAt",
            "commit",
            "kind",
            "outcome",
            "liveAt",
            "rolledBackBy",
            "images",
            "author",
            "startedBy",
            "gateOpened",
            "approvedBy",
            "overrides",
            "hotfix",
            "reviewed",
            "reason",
            "checks",
            "alerts",
            "sourceCommit",
            "changeAuthors",
            "run",
            "signature",
            "asOf");

    private Audit() {}

    /** @param asOf when the repository was read, so that nobody takes the table for newer than it is */
    static List<Object> row(String repository, Deployment deployment, @CheckForNull Instant asOf) {
        Trailers trailers = deployment.trailers();
        return Arrays.asList(
                repository,
                deployment.application(),
                deployment.environment(),
                deployment.committedAt(),
                deployment.commit(),
                text(deployment.kind()),
                text(deployment.outcome()),
                deployment.liveAt().orElse(null),
                deployment.rolledBackBy(),
                deployment.images().entrySet().stream()
                        .map(image -> image.getKey() + "=" + image.getValue())
                        .toList(),
                deployment.author(),
                trailers.values(Trailers.STARTED_BY),
                trailers.value(Trailers.GATE_OPENED).orElse(null),
                trailers.values(Trailers.APPROVED_BY),
                trailers.values(Trailers.OVERRIDE),
                deployment.hotfix().orElse(null),
                deployment.reviewed().orElse(null),
                trailers.value(Trailers.REASON).orElse(null),
                deployment.checks(),
                deployment.alerts(),
                trailers.value(Trailers.SOURCE_COMMIT).orElse(null),
                trailers.values(Trailers.CHANGE_AUTHOR),
                trailers.value(Trailers.RUN).orElse(null),
                text(deployment.signature()),
                asOf);
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.Nullable;
import io.jenkins.plugins.gitops.engine.RefusedException;
import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import java.util.Optional;

/** The pull request of a release was closed, or merged by somebody before it was its turn. */
final class PullRequestClosedException extends RefusedException {

    private static final long serialVersionUID = 1L;

    private final transient PullRequest request;
    private final boolean isSuperseded;

    /** @param newer address of a newer release's pull request that took its place; null for none */
    PullRequestClosedException(PullRequest request, @Nullable String newer) {
        super(sentence(request, newer));
        this.request = request;
        this.isSuperseded = newer != null;
    }

    private static String sentence(PullRequest request, @Nullable String newer) {
        String by = request.endedBy().map(login -> " by " + login).orElse("");
        if (request.state() == PullRequest.State.MERGED) {
            return "Pull request " + request.url() + " was merged" + by + " before its gate let it pass: check what "
                    + request.base() + " deploys, and require the status " + Proposal.STATUS + " in the rules of "
                    + request.base() + ".";
        }
        return "Pull request " + request.url() + " was closed" + by + ", so the release is "
                + (newer == null ? "rejected: bump or promote again." : "superseded by " + newer + ".");
    }

    /** Who closed it as a decision about its release, by login; empty where nobody is known, or a newer one took its place. */
    Optional<String> rejectedBy() {
        return isSuperseded || request.state() == PullRequest.State.MERGED ? Optional.empty() : request.endedBy();
    }

    String url() {
        return request.url();
    }
}

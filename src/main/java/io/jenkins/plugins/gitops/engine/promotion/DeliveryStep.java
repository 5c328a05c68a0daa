package io.jenkins.plugins.gitops.engine.promotion;

import io.jenkins.plugins.gitops.engine.forge.PullRequest;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Check;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Mergeability;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Outcome;
import io.jenkins.plugins.gitops.engine.forge.PullRequest.Review;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition;
import io.jenkins.plugins.gitops.engine.model.DeliveryDefinition.Merge;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What comes next for a pull request of the plugin. Pure.
 *
 * @param why a clause; empty where there is nothing to say
 */
record DeliveryStep(Kind kind, String why) {

    private static final int MOST_NAMED = 5;

    /** What to do. */
    enum Kind {
        /** It is on its branch: find the release there. */
        MERGED,
        /** Somebody closed it: the release is rejected. */
        CLOSED,
        /** Apply the edit again to the newest commit of its branch. */
        RENEW,
        MERGE,
        /** Its server merges it once its rules allow that. */
        HAND_OVER,
        /** It may not be merged: its server must not have it. Look again later. */
        HOLD,
        /** Look again later. */
        WAIT
    }

    /**
     * @param how it is delivered
     * @param commit that the plugin put on the pull request's branch, and nothing else may be merged
     */
    static DeliveryStep of(PullRequest request, DeliveryDefinition how, String commit) {
        if (!request.isOpen()) {
            return new DeliveryStep(
                    request.state() == PullRequest.State.MERGED ? Kind.MERGED : Kind.CLOSED,
                    request.endedBy().map(login -> "by " + login).orElse(""));
        }
        // Bitbucket Cloud abbreviates.
        if (request.headCommit().isEmpty() || !commit.startsWith(request.headCommit())) {
            return waiting("its server does not show the newest commit of its branch yet");
        }
        if (request.mergeability() == Mergeability.OUTDATED) {
            return new DeliveryStep(Kind.RENEW, request.reason());
        }
        List<String> against = request.reviews().stream()
                .filter(review -> !review.approves())
                .map(Review::login)
                .toList();
        if (!against.isEmpty()) {
            return new DeliveryStep(Kind.HOLD, "changes are requested by " + names(against));
        }
        List<String> failed = checks(request, Outcome.FAILED);
        if (!failed.isEmpty()) {
            return new DeliveryStep(Kind.HOLD, "checks have failed: " + names(failed));
        }
        List<String> pending = checks(request, Outcome.PENDING);
        Kind later = how.autoMerge() || request.handover().isAccepted() ? Kind.HAND_OVER : Kind.WAIT;
        if (!pending.isEmpty()) {
            return new DeliveryStep(later, "checks have not finished: " + names(pending));
        }
        return switch (request.mergeability()) {
            case BLOCKED ->
                new DeliveryStep(
                        later, request.reason().isEmpty() ? "a rule of its branch is not met" : request.reason());
            case UNKNOWN -> new DeliveryStep(later, "its server has not worked out whether it can be merged");
            case READY, OUTDATED ->
                how.merge() == Merge.PEOPLE ? waiting("a person merges it") : new DeliveryStep(Kind.MERGE, "");
        };
    }

    private static DeliveryStep waiting(String why) {
        return new DeliveryStep(Kind.WAIT, why);
    }

    private static List<String> checks(PullRequest request, Outcome outcome) {
        return request.checks().stream()
                .filter(check -> check.outcome() == outcome && !check.name().equals(Proposal.STATUS))
                .map(Check::name)
                .toList();
    }

    private static String names(List<String> names) {
        return names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
    }
}

package io.jenkins.plugins.gitops.steps.rollout;

import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import io.jenkins.plugins.gitops.steps.Messages;
import io.jenkins.plugins.gitops.steps.support.StepParameterException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a step does with a Rollout, as Pipelines write it. */
enum RolloutDeed {
    PROMOTE("promote", RolloutAction.RESUME),
    PROMOTE_FULL("promote-full", RolloutAction.PROMOTE_FULL),
    ABORT("abort", RolloutAction.ABORT),
    RETRY("retry", RolloutAction.RETRY);

    private final String word;
    private final RolloutAction action;

    RolloutDeed(String word, RolloutAction action) {
        this.word = word;
        this.action = action;
    }

    /** @throws StepParameterException if it is none of them */
    static RolloutDeed of(String word) {
        return Arrays.stream(values())
                .filter(deed -> deed.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new StepParameterException("Invalid 'action': '" + word + "' is not one of "
                        + Arrays.stream(values()).map(deed -> deed.word).collect(Collectors.joining(", ")) + "."));
    }

    static ListBoxModel items() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.RolloutDeed_promote(), PROMOTE.word);
        items.add(Messages.RolloutDeed_promoteFull(), PROMOTE_FULL.word);
        items.add(Messages.RolloutDeed_abort(), ABORT.word);
        items.add(Messages.RolloutDeed_retry(), RETRY.word);
        return items;
    }

    RolloutAction action() {
        return action;
    }

    /** Whether it brings a new version further, which is for a gate to allow. */
    boolean isPromotion() {
        return this == PROMOTE || this == PROMOTE_FULL;
    }

    @Override
    public String toString() {
        return word;
    }
}

package io.jenkins.plugins.gitops.pages.verification;

import hudson.Extension;
import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Cause;
import hudson.model.InvisibleAction;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.verification.Verification;
import io.jenkins.plugins.gitops.pages.Messages;
import io.jenkins.plugins.gitops.pages.verification.Kept.StartedBuild;
import java.util.List;

/**
 * What a verification has started for one of its checks, by which it finds the build again: in the queue, and in the
 * job. No two builds of one check and attempt wait in the queue, and none is merged with one that others want.
 */
final class VerificationBuild extends InvisibleAction implements Queue.QueueAction {

    private final String deployment;
    private final int attempt;
    private final String check;
    private final String target;
    private final String commit;

    private VerificationBuild(String deployment, int attempt, String check, String target, String commit) {
        this.deployment = deployment;
        this.attempt = attempt;
        this.check = check;
        this.target = target;
        this.commit = commit;
    }

    static VerificationBuild of(Verification verification, Check check) {
        Verification.Deployed deployed = verification.deployed();
        return new VerificationBuild(
                deployed.id(), verification.attempt(), check.name(), deployed.target(), deployed.commit());
    }

    /** {@link Verification.Deployed#id}. */
    String deployment() {
        return deployment;
    }

    int attempt() {
        return attempt;
    }

    String check() {
        return check;
    }

    boolean isOn(Actionable started) {
        return started.getActions(VerificationBuild.class).stream().anyMatch(this::isSame);
    }

    private boolean isSame(VerificationBuild other) {
        return deployment.equals(other.deployment) && attempt == other.attempt && check.equals(other.check);
    }

    @Override
    public boolean shouldSchedule(List<Action> actions) {
        return actions.stream().noneMatch(action -> action instanceof VerificationBuild other && isSame(other));
    }

    Cause cause() {
        return new Started(check, target, commit);
    }

    /** Says so on the build's page. */
    static final class Started extends Cause {

        private final String check;
        private final String target;
        private final String commit;

        Started(String check, String target, String commit) {
            this.check = check;
            this.target = target;
            this.commit = commit;
        }

        @Override
        public String getShortDescription() {
            return Messages.VerificationBuild_cause(check, target, CommitInfo.abbreviate(commit));
        }
    }

    /** Keeps the number of the build before anything of it is done. */
    @Extension
    public static final class Listener extends RunListener<Run<?, ?>> {

        @Override
        public void onInitialize(Run<?, ?> run) {
            for (VerificationBuild of : run.getActions(VerificationBuild.class)) {
                ReleaseVerifications.get()
                        .began(of, new StartedBuild(run.getParent().getFullName(), run.getNumber()));
            }
        }
    }
}

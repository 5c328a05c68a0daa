package io.jenkins.plugins.gitops.engine.argocd;

import java.util.Locale;

/** What can be done with an Argo Rollout, as Argo CD's resource actions and {@code kubectl argo rollouts} do it. */
public enum RolloutAction {
    /** Goes on from a pause to the next step. */
    RESUME,
    /** Goes on to the end, without further steps, pauses and analyses. */
    PROMOTE_FULL,
    /** Goes back to the stable version. */
    ABORT,
    /** Begins anew after it was aborted. */
    RETRY;

    /** Argo CD's name of it: {@code promote-full}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

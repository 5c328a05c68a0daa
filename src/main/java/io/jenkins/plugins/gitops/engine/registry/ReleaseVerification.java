package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.Release;
import io.jenkins.plugins.gitops.engine.model.Version;
import java.util.Map;

/**
 * Looks at a release before the commit that moves it is made. Blocking, a registry may be asked: call it off the CPS
 * thread.
 */
@FunctionalInterface
public interface ReleaseVerification {

    /** For controllers that know no registry: every release is fine as it is. */
    ReleaseVerification NONE = (release, progress) -> release;

    /**
     * Returns the release to commit: the same images, pinned by digest where the policy says so, with the source commit
     * where only the image knows it.
     *
     * @throws GitOpsException if an image does not exist or breaks a policy; then nothing may be committed
     */
    Release verify(Release release, Progress progress);

    /** Whether there is anything to ask about a release, so that a gate has a requirement for it. */
    default boolean asksFor(Map<String, Version> release) {
        return this != NONE;
    }

    /** The same without what a gate can wait for: scans. */
    default ReleaseVerification beforeGate() {
        return this;
    }
}

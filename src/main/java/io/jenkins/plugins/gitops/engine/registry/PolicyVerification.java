package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Release;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Lets a release pass if every image passes; pins it as the policy says. */
public final class PolicyVerification implements ReleaseVerification {

    private final ImageChecks checks;
    private final Instant since;

    /** @param since from when on an unfinished scan is waited for: when the step began, across its repetitions */
    public PolicyVerification(@NonNull ImageChecks checks, @NonNull Instant since) {
        this.checks = checks;
        this.since = since;
    }

    @Override
    @NonNull
    public Release verify(@NonNull Release release, @NonNull Progress progress) {
        Map<String, ImageReference> images = new LinkedHashMap<>();
        release.images().forEach((name, reference) -> images.put(name, verified(reference, progress)));
        return new Release(images, release.commit());
    }

    @Override
    @NonNull
    public ReleaseVerification beforeGate() {
        return new PolicyVerification(checks.withoutFindings(), since);
    }

    private ImageReference verified(ImageReference reference, Progress progress) {
        ImageCheck check = checks.check(reference, since);
        if (check instanceof ImageCheck.Refused refused) {
            refused.details().forEach(progress::say);
            throw new PolicyViolationException(refused.sentence(), refused.details());
        }
        if (check instanceof ImageCheck.Waiting waiting) {
            throw new ScanPendingException(waiting.state(), waiting.askAgainIn());
        }
        ImageCheck.Passed passed = (ImageCheck.Passed) check;
        progress.say(passed.sentence());
        return passed.release();
    }
}

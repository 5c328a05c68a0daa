package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import io.jenkins.plugins.gitops.engine.model.Release;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Lets a release pass if every image passes; pins it as the policy says. */
public final class PolicyVerification implements ReleaseVerification {

    private final ImageChecks checks;
    private final SourceCommit sourceCommit;
    private final Instant since;

    /** @param since from when on an unfinished scan is waited for: when the step began, across its repetitions */
    public PolicyVerification(@NonNull ImageChecks checks, @NonNull SourceCommit sourceCommit, @NonNull Instant since) {
        this.checks = checks;
        this.sourceCommit = sourceCommit;
        this.since = since;
    }

    @Override
    @NonNull
    public Release verify(@NonNull Release release, @NonNull Progress progress) {
        Map<String, ImageReference> images = new LinkedHashMap<>();
        release.images().forEach((name, reference) -> images.put(name, verified(reference, progress)));
        boolean asked = release.commit() == null && sourceCommit == SourceCommit.FROM_IMAGE;
        return new Release(images, asked ? agreed(images.values(), progress) : release.commit());
    }

    @Override
    @NonNull
    public ReleaseVerification beforeGate() {
        return new PolicyVerification(checks.withoutFindings(), sourceCommit, since);
    }

    /** The commit that every image which names one names; null where none does, or they differ. */
    private String agreed(Collection<ImageReference> images, Progress progress) {
        Set<String> commits = new TreeSet<>();
        for (ImageReference image : images) {
            try {
                checks.revision(image).ifPresent(commits::add);
            } catch (RegistryException e) {
                // Good to know, but nothing that may stop a release which is fine otherwise.
                progress.say("The source commit of " + image + " is not known: " + e.getMessage());
            }
        }
        return commits.size() == 1 ? commits.iterator().next() : null;
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

package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.List;
import java.util.stream.Collectors;

/** The image policy forbids an image: the user releases another, or has the policy changed. */
public final class PolicyViolationException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    PolicyViolationException(@NonNull String sentence) {
        super(sentence);
    }

    /** @param violations at least one */
    @NonNull
    static String sentence(@NonNull ImageReference reference, @NonNull List<Violation> violations) {
        return "Image '" + reference + "' may not be released: "
                + violations.stream().map(Violation::clause).collect(Collectors.joining("; ")) + ".";
    }
}

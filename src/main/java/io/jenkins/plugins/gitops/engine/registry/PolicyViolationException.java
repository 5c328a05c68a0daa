package io.jenkins.plugins.gitops.engine.registry;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.ArrayList;
import java.util.List;

/** The image policy forbids an image: the user releases another, or has the policy changed. */
public final class PolicyViolationException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> details;

    /** @param violations clauses of {@link ImagePolicy}, at least one */
    PolicyViolationException(ImageReference reference, List<String> violations, List<String> details) {
        super("Image '" + reference + "' may not be released: " + String.join("; ", violations) + ".");
        this.details = new ArrayList<>(details);
    }

    /** The list behind the sentence, such as every finding of a scan; unmodifiable. */
    public List<String> details() {
        return List.copyOf(details);
    }
}

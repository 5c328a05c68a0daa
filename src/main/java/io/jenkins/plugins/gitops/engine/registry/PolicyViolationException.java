package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.GitOpsException;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The image policy forbids an image: the user releases another, or has the policy changed. */
public final class PolicyViolationException extends GitOpsException {

    private static final long serialVersionUID = 1L;

    private final ArrayList<String> details;

    PolicyViolationException(@NonNull String sentence, @NonNull List<String> details) {
        super(sentence);
        this.details = new ArrayList<>(details);
    }

    /** The list behind the sentence, such as every finding of a scan; unmodifiable. */
    @NonNull
    public List<String> details() {
        return List.copyOf(details);
    }

    /** @param violations at least one */
    @NonNull
    static String sentence(@NonNull ImageReference reference, @NonNull List<Violation> violations) {
        return "Image '" + reference + "' may not be released: "
                + violations.stream().map(Violation::clause).collect(Collectors.joining("; ")) + ".";
    }
}

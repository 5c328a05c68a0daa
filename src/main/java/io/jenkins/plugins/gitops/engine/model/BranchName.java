package io.jenkins.plugins.gitops.engine.model;

import io.jenkins.plugins.gitops.engine.yaml.Shortened;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a branch as people write it in a step, a form or {@code gitops.yaml}. Everything else that Git resolves to a
 * commit is refused there: who may push no branch may often still push {@code refs/pull/…} or a tag.
 *
 * @see <a href="https://git-scm.com/docs/git-check-ref-format">what Git takes as a name</a>
 */
public final class BranchName {

    private static final int LONGEST = 250;

    private static final Pattern INVALID = Pattern.compile("(?s)refs/.*|HEAD|@|[0-9a-f]{40}|[0-9a-f]{64}"
            + "|-.*|.*[\\s\\p{Z}\\p{Cntrl}~^:?*\\[\\\\].*|.*(\\.\\.|@\\{|//).*"
            + "|/.*|.*[/.]|(.*/)?\\..*|.*\\.lock(/.*)?");

    private BranchName() {}

    /** Why it is not one, without the full stop; empty for the name of a branch. */
    public static Optional<String> problem(String name) {
        boolean valid = !name.isEmpty()
                && name.length() <= LONGEST
                && !INVALID.matcher(name).matches();
        return valid
                ? Optional.empty()
                : Optional.of("'" + Shortened.name(name) + "' is not the name of a branch; write it as 'git branch'"
                        + " shows it, such as main, not as a ref, revision, tag or commit id");
    }
}

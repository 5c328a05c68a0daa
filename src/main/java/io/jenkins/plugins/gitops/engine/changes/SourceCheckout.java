package io.jenkins.plugins.gitops.engine.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;

/**
 * What stands in a workspace.
 *
 * @param repository address of the remote without credentials; empty without a remote
 * @param commit that is checked out; null where it is no Git repository
 * @param rules text of {@link ChangeRules#FILE}, null where there is none
 */
public record SourceCheckout(
        String repository,
        @CheckForNull String commit,
        @CheckForNull String rules) implements Serializable {

    /** Of a workspace without a Git repository. */
    public static final SourceCheckout NONE = new SourceCheckout("", null, null);
}

package io.jenkins.plugins.gitops.engine.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;

/**
 * What stands in a workspace.
 *
 * @param repository address of the remote without credentials, or empty where there is none
 * @param commit that is checked out; null where it is no Git repository
 * @param rules text of {@link ChangeRules#FILE}, null where there is none
 */
public record SourceCheckout(
        String repository,
        @CheckForNull String commit,
        @CheckForNull String rules) implements Serializable {}

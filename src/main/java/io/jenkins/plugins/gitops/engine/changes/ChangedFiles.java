package io.jenkins.plugins.gitops.engine.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;
import java.util.ArrayList;

/**
 * The files that differ from a base.
 *
 * @param base the commit that was compared with; null where there is none
 * @param isKnown whether there is something to compare with; otherwise every file counts as changed
 * @param against with what it was compared, or why with nothing: a clause for the log
 * @param paths relative to the root of the repository, both names of a file that was renamed
 * @param isCut whether there are more than these
 */
public record ChangedFiles(
        @CheckForNull String base, boolean isKnown, String against, ArrayList<String> paths, boolean isCut)
        implements Serializable {}

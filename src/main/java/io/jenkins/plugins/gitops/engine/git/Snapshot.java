package io.jenkins.plugins.gitops.engine.git;

import java.util.Optional;

/** The files of a config repository at one commit. */
public interface Snapshot {

    /** Full id of the commit, 40 lower-case hexadecimal digits. */
    String commit();

    /**
     * The content of a regular file, fetched when first asked for.
     *
     * @param path relative to the root, with {@code /}; a path that leaves the tree, names {@code .git} or goes through
     *     a symbolic link is refused with {@link RepositoryException}
     * @return empty when there is no such file
     */
    Optional<byte[]> file(String path);
}

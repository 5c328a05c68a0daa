package io.jenkins.plugins.gitops.engine.git;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The files of a config repository at one commit.
 *
 * @param commit full id, 40 lower-case hexadecimal digits
 * @param files asked for each file; throws what {@link #file} does
 * @param trust asked for {@link #isTrusted}
 */
public record Snapshot(String commit, Function<String, Optional<byte[]>> files, BooleanSupplier trust) {

    /** One that nobody asks for a signature. */
    public Snapshot(String commit, Function<String, Optional<byte[]>> files) {
        this(commit, files, () -> true);
    }

    /** Whether the commit is by somebody whose word counts: {@link SignatureCheck.Result#isTrusted}. */
    public boolean isTrusted() {
        return trust.getAsBoolean();
    }

    /**
     * The content of a regular file, fetched when first asked for.
     *
     * @param path relative to the root, with {@code /}; a path that leaves the tree, names {@code .git} or goes through
     *     a symbolic link is refused with {@link RepositoryException}
     * @return empty when there is no such file
     */
    public Optional<byte[]> file(String path) {
        return files.apply(path);
    }
}

package io.jenkins.plugins.gitops.engine.git;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The files of a config repository at one commit.
 *
 * @param commit full id, 40 lower-case hexadecimal digits
 * @param files asked for each file; throws what {@link #file} does
 * @param trust asked for {@link #isTrusted}
 * @param listing asked for {@link #list}
 * @param bringing asked for {@link #bring}
 */
public record Snapshot(
        String commit,
        Function<String, Optional<byte[]>> files,
        BooleanSupplier trust,
        BiFunction<String, Predicate<String>, Map<String, Entry>> listing,
        Consumer<Collection<String>> bringing) {

    /** One that nobody asks for a signature, or for what is in a folder. */
    public Snapshot(String commit, Function<String, Optional<byte[]>> files) {
        this(commit, files, () -> true, (folder, enter) -> Map.of(), ids -> {});
    }

    /**
     * What stands at a path.
     *
     * @param mode as Git has it
     * @param id of the content
     */
    public record Entry(int mode, String id) {}

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

    /** The same where files are read another way. */
    public Snapshot reading(Function<String, Optional<byte[]>> other) {
        return new Snapshot(commit, other, trust, listing, bringing);
    }

    /** Has contents at hand, in one request, that are then read one by one. */
    public void bring(Collection<String> ids) {
        bringing.accept(ids);
    }

    /**
     * Everything below a folder that is no folder itself, in order of the paths, which are relative to the folder. No
     * content is read.
     *
     * @param folder relative to the root; empty for the root
     * @param enter whether to look into a folder below it, by its relative path
     * @return empty when there is no such folder
     * @throws RepositoryException if there are very many
     */
    public Map<String, Entry> list(String folder, Predicate<String> enter) {
        return listing.apply(folder, enter);
    }
}

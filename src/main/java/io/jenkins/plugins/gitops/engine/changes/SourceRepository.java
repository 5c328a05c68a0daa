package io.jenkins.plugins.gitops.engine.changes;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * The repository in a workspace, on whatever machine that is. Nothing is fetched, written or executed: what is compared are
 * trees of commits that the checkout has, so that hooks, filters and changes of the work tree have no effect.
 */
public final class SourceRepository implements AutoCloseable {

    /** Of files that are told apart; more of them count as every kind. */
    static final int MOST_FILES = 20_000;

    private static final int LONGEST_PATHS = 4 << 20;

    private final Repository git;
    private final RevWalk walk;

    private SourceRepository(Repository git) {
        this.git = git;
        this.walk = new RevWalk(git);
    }

    /**
     * The repository that has the directory; empty where none has.
     *
     * @param top the workspace, above which no repository is looked for; null to look at the directory alone
     */
    public static Optional<SourceRepository> of(File directory, @CheckForNull File top) throws IOException {
        File canonical = directory.getCanonicalFile();
        File end = top == null ? canonical : top.getCanonicalFile();
        if (!canonical.toPath().startsWith(end.toPath())) {
            end = canonical;
        }
        FileRepositoryBuilder builder = new FileRepositoryBuilder();
        if (end.getParentFile() != null) {
            builder.addCeilingDirectory(end.getParentFile());
        }
        builder.findGitDir(canonical);
        return builder.getGitDir() == null
                ? Optional.empty()
                : Optional.of(new SourceRepository(builder.setMustExist(true).build()));
    }

    /** What is checked out. */
    public SourceCheckout checkout() throws IOException {
        RevCommit head = head();
        return new SourceCheckout(address(), head.name(), rules(head));
    }

    private RevCommit head() throws IOException {
        ObjectId head = git.resolve(Constants.HEAD);
        if (head == null) {
            throw new IOException("the repository in the workspace has no commit");
        }
        return walk.parseCommit(head);
    }

    /** Of origin, or the first remote. */
    private String address() {
        return git.getRemoteNames().stream()
                .min(Comparator.comparing((String name) -> !name.equals(Constants.DEFAULT_REMOTE_NAME))
                        .thenComparing(name -> name))
                .map(name -> git.getConfig().getString("remote", name, "url"))
                .map(SourceRepository::withoutCredentials)
                .orElse("");
    }

    private static String withoutCredentials(String address) {
        try {
            return new URIish(address).setUser(null).setPass(null).toString();
        } catch (java.net.URISyntaxException e) {
            return "";
        }
    }

    @CheckForNull
    private String rules(RevCommit head) throws IOException {
        try (TreeWalk found = TreeWalk.forPath(git, ChangeRules.FILE, head.getTree())) {
            if (found == null) {
                return null;
            }
            ObjectLoader file = git.open(found.getObjectId(0), Constants.OBJ_BLOB);
            return file.getSize() > ChangeRulesReader.MOST_BYTES
                    ? " ".repeat(ChangeRulesReader.MOST_BYTES + 1)
                    : new String(file.getBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The files of the checked out commit that differ from the base. */
    public ChangedFiles compare(ComparisonBase base) throws IOException {
        RevCommit head = head();
        String branch = base.branch();
        Optional<RevCommit> tip = branch == null ? Optional.empty() : tip(branch);
        if (branch != null && tip.isEmpty()) {
            return everything(
                    head,
                    "the checkout has no branch '" + branch
                            + "' to compare with; have it fetched, for example with the refspec +refs/heads/"
                            + branch + ":refs/remotes/origin/" + branch);
        }
        if (tip.isPresent()) {
            RevCommit left = mergeBase(tip.get(), head);
            if (left == null) {
                return everything(
                        head,
                        "the checkout does not have the commit where it left '" + branch
                                + "'; fetch more history than a shallow clone has");
            }
            if (base.isPullRequest() || !left.equals(head)) {
                return difference(
                        left,
                        head,
                        "since it left " + branch + " at " + CommitInfo.abbreviate(left.name())
                                + (base.isPullRequest() ? ", the target of the pull request" : ""));
            }
        }
        return sincePrevious(head, base);
    }

    private ChangedFiles sincePrevious(RevCommit head, ComparisonBase base) throws IOException {
        String last = base.previous();
        if (last == null) {
            return everything(head, "no earlier run of this job was successful");
        }
        String built = CommitInfo.abbreviate(last) + ", which " + base.previousRun() + " built";
        try {
            RevCommit previous = walk.parseCommit(ObjectId.fromString(last));
            boolean isAhead = walk.isMergedInto(previous, head);
            return difference(
                    previous,
                    head,
                    "since " + built
                            + (isAhead
                                    ? ""
                                    : " and which is not in this history: it was force-pushed, or an older commit is"
                                            + " built"));
        } catch (MissingObjectException gone) {
            return everything(
                    head,
                    "the checkout does not have " + built
                            + ": the branch was force-pushed, or the clone is too shallow");
        }
    }

    /** A remote's branch, else whatever else the name means here. */
    private Optional<RevCommit> tip(String branch) throws IOException {
        String name = branch.startsWith(Constants.R_HEADS) ? branch.substring(Constants.R_HEADS.length()) : branch;
        List<String> remotes = git.getRemoteNames().stream()
                .sorted(Comparator.comparing((String remote) -> !remote.equals(Constants.DEFAULT_REMOTE_NAME))
                        .thenComparing(remote -> remote))
                .toList();
        for (String ref : Stream.concat(
                        remotes.stream().map(remote -> Constants.R_REMOTES + remote + "/" + name),
                        Stream.of(Constants.R_REMOTES + name, Constants.R_HEADS + name, Constants.R_TAGS + name))
                .toList()) {
            Ref found = git.exactRef(ref);
            if (found != null && found.getObjectId() != null) {
                return Optional.of(walk.parseCommit(found.getObjectId()));
            }
        }
        return ObjectId.isId(name) ? commit(name) : Optional.empty();
    }

    private Optional<RevCommit> commit(String id) throws IOException {
        try {
            return Optional.of(walk.parseCommit(ObjectId.fromString(id)));
        } catch (MissingObjectException | RevisionSyntaxException e) {
            return Optional.empty();
        }
    }

    @CheckForNull
    private RevCommit mergeBase(RevCommit one, RevCommit other) throws IOException {
        try (RevWalk bases = new RevWalk(git)) {
            bases.setRevFilter(RevFilter.MERGE_BASE);
            bases.markStart(bases.parseCommit(one));
            bases.markStart(bases.parseCommit(other));
            RevCommit found = bases.next();
            return found == null ? null : walk.parseCommit(found);
        } catch (MissingObjectException shallow) {
            return null;
        }
    }

    private ChangedFiles difference(RevCommit base, RevCommit head, String against) throws IOException {
        try (TreeWalk trees = new TreeWalk(git)) {
            trees.addTree(base.getTree());
            trees.addTree(head.getTree());
            trees.setRecursive(true);
            trees.setFilter(TreeFilter.ANY_DIFF);
            return collect(trees, base.name(), against);
        }
    }

    private ChangedFiles everything(RevCommit head, String why) throws IOException {
        try (TreeWalk tree = new TreeWalk(git)) {
            tree.addTree(head.getTree());
            tree.setRecursive(true);
            return collect(tree, null, why);
        }
    }

    private static ChangedFiles collect(TreeWalk trees, @CheckForNull String base, String against) throws IOException {
        ArrayList<String> paths = new ArrayList<>();
        long length = 0;
        while (trees.next()) {
            String path = trees.getPathString();
            length += path.length();
            if (paths.size() == MOST_FILES
                    || length > LONGEST_PATHS
                    || Thread.currentThread().isInterrupted()) {
                return new ChangedFiles(base, base != null, against, paths, true);
            }
            paths.add(path);
        }
        return new ChangedFiles(base, base != null, against, paths, false);
    }

    @Override
    public void close() {
        walk.close();
        git.close();
    }
}

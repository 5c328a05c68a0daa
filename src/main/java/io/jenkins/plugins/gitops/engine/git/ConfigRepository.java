package io.jenkins.plugins.gitops.engine.git;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One remote config repository, read and written without a work tree. Safe for any thread. Blocking: call it off the
 * CPS thread; an interrupt ends it. Every method throws {@link RepositoryException} with one sentence, and {@link
 * BranchMissingException} when the branch does not exist.
 *
 * <p>{@code branch} is a branch name, or a full ref name that starts with {@code refs/} and is taken as it is. The
 * ledger keeps its Git notes in one of those, {@code refs/notes/gitops}, so that remarks on a commit neither move the
 * branch that Argo CD watches nor need another way of writing.
 */
public interface ConfigRepository {

    /** Of the plugin itself, beside the notes: what controllers have in common, such as locks. */
    String OWN_REFS = "refs/gitops/";

    /** The branch as the server has it now. */
    Snapshot tip(String branch, Progress progress);

    /** Whether there is a ref, by its full name. Nothing of it is fetched where the repository can tell without. */
    default boolean hasRef(String ref, Progress progress) {
        try {
            tip(ref, progress);
            return true;
        } catch (BranchMissingException missing) {
            return false;
        }
    }

    /** The tree at a commit that is reachable from the branch; {@code commit} is a full or unique abbreviated id. */
    Snapshot at(String branch, String commit, Progress progress);

    /**
     * Makes one commit on the tip of the branch and pushes it as a compare-and-swap; when the branch moves, the edit is
     * applied again to the new tip. Exactly once per {@link CommitRequest#bumpId()}. A branch that does not exist is an
     * error; a ref under {@code refs/notes/} or {@value #OWN_REFS} that does not exist is made, and its first edit sees
     * an empty tree.
     */
    CommitOutcome commit(CommitRequest request, Progress progress);

    /**
     * Has a branch of its own hold the commit that {@link #commit} would make on the tip of {@link CommitRequest#branch()},
     * and nothing else. The branch is the plugin's: it is made where it does not exist, and set back, as a
     * compare-and-swap, where somebody else pushed to it.
     *
     * @param head the branch of its own
     * @param renew whether the commit is made again where the branch it is for has moved since
     * @return {@link CommitOutcome.AlreadyCommitted} where it stands there, {@link CommitOutcome.Unchanged} where there is
     *     nothing to change and no branch was made
     */
    default CommitOutcome propose(CommitRequest request, String head, boolean renew, Progress progress) {
        throw new UnsupportedOperationException("no branches");
    }

    /** The remote, for what its server does besides Git; empty where there is none. */
    default Optional<Server> server() {
        return Optional.empty();
    }

    /** The remote, and how its server is reached over HTTP. */
    record Server(Remote remote, HttpClients http) {}

    /** Whether {@code descendant} is {@code ancestor} or has it in its history. */
    boolean isAncestor(String branch, String ancestor, String descendant, Progress progress);

    /** Commits of the branch, newest first, that satisfy the query. */
    List<CommitInfo> history(String branch, HistoryQuery query, Progress progress);

    /**
     * A commit of the branch and what is before it, with what stood at some paths. However many commits and paths, a few
     * requests bring what is not at hand.
     *
     * @param commit full id
     * @param most how many commits at most
     */
    FileHistory files(String branch, String commit, Collection<String> paths, int most, Progress progress);

    /**
     * This repository with all commits signed by one key, those on notes included.
     *
     * @param signer asked for at each commit, before anything is sent; what it throws is thrown by {@link #commit}.
     *     Readers never ask, so that they need not read a key.
     */
    ConfigRepository signing(Supplier<CommitSigner> signer);

    /**
     * This repository with the messages of all commits as a template has them, those on notes included. A template that is
     * given later is applied first: {@code {subject}} of the earlier one is what it gives.
     */
    ConfigRepository with(CommitTemplate template);

    /**
     * This repository with the signatures of commits checked: what {@link #history} and {@link #files} return says whose
     * word counts. Without it nobody asks for signatures.
     *
     * @param check asked for when commits are read; equal ones share what was read
     */
    ConfigRepository trusting(Supplier<SignatureCheck> check);

    /**
     * This repository for readers that many ask on behalf of, such as the checks of open gates: its reads take where a
     * branch stood then or later, whoever looked, and those that ask at the same time share one request. However many
     * readers there are, a branch costs one request since then, and none of them holds up a commit. Commits are made as
     * ever.
     *
     * @param earliest {@link System#nanoTime} of the oldest look that counts; that of now reads again but still shares
     */
    default ConfigRepository seenSince(long earliest) {
        return this;
    }

    /** The same as it reads: one for all that differ only in how they commit, so that they share what was read. */
    default ConfigRepository reader() {
        return this;
    }
}

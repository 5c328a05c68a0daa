package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.RepositoryException;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Questions to the history at hand, which may be cut; an empty answer means that more of it is needed. */
final class History {

    private History() {}

    /** @throws RepositoryException if it is not a whole id */
    static ObjectId id(String commit) {
        if (!ObjectId.isId(commit)) {
            throw new RepositoryException("\"" + commit.replaceAll("\\p{Cntrl}", "?")
                    + "\" is not a commit id; give all 40 hexadecimal digits");
        }
        return ObjectId.fromString(commit);
    }

    /** Whether the commit is at hand and in the history at hand of the tip. */
    static boolean contains(ObjectStore store, ObjectId tip, ObjectId commit) throws IOException {
        return descends(store, tip, commit).orElse(false);
    }

    /** Whether {@code descendant}, which is at hand, has {@code ancestor} in its history. */
    static Optional<Boolean> descends(ObjectStore store, ObjectId descendant, ObjectId ancestor) throws IOException {
        Set<ObjectId> shallow = store.shallow();
        boolean cut = false;
        try (RevWalk walk = store.walk()) {
            walk.setRetainBody(false);
            walk.markStart(walk.parseCommit(descendant));
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                if (commit.equals(ancestor)) {
                    return Optional.of(true);
                }
                cut |= shallow.contains(commit);
            }
        }
        return cut ? Optional.empty() : Optional.of(false);
    }

    /** The matching commits; empty when neither limit nor depth is reached before the history at hand ends. */
    static Optional<List<CommitInfo>> select(
            ObjectStore store, ObjectId tip, HistoryQuery query, Optional<SignatureCheck> check) throws IOException {
        Set<ObjectId> shallow = store.shallow();
        List<CommitInfo> found = new ArrayList<>();
        boolean cut = false;
        int seen = 0;
        try (RevWalk walk = store.walk()) {
            walk.markStart(walk.parseCommit(tip));
            RevCommit commit = null;
            while (seen < query.depth() && found.size() < query.limit() && (commit = walk.next()) != null) {
                seen++;
                CommitInfo info = CommitInfo.of(commit);
                if (query.matching().test(info)) {
                    found.add(checked(commit, info, check));
                }
                cut |= shallow.contains(commit);
                commit.disposeBody();
            }
            boolean enough = seen == query.depth() || found.size() == query.limit();
            return enough || !cut ? Optional.of(found) : Optional.empty();
        }
    }

    /**
     * With what is known of its signature. One that says nothing of the kind that only few may say is not worth the
     * arithmetic; its word does not count.
     */
    private static CommitInfo checked(RevCommit commit, CommitInfo info, Optional<SignatureCheck> check) {
        boolean claims = info.trailers().stream().anyMatch(CommitRequest.Trailer::isOwn);
        if (check.isEmpty()) {
            return info;
        } else if (!claims) {
            return info.with(SignatureCheck.Result.UNVERIFIED);
        }
        SignedContent signed = SignedContent.of(commit.getRawBuffer());
        return info.with(check.get().check(commit.name(), signed.content(), signed.signature()));
    }

    /** Whether a commit at hand bears the signature of somebody whose word counts. */
    static boolean isTrusted(ObjectStore store, ObjectId id, SignatureCheck check) throws IOException {
        try (RevWalk walk = store.walk()) {
            RevCommit commit = walk.parseCommit(id);
            return checked(commit, CommitInfo.of(commit), Optional.of(check))
                    .signature()
                    .isTrusted();
        }
    }

    /** A commit and those before it; empty when fewer than that are at hand and history was cut. */
    static Optional<Listed> upTo(ObjectStore store, ObjectId newest, int most, Optional<SignatureCheck> check)
            throws IOException {
        Set<ObjectId> shallow = store.shallow();
        List<Listed.Commit> commits = new ArrayList<>();
        boolean cut = false;
        try (RevWalk walk = store.walk()) {
            walk.markStart(walk.parseCommit(newest));
            RevCommit commit = null;
            while (commits.size() < most && (commit = walk.next()) != null) {
                commits.add(new Listed.Commit(
                        checked(commit, CommitInfo.of(commit), check),
                        Stream.of(commit.getParents()).map(RevCommit::name).toList(),
                        commit.getTree().copy()));
                cut |= shallow.contains(commit);
                commit.disposeBody();
            }
            boolean whole = commit == null || walk.next() == null;
            return cut && commits.size() < most ? Optional.empty() : Optional.of(new Listed(commits, whole && !cut));
        }
    }

    /**
     * Commits, newest first.
     *
     * @param isComplete whether there is nothing older
     */
    record Listed(List<Commit> commits, boolean isComplete) {

        /** Of a server that has not all of the history itself. */
        static final Listed NOTHING = new Listed(List.of(), false);

        /** @param tree the root directory */
        record Commit(CommitInfo info, List<String> parents, ObjectId tree) {}
    }

    /** The one commit whose id begins so; empty when none at hand does. */
    static Optional<ObjectId> abbreviated(ObjectStore store, ObjectId tip, String prefix) throws IOException {
        Optional<ObjectId> found = Optional.empty();
        try (RevWalk walk = store.walk()) {
            walk.setRetainBody(false);
            walk.markStart(walk.parseCommit(tip));
            for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
                if (commit.name().startsWith(prefix)) {
                    if (found.isPresent()) {
                        throw new RepositoryException(
                                "More than one commit begins with " + prefix + "; give more of its digits");
                    }
                    found = Optional.of(commit.copy());
                }
            }
        }
        return found;
    }
}

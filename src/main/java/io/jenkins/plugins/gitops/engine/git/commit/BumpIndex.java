package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.SignatureCheck;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.FooterLine;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;

/** Which bump ids the branch's history at hand holds. Used by one thread at a time. */
final class BumpIndex {

    /** Committers' clocks differ; a search back in time goes this much further. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    /** So many older commits must stand at the end, so that one wrong clock does not end a search. */
    private static final int OLDER_ENOUGH = 10;

    private static final int LONGEST = 100_000;

    /** Of one bump id: anybody who may push can claim it, but makes no more than these worth looking at. */
    private static final int MOST_CLAIMS = 100;

    /** By bump id, in no order; nearly always one. */
    private final Map<String, List<ObjectId>> commits = new HashMap<>();

    private Optional<ObjectId> upTo = Optional.empty();
    private int commitCount;

    /** Takes in what is new at the tip. */
    void extend(ObjectStore store, ObjectId tip) throws IOException {
        if (upTo.equals(Optional.of(tip))) {
            return;
        }
        boolean grows = upTo.isPresent() && store.has(upTo.get()) && commitCount < LONGEST;
        try (RevWalk walk = store.walk()) {
            RevCommit start = walk.parseCommit(tip);
            if (grows && walk.isMergedInto(walk.parseCommit(upTo.get()), start)) {
                walk.reset();
                walk.markUninteresting(walk.parseCommit(upTo.get()));
            } else {
                walk.reset();
                forget();
            }
            walk.markStart(start);
            for (RevCommit commit = walk.next(); commit != null && commitCount < LONGEST; commit = walk.next()) {
                commitCount++;
                ObjectId id = commit.copy();
                bumpId(commit).ifPresent(bump -> claim(bump, id));
            }
        }
        upTo = Optional.of(tip);
    }

    private void claim(String bump, ObjectId commit) {
        List<ObjectId> claims = commits.getOrDefault(bump, List.of());
        if (claims.size() < MOST_CLAIMS) {
            commits.put(bump, Stream.concat(claims.stream(), Stream.of(commit)).toList());
        }
    }

    private static Optional<String> bumpId(RevCommit commit) {
        return commit.getFooterLines().stream()
                .filter(line -> line.getKey().equalsIgnoreCase(CommitRequest.BUMP_ID_TRAILER))
                .map(FooterLine::getValue)
                .reduce((first, last) -> last);
    }

    /** Takes in commits that were just pushed on top of what is known. */
    void pushed(Map<String, ObjectId> made, ObjectId tip) {
        made.forEach(this::claim);
        commitCount += made.size();
        upTo = Optional.of(tip);
    }

    void forget() {
        commits.clear();
        commitCount = 0;
        upTo = Optional.empty();
    }

    /** The commit of this bump; a claim by somebody whose word does not count is none. */
    Optional<ObjectId> find(ObjectStore store, String bumpId, Optional<SignatureCheck> check) throws IOException {
        for (ObjectId claim : commits.getOrDefault(bumpId, List.of())) {
            if (check.isEmpty() || History.isTrusted(store, claim, check.get())) {
                return Optional.of(claim);
            }
        }
        return Optional.empty();
    }

    /** Whether the history at hand is complete or goes back before the given time. */
    static boolean reaches(ObjectStore store, ObjectId tip, Instant since) throws IOException {
        if (store.shallow().isEmpty()) {
            return true;
        }
        long before = since.minus(CLOCKS_DIFFER).getEpochSecond();
        int older = 0;
        boolean cut = false;
        try (RevWalk walk = store.walk()) {
            walk.sort(RevSort.COMMIT_TIME_DESC);
            walk.markStart(walk.parseCommit(tip));
            for (RevCommit commit = walk.next(); commit != null && older < OLDER_ENOUGH; commit = walk.next()) {
                older += commit.getCommitTime() < before ? 1 : 0;
                cut |= store.shallow().contains(commit);
            }
        }
        return older >= OLDER_ENOUGH || !cut;
    }
}

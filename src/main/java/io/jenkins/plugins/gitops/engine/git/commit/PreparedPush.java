package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitRequest.Trailer;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectSource;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.cache.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.GpgSignature;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Commits made in memory for a group of requests, to be pushed together.
 *
 * @param from where the branch stands
 * @param to where it shall stand; the same when no request changes anything
 * @param tree of {@code to}
 * @param outcomes what to tell each request once the branch stands there
 */
record PreparedPush(
        ObjectId from, ObjectId to, ObjectId tree, Trees objects, Map<QueuedCommit, CommitOutcome> outcomes) {

    /**
     * Applies the edits one after the other and makes a commit of each. A request whose edit gives up fails at once and is
     * left out.
     *
     * @param tip the zero id where the ref does not exist yet: the first commit has no parent, its edit an empty tree
     * @param now dates the commits
     */
    static PreparedPush of(List<QueuedCommit> group, ObjectStore store, ObjectSource source, ObjectId tip, Instant now)
            throws IOException {
        Trees objects = new Trees(source);
        Map<QueuedCommit, CommitOutcome> outcomes = new IdentityHashMap<>();
        ObjectId commit = tip;
        ObjectId tree = Constants.EMPTY_TREE_ID;
        Instant when = now;
        if (!tip.equals(ObjectId.zeroId())) {
            try (RevWalk walk = store.walk()) {
                RevCommit parsed = walk.parseCommit(tip);
                tree = parsed.getTree().copy();
                // A clock that was set back does not make a commit older than its parent.
                Instant parent = Instant.ofEpochSecond(parsed.getCommitTime());
                when = when.isBefore(parent) ? parent : when;
            }
        }
        for (QueuedCommit queued : group) {
            try {
                CommitRequest request = queued.request();
                Map<String, byte[]> files =
                        request.edit().apply(unpushed(commit, tree, objects, isTrusted(queued, store, tip, commit)));
                ObjectId edited = files.isEmpty() ? tree : objects.write(tree, files, request.modes());
                if (edited.equals(tree)) {
                    outcomes.put(queued, new CommitOutcome.Unchanged(commit.name()));
                } else {
                    commit = objects.commit(content(request, edited, commit, when));
                    tree = edited;
                    outcomes.put(queued, new CommitOutcome.Committed(commit.name(), List.copyOf(files.keySet())));
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                queued.fail(e);
            }
        }
        return new PreparedPush(tip, commit, tree, objects, outcomes);
    }

    /** What is about to be pushed is this controller's own. */
    private static BooleanSupplier isTrusted(QueuedCommit queued, ObjectStore store, ObjectId tip, ObjectId commit) {
        return () -> {
            try {
                return queued.check().isEmpty()
                        || !commit.equals(tip)
                        || tip.equals(ObjectId.zeroId())
                        || History.isTrusted(store, tip, queued.check().get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    /** The tree an edit sees; a fault on the way to the server passes through the edit and is dealt with above. */
    private static Snapshot unpushed(ObjectId commit, ObjectId tree, Trees objects, BooleanSupplier trust) {
        return new Snapshot(
                commit.name(),
                path -> {
                    try {
                        return objects.read(tree, path);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                trust,
                (folder, enter) -> {
                    try {
                        return objects.list(tree, folder, enter, ids -> {});
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                ids -> {});
    }

    /**
     * The commit's content.
     *
     * @param parent the zero id for none
     */
    private static byte[] content(CommitRequest request, ObjectId tree, ObjectId parent, Instant when) {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        if (!parent.equals(ObjectId.zeroId())) {
            commit.setParentId(parent);
        }
        PersonIdent author =
                new PersonIdent(request.author().name(), request.author().email(), when, ZoneOffset.UTC);
        commit.setAuthor(author);
        commit.setCommitter(author);
        commit.setMessage(message(request));
        Optional<CommitSigner> signer = request.signer();
        if (signer.isPresent()) {
            String signature = signer.get().sign(bytes(commit));
            commit.setGpgSignature(new GpgSignature(signature.getBytes(StandardCharsets.US_ASCII)));
        }
        return bytes(commit);
    }

    /** Subject, body, and the trailers as the last paragraph; the bump id is the last of them. */
    private static String message(CommitRequest request) {
        StringBuilder message = new StringBuilder(request.subject().strip()).append("\n\n");
        if (!request.body().isBlank()) {
            message.append(request.body().strip()).append("\n\n");
        }
        for (Trailer trailer : request.trailers()) {
            message.append(trailer.key()).append(": ").append(trailer.value()).append('\n');
        }
        return message.append(CommitRequest.BUMP_ID_TRAILER)
                .append(": ")
                .append(request.bumpId())
                .append('\n')
                .toString();
    }

    private static byte[] bytes(CommitBuilder commit) {
        try {
            return commit.build();
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("UTF-8 is always there", e);
        }
    }

    /** The commits by their bump ids. */
    Map<String, ObjectId> bumps() {
        Map<String, ObjectId> bumps = new LinkedHashMap<>();
        outcomes.forEach((queued, outcome) -> {
            if (outcome instanceof CommitOutcome.Committed committed) {
                bumps.put(queued.request().bumpId(), ObjectId.fromString(committed.commit()));
            }
        });
        return bumps;
    }

    void settle() {
        outcomes.forEach((queued, outcome) -> queued.outcome().complete(outcome));
    }
}

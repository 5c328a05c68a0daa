package io.jenkins.plugins.gitops.engine.git.commit;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.CommitInfo;
import io.jenkins.plugins.gitops.engine.git.CommitOutcome;
import io.jenkins.plugins.gitops.engine.git.CommitRequest;
import io.jenkins.plugins.gitops.engine.git.CommitSigner;
import io.jenkins.plugins.gitops.engine.git.ConfigRepository;
import io.jenkins.plugins.gitops.engine.git.HistoryQuery;
import io.jenkins.plugins.gitops.engine.git.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** A config repository whose commits are all signed with one key, those on notes included. */
public final class SigningRepository implements ConfigRepository {

    private final ConfigRepository repository;
    private final Supplier<CommitSigner> signer;

    /**
     * @param signer asked for at each commit, before anything is sent; what it throws is thrown by {@link #commit}.
     *     Readers never ask, so that they need not read a key.
     */
    public SigningRepository(@NonNull ConfigRepository repository, @NonNull Supplier<CommitSigner> signer) {
        this.repository = repository;
        this.signer = signer;
    }

    @Override
    public Snapshot tip(String branch, Progress progress) {
        return repository.tip(branch, progress);
    }

    @Override
    public Snapshot at(String branch, String commit, Progress progress) {
        return repository.at(branch, commit, progress);
    }

    @Override
    public CommitOutcome commit(CommitRequest request, Progress progress) {
        return repository.commit(request.signedBy(signer.get()), progress);
    }

    @Override
    public boolean isAncestor(String branch, String ancestor, String descendant, Progress progress) {
        return repository.isAncestor(branch, ancestor, descendant, progress);
    }

    @Override
    public List<CommitInfo> history(String branch, HistoryQuery query, Progress progress) {
        return repository.history(branch, query, progress);
    }

    @Override
    public ConfigRepository seenWithin(Duration maxAge) {
        return new SigningRepository(repository.seenWithin(maxAge), signer);
    }
}

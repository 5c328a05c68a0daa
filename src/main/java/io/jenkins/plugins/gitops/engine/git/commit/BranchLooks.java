package io.jenkins.plugins.gitops.engine.git.commit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.jenkins.plugins.gitops.engine.git.transport.UploadPack;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where the branches of one remote stood when it was last asked. Those that many readers ask for are listed whenever one of
 * them is: however many there are, one request tells of all. Safe for any thread.
 */
final class BranchLooks {

    private static final int MOST_KNOWN = 1000;
    private static final int MOST_SHARED = 50;
    private static final Duration SHARED_FOR = Duration.ofMinutes(5);

    private final Cache<String, UploadPack.Listing> looks =
            Caffeine.newBuilder().maximumSize(MOST_KNOWN).build();
    private final Cache<String, Boolean> shared = Caffeine.newBuilder()
            .maximumSize(MOST_SHARED)
            .expireAfterAccess(SHARED_FOR)
            .build();

    /** The branches to list with every other. */
    Set<String> shared() {
        return Set.copyOf(shared.asMap().keySet());
    }

    /** The last look at a branch that many ask for, unless it began earlier. */
    Optional<UploadPack.Listing> since(String branch, long earliest) {
        shared.put(branch, true);
        return Optional.ofNullable(looks.getIfPresent(branch)).filter(listing -> listing.began() - earliest >= 0);
    }

    void note(UploadPack.Listing listing) {
        listing.tips().keySet().forEach(branch -> looks.put(branch, listing));
    }

    /** It was changed from here. */
    void forget(String branch) {
        looks.invalidate(branch);
    }
}

package io.jenkins.plugins.gitops.engine.git;

import java.util.function.Predicate;

/**
 * Which commits to list.
 *
 * @param matching kept commits; evaluated newest first, and again for the same commit when more history is fetched
 * @param limit how many matches at most
 * @param depth how many commits are looked at before giving up
 */
public record HistoryQuery(Predicate<CommitInfo> matching, int limit, int depth) {

    public HistoryQuery {
        if (limit < 1 || depth < 1) {
            throw new IllegalArgumentException("Limit and depth of a history query are above zero");
        }
    }
}

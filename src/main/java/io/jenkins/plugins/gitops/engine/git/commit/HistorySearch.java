package io.jenkins.plugins.gitops.engine.git.commit;

import io.jenkins.plugins.gitops.engine.Progress;
import io.jenkins.plugins.gitops.engine.git.cache.ObjectStore;
import io.jenkins.plugins.gitops.engine.git.transport.Channel;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/** Asks the history of a branch, of which only the newest part may be at hand: what is missing is fetched as needed. */
record HistorySearch(RemoteCache cache, Channel channel, String branch, Progress progress) {

    static final int ALL = Integer.MAX_VALUE;

    private static final int FIRST_DEPTH = 64;

    /**
     * What is asked; empty where the answer needs more of the history.
     *
     * @param <T> of the answer
     */
    @FunctionalInterface
    interface Question<T> {
        Optional<T> ask(ObjectStore store) throws IOException;
    }

    /**
     * Asks the history at hand, and again when more of it was fetched.
     *
     * @param most how many commits from the tip to fetch before giving up
     */
    <T> Optional<T> search(int most, Question<T> question) throws IOException {
        int fetched = 0;
        for (int depth = FIRST_DEPTH; ; depth = deeper(depth)) {
            ObjectStore store = cache.store();
            Optional<T> answer = question.ask(store);
            boolean complete = store.shallow().isEmpty();
            cache.requireCurrent(store);
            if (answer.isPresent() || complete || fetched >= most) {
                return answer;
            }
            fetched = Math.min(depth, most);
            cache.deepen(channel, branch, fetched, progress);
        }
    }

    private static int deeper(int depth) {
        return depth > 20_000 ? ALL : depth * 8;
    }

    /** Whether the one has the other in its history. */
    boolean descends(ObjectId newer, ObjectId older) throws IOException {
        return search(ALL, store -> store.has(newer) ? History.descends(store, newer, older) : Optional.empty())
                .orElse(false);
    }
}

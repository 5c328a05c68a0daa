package io.jenkins.plugins.gitops.engine.forge;

import java.util.List;
import java.util.Optional;

/**
 * A pull request, or merge request, as its server last told.
 *
 * @param number by which its server names it in the repository
 * @param url where people read it
 * @param head its branch
 * @param base the branch that it is to be merged into
 * @param text its description, as it was written
 * @param headCommit tip of its branch; full id, but for Bitbucket Cloud, which abbreviates it
 * @param mergeCommit what the merge made of it on the base branch; empty while it is not merged
 * @param endedBy login of who merged or closed it, where the server says so
 * @param reason a clause: why it cannot be merged now; empty where the server gives none
 * @param reviews the last decision of each reviewer; comments are none
 * @param checks what ran for its head commit
 * @param handover whether its server merges it by itself
 */
public record PullRequest(
        long number,
        String url,
        String head,
        String base,
        String text,
        String headCommit,
        State state,
        Optional<String> mergeCommit,
        Optional<String> endedBy,
        Mergeability mergeability,
        String reason,
        List<Review> reviews,
        List<Check> checks,
        Handover handover) {

    public PullRequest {
        reviews = List.copyOf(reviews);
        checks = List.copyOf(checks);
    }

    /** Of a commit's id, in digits: Bitbucket Cloud abbreviates. */
    private static final int SHORTEST = 12;

    /** Whether it is decided. */
    public enum State {
        OPEN,
        MERGED,
        /** Without a merge. */
        CLOSED
    }

    /** Whether its server would merge it now. */
    public enum Mergeability {
        READY,
        /** It conflicts with its base, or must have the newest of it first. */
        OUTDATED,
        /** A review, a check or another rule is missing. */
        BLOCKED,
        /** The server has not worked it out. */
        UNKNOWN
    }

    /**
     * What a reviewer decided last.
     *
     * @param login for people to read
     * @param account what its server knows the reviewer by for good, where that is not the login
     * @param email where the server tells it
     * @param commit tip of the branch that was reviewed, or as much of its id as the server tells; empty where it does not
     *     tell, and then nobody knows what was reviewed
     */
    public record Review(
            String login, boolean approves, String account, Optional<String> email, Optional<String> commit) {

        /** One of whom nothing more is known. */
        public Review(String login, boolean approves) {
            this(login, approves, login, Optional.empty(), Optional.empty());
        }

        /** Whether it is an approval of this commit. */
        public boolean approves(String reviewed) {
            return approves
                    && commit.filter(id -> id.length() >= SHORTEST && reviewed.startsWith(id))
                            .isPresent();
        }
    }

    /** A check run, build or commit status. */
    public record Check(String name, Outcome outcome) {}

    /** How a check stands; one that was skipped has passed. */
    public enum Outcome {
        PENDING,
        PASSED,
        FAILED
    }

    /**
     * Whether its server merges it by itself, because the plugin or a person asked for that.
     *
     * @param hasQueue whether a queue, or train, of the base branch makes the merges into it
     * @param by what has it; nothing where the server does not tell
     * @param tested the commit that the queue would put on the base branch, where it has made it
     */
    public record Handover(boolean hasQueue, By by, Optional<String> tested) {

        public static final Handover NONE = new Handover(false, By.NOBODY, Optional.empty());

        /** What merges it. */
        public enum By {
            NOBODY,
            QUEUE,
            /** Merges, or queues, as soon as the rules of the base branch allow it. */
            AUTO_MERGE
        }

        public boolean isAccepted() {
            return by != By.NOBODY;
        }

        /** Whether nothing is left to ask for: the queue alone merges it. */
        public boolean isQueued() {
            return hasQueue && isAccepted();
        }
    }

    /** How the commits come onto the base branch. */
    public enum Method {
        MERGE,
        SQUASH,
        REBASE
    }

    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** The same, with another tip of its branch, which its server may not show yet. */
    public PullRequest at(String commit) {
        return new PullRequest(
                number,
                url,
                head,
                base,
                text,
                commit,
                state,
                mergeCommit,
                endedBy,
                mergeability,
                reason,
                reviews,
                checks,
                handover);
    }
}

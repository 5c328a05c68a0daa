package io.jenkins.plugins.gitops.engine.argocd.verdict;

import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What a wait makes of an Application. Explanations are one sentence without the Application's name and end. */
public sealed interface Verdict {

    /** Before anything is known. */
    Pending CONNECTING = new Pending("connecting to Argo CD", Set.of(), Optional.empty());

    String explanation();

    /**
     * Not decided.
     *
     * @param needs what would bring it on
     * @param reviewAt when it may change without anything happening, by the local clock
     */
    record Pending(String explanation, Set<Need> needs, Optional<Instant> reviewAt) implements Verdict {}

    /** The expectation is live and healthy. */
    record Healthy(String explanation) implements Verdict {}

    /** It will not get there by itself. */
    record Failed(String explanation, FailureReport report) implements Verdict {}

    /** It did not get there in time; the explanation says what it still waited for. */
    record TimedOut(String explanation) implements Verdict {}

    /** Something newer, or a rollback, took its place. */
    record Superseded(String explanation) implements Verdict {}

    /** What a pending wait asks for. */
    enum Need {
        /** Argo CD should compare it with its sources again. */
        REFRESH,
        /** Render the manifests again, too: the cached ones contradict what runs. */
        RENDER,
        /** The sync should be started. */
        SYNC,
        /** Argo CD should say what keeps it from syncing. */
        REASON,
        /** Argo CD should say which resources are not healthy. */
        RESOURCES,
        /** A Rollout that stays paused should be resumed. */
        RESUME
    }

    /**
     * The kinds of verdict, for callers that store or return one, the decisive first: a failure decides at once for all,
     * being superseded too; then as long as one is pending all are.
     */
    enum Kind implements Serializable {
        FAILED,
        SUPERSEDED,
        TIMED_OUT,
        PENDING,
        HEALTHY
    }

    default Kind kind() {
        if (this instanceof Pending) {
            return Kind.PENDING;
        } else if (this instanceof Healthy) {
            return Kind.HEALTHY;
        } else if (this instanceof Failed) {
            return Kind.FAILED;
        } else if (this instanceof TimedOut) {
            return Kind.TIMED_OUT;
        }
        return Kind.SUPERSEDED;
    }
}

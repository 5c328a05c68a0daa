package io.jenkins.plugins.gitops.engine.verification;

import java.util.concurrent.CompletionStage;

/** Takes the looks of one check. */
@FunctionalInterface
public interface CheckProbe {

    /**
     * Looks once. Called on a shared thread, which it must not hold while it waits for an answer. What it throws, and a stage
     * that fails, is a look that could not be taken.
     */
    CompletionStage<Sample> look();

    /**
     * No look follows, and how the check or its verification ended is kept: whatever the looks have begun and nobody waits
     * for can go. Called on a shared thread, at most once until a restart; no more than an attempt is expected.
     */
    default void ended() {}
}

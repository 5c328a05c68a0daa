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
}

package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** One automatic check of a gate, asked again and again while the gate is open. Safe for any thread. */
public interface GateCheck {

    /** Names it within its gate; an override refers to it by this id. */
    @NonNull
    String id();

    /**
     * What it says now. May block for a few seconds before it returns, but not on a server that may be slow: that
     * answer comes later. What it throws, at once or later, counts as not answered, and it is asked again.
     *
     * @param gate as it stands
     */
    @NonNull
    CompletionStage<CheckResult> ask(@NonNull Gate gate, @NonNull Instant now);

    /** A check that has its answer when it returns. */
    @NonNull
    static GateCheck of(@NonNull String id, @NonNull BiFunction<Gate, Instant, CheckResult> answer) {
        return new GateCheck() {
            @Override
            @NonNull
            public String id() {
                return id;
            }

            @Override
            @NonNull
            public CompletionStage<CheckResult> ask(@NonNull Gate gate, @NonNull Instant now) {
                return CompletableFuture.completedFuture(answer.apply(gate, now));
            }
        };
    }
}

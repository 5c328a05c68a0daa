package io.jenkins.plugins.gitops.engine.gate;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * One automatic check of a gate, asked again and again while the gate is open.
 *
 * @param id names it within its gate; an override refers to it by this id
 * @param question what it says now, of the gate as it stands. Safe for any thread; may block for a few seconds before it
 *     returns, but not on a server that may be slow: that answer comes later. What it throws, at once or later, counts as
 *     not answered, and it is asked again
 */
public record GateCheck(String id, BiFunction<Gate, Instant, CompletionStage<CheckResult>> question) {

    /** A check that has its answer when it returns. */
    public static GateCheck of(String id, BiFunction<Gate, Instant, CheckResult> answer) {
        return new GateCheck(id, answer.andThen(CompletableFuture::completedFuture));
    }

    public CompletionStage<CheckResult> ask(Gate gate, Instant now) {
        return question.apply(gate, now);
    }
}

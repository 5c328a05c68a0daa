package io.jenkins.plugins.gitops.engine.gate;

import io.jenkins.plugins.gitops.engine.GitOpsException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

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

    /**
     * What checks say of a gate, by their ids; all are asked at the same time. Never completes with an exception.
     *
     * @param longest a check that has not answered by then counts as not answered
     */
    static CompletableFuture<Map<String, CheckResult>> answers(
            List<GateCheck> checks, Gate seen, Instant now, Duration longest) {
        Map<String, CompletableFuture<CheckResult>> answers = new LinkedHashMap<>();
        checks.forEach(check -> answers.put(check.id(), answer(check, seen, now, longest)));
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .thenApply(done -> {
                    Map<String, CheckResult> said = new LinkedHashMap<>();
                    answers.forEach((id, answer) -> said.put(id, answer.join()));
                    return said;
                });
    }

    private static CompletableFuture<CheckResult> answer(GateCheck check, Gate seen, Instant now, Duration longest) {
        try {
            return check.ask(seen, now)
                    .toCompletableFuture()
                    .copy()
                    .completeOnTimeout(
                            CheckResult.pending(
                                    check.id(), "did not respond within " + longest.toSeconds() + " s", null),
                            longest.toMillis(),
                            TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> noAnswer(check, failure));
        } catch (Throwable failure) {
            return CompletableFuture.completedFuture(noAnswer(check, failure));
        }
    }

    private static CheckResult noAnswer(GateCheck check, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof GitOpsException)) {
            Logger.getLogger(GateCheck.class.getName())
                    .log(Level.WARNING, "The check '" + check.id() + "' of a gate failed", cause);
        }
        return CheckResult.pending(
                check.id(),
                "could not be checked: " + (cause instanceof GitOpsException ? cause.getMessage() : cause.toString()),
                null);
    }
}

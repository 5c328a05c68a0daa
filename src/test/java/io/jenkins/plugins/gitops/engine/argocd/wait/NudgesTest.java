package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.ObservedApplication;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often Argo CD is asked for a refresh: a request may be lost (trap 5), and a thousand waits are not a thousand. */
@Timeout(240)
class NudgesTest {

    private static final ObservedApplication SHOP = Applications.waiting("shop", "c".repeat(40));
    private static final Instant START = Instant.parse("2026-08-01T10:00:00Z");

    private final ScriptedArgoCd argoCd = new ScriptedArgoCd();
    private final Threads threads = new Threads();
    private volatile Instant now = START;
    private final Nudges nudges = new Nudges(argoCd, threads.nudges(), threads, () -> now);

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void theSameRefreshIsAskedForAgainEverMoreSeldom() {
        int asked = 0;
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
            Instant again = refresh(START);

            assertThat(Duration.between(now, again)).isEqualTo(Duration.ofSeconds(seconds));
            now = again.minusMillis(1);
            assertThat(refresh(START)).isEqualTo(again);
            int expected = ++asked;
            await().until(() -> argoCd.refreshes.get() == expected);
            now = again;
        }
    }

    @Test
    void waitsThatBeginCloseTogetherAreServedByOneRequestMore() {
        refresh(START);
        for (int i = 1; i <= 1_000; i++) {
            now = START.plusMillis(i);
            assertThat(refresh(now)).isEqualTo(START.plusSeconds(2));
        }

        now = START.plusSeconds(2);
        for (int i = 1; i <= 1_000; i++) {
            assertThat(refresh(START.plusMillis(i))).isEqualTo(START.plusSeconds(7));
        }

        await().until(() -> argoCd.refreshes.get() == 2);
    }

    @Test
    void whatArgoCdSaysAgainstARequestIsKeptUntilOneSucceeds() {
        argoCd.failRefreshes(new ArgoCdException(Reason.REFUSED, "Cannot ask (403, no).", null));
        refresh(START);
        await().until(() -> refusal().equals(Optional.of("Cannot ask (403, no).")));

        now = START.plusSeconds(5);
        refresh(START);

        await().until(() -> refusal().isEmpty());
    }

    private Instant refresh(Instant since) {
        return onLoop(() -> nudges.refresh(SHOP, Refresh.HARD, since));
    }

    private Optional<String> refusal() {
        return onLoop(() -> nudges.refusal(SHOP.name()));
    }

    private <T> T onLoop(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        threads.onLoop(() -> answer.complete(question.get()));
        return answer.join();
    }
}

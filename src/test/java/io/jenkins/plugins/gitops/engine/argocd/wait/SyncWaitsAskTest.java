package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Awaiting;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions asked over the connections that waits share. */
@Timeout(240)
class SyncWaitsAskTest {

    private static final String COMMIT = "a".repeat(40);
    private static final Duration SOON = Awaiting.LONG;

    private final ScriptedArgoCd argoCd = new ScriptedArgoCd();
    private final AtomicInteger opened = new AtomicInteger();
    private volatile Duration ahead = Duration.ZERO;
    private final SyncWaits waits = new SyncWaits(
            name -> {
                opened.incrementAndGet();
                if (name.equals("none")) {
                    throw new ArgoCdException(Reason.REFUSED, "There is no connection none.", null);
                }
                return argoCd;
            },
            () -> Instant.now().plus(ahead),
            new Random(7),
            Duration.ofMillis(200));

    @AfterEach
    void stop() {
        waits.close();
    }

    @Test
    void anApplicationIsShownAsItIsNow() {
        argoCd.put(Applications.live("shop", COMMIT, 1));

        assertThat(waits.observe("main", Optional.empty(), "shop"))
                .succeedsWithin(SOON)
                .isEqualTo(Optional.of(Applications.live("shop", COMMIT, 1)));
    }

    @Test
    void anApplicationThatIsNotThereIsNoError() {
        assertThat(waits.observe("main", Optional.empty(), "shop"))
                .succeedsWithin(SOON)
                .isEqualTo(Optional.empty());
    }

    @Test
    void manyQuestionsShareOneConnectionWhichIsClosedAfterTheLast() {
        argoCd.put(Applications.live("shop", COMMIT, 1));

        List<CompletableFuture<Optional<Observation>>> answers = IntStream.range(0, 50)
                .mapToObj(number -> waits.observe("main", Optional.empty(), "shop"))
                .toList();

        assertThat(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)))
                .succeedsWithin(SOON);
        assertThat(opened).hasValue(1);
        await().until(() -> argoCd.closes.get() == 1);
    }

    @Test
    void allApplicationsAreListedWithOneRequestHoweverManyThereAre() {
        List<Observation> all = IntStream.range(0, 300)
                .mapToObj(number -> Applications.live("shop-" + number, COMMIT, 1))
                .toList();
        all.forEach(argoCd::put);

        CompletableFuture<List<SyncWaits.Listed>> answer = waits.list("main", Optional.empty());

        assertThat(answer).succeedsWithin(SOON);
        assertThat(answer.join()).extracting(SyncWaits.Listed::application).containsExactlyInAnyOrderElementsOf(all);
        // The other one is the shared feed's own.
        await().until(() -> argoCd.lists.get() == 2);
    }

    @Test
    void aRefusedListSaysWhyAndLeavesNoConnectionOpen() {
        argoCd.failLists(Collections.nCopies(20, failure()).toArray(ArgoCdException[]::new));

        CompletableFuture<List<SyncWaits.Listed>> answer = waits.list("main", Optional.empty());

        assertThat(answer).failsWithin(SOON).withThrowableThat().withMessageContaining("HTTP 403");
        await().until(() -> argoCd.closes.get() == 1);
    }

    @Test
    void aConnectionThatIsNotConfiguredIsSaidAtOnce() {
        assertThat(waits.list("none", Optional.empty()))
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("There is no connection none.");
        assertThat(waits.observe("none", Optional.empty(), "shop"))
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("There is no connection none.");
    }

    @Test
    void aRefreshThatAnotherOneSwallowsIsRequestedAgain() {
        argoCd.put(Applications.live("shop", COMMIT, 1));
        argoCd.swallowRefreshes();
        CompletableFuture<Boolean> answer = waits.refresh("main", Optional.empty(), "shop");
        await().until(() -> argoCd.refreshes.get() == 1);

        argoCd.acceptRefreshes();

        assertThat(answer).succeedsWithin(SOON).isEqualTo(true);
        assertThat(argoCd.refreshes).hasValue(2);
    }

    @Test
    void aRefreshThatIsSwallowedAgainAndAgainEndsWithAReason() {
        argoCd.put(Applications.live("shop", COMMIT, 1));
        argoCd.swallowRefreshes();
        CompletableFuture<Boolean> answer = waits.refresh("main", Optional.empty(), "shop");
        await().until(() -> argoCd.refreshes.get() == 1);

        ahead = Duration.ofMinutes(2);

        assertThat(answer)
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining("Another refresh of the Application 'shop' has been under way for 2 minutes:"
                        + " check that Argo CD's application controller runs.");
    }

    @Test
    void thereIsNothingToRefreshWhereThereIsNoApplication() {
        assertThat(waits.refresh("main", Optional.empty(), "shop"))
                .succeedsWithin(SOON)
                .isEqualTo(false);
        assertThat(argoCd.refreshes).hasValue(0);
    }

    @Test
    void aQuestionThatIsOpenWhenTheControllerStopsEndsWithAReason() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        argoCd.duringLists(() -> {
            asked.countDown();
            awaitForEver();
        });
        CompletableFuture<List<SyncWaits.Listed>> answer = waits.list("main", Optional.empty());
        asked.await();

        waits.close();

        assertThat(answer).failsWithin(SOON).withThrowableThat().withMessageContaining("shutting down");
    }

    @Test
    void aQuestionAfterTheControllerStoppedEndsWithAReason() {
        waits.close();

        assertThat(waits.list("main", Optional.empty()))
                .failsWithin(SOON)
                .withThrowableThat()
                .withMessageContaining(
                        "Jenkins is shutting down and no longer queries Argo CD; try again after the restart.");
        assertThat(waits.observe("main", Optional.empty(), "shop")).failsWithin(SOON);
        assertThat(opened).hasValue(0);
    }

    @Test
    void stoppingClosesTheConnections() {
        argoCd.put(Applications.live("shop", COMMIT, 1));
        assertThat(waits.observe("main", Optional.empty(), "shop")).succeedsWithin(SOON);

        waits.close();

        await().until(() -> argoCd.closes.get() == 1);
    }

    /** Until the thread is interrupted, as a request to a silent server. */
    private static void awaitForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ended) {
            throw new ArgoCdException(Reason.UNAVAILABLE, "interrupted", ended);
        }
    }

    private static ArgoCdException failure() {
        return new ArgoCdException(Reason.REFUSED, "HTTP 403", null);
    }
}

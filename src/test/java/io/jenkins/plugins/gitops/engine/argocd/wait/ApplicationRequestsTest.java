package io.jenkins.plugins.gitops.engine.argocd.wait;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.Applications;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Accepted;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.ScriptedArgoCd;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often a refresh is requested: one under way swallows another (trap 5), and a thousand waits are not a thousand. */
@Timeout(240)
class ApplicationRequestsTest {

    private static final Observation SHOP = Applications.waiting("shop", "c".repeat(40));
    private static final Instant START = Instant.parse("2026-08-01T10:00:00Z");

    private final ScriptedArgoCd argoCd = new ScriptedArgoCd();
    private volatile Instant now = START;
    private final EventLoop loop = new EventLoop(() -> now, new Random(7));
    private final ApplicationRequests requests = new ApplicationRequests(argoCd, loop.orders(), loop, changed -> {});

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void aThousandWaitsAreServedByOneRequest() {
        for (int i = 1; i <= 1_000; i++) {
            request(START);
        }

        await().until(() -> accepted(START).isPresent());
        assertThat(argoCd.refreshes).hasValue(1);
    }

    @Test
    void anAcceptedRequestIsNotRepeatedWhileItIsCarriedOut() {
        request(START);
        await().until(() -> accepted(START).isPresent());

        now = START.plusSeconds(59);
        request(START);

        assertThat(argoCd.refreshes).hasValue(1);
    }

    @Test
    void aWaitThatBeginsLaterHasARequestOfItsOwn() {
        request(START);
        await().until(() -> accepted(START).isPresent());

        now = START.plusSeconds(3);
        assertThat(accepted(now)).isEmpty();
        request(now);

        await().until(() -> accepted(now).isPresent());
        assertThat(argoCd.refreshes).hasValue(2);
    }

    @Test
    void aRequestThatAnotherOneUnderWayWouldSwallowIsMadeAgain() {
        argoCd.swallowRefreshes();
        int asked = 0;
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
            int expected = ++asked;
            request(START);
            await().until(() -> argoCd.refreshes.get() == expected);
            await().until(() -> request(START).equals(now.plusSeconds(seconds)));
            now = now.plus(Duration.ofSeconds(seconds));
        }
        assertThat(accepted(START)).isEmpty();
    }

    @Test
    void nothingIsRequestedWhileARefreshIsSeenUnderWay() {
        request(Applications.refreshing("shop", "c".repeat(40)), START);

        assertThat(argoCd.refreshes).hasValue(0);
    }

    /** Seen on a real one at load: the annotation stayed for four minutes. */
    @Test
    void aRefreshThatArgoCdMissesIsWrittenAgain() {
        Observation requested = Applications.refreshing("shop", "c".repeat(40));
        request(requested, START);
        now = START.plusSeconds(59);
        request(requested, START);
        assertThat(argoCd.renewals).hasValue(0);

        now = START.plusSeconds(60);
        request(requested, START);

        await().until(() -> argoCd.renewals.get() == 1);
        assertThat(argoCd.refreshes).hasValue(0);
        assertThat(accepted(START)).isEmpty();
    }

    @Test
    void aRefusalIsKeptUntilARequestSucceeds() {
        argoCd.failRefreshes(new ArgoCdException(Reason.REFUSED, "Cannot request a refresh (403, no).", null));
        request(START);
        await().until(() -> refusal().equals(Optional.of("Cannot request a refresh (403, no).")));

        now = START.plusSeconds(5);
        request(START);

        await().until(() -> refusal().isEmpty());
    }

    private Instant request(Instant since) {
        return request(SHOP, since);
    }

    private Instant request(Observation application, Instant since) {
        return onLoop(() -> requests.refresh(application, Refresh.NORMAL, since));
    }

    private Optional<Accepted> accepted(Instant since) {
        return onLoop(() -> requests.accepted(SHOP.name(), since));
    }

    private Optional<String> refusal() {
        return onLoop(() -> requests.refusals(SHOP.name()).stream().findFirst());
    }

    private <T> T onLoop(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.run(() -> answer.complete(question.get()));
        return answer.join();
    }
}

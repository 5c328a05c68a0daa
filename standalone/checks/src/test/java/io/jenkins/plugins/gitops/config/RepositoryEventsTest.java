package io.jenkins.plugins.gitops.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.standalone.StandIn;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.scm.api.SCMEvent;
import jenkins.scm.api.SCMHeadEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a branch source plugin is told wakes those who wait for pull requests of the same repository. */
@Timeout(60)
class RepositoryEventsTest {

    @BeforeEach
    void startController() {
        new StandIn().install();
    }

    @Test
    void anEventOfTheRepositoryHasItLookedAtOnceAndSoon() throws Exception {
        DeliveryPolls looks = GitOpsServices.get().deliveryPolls();
        CountDownLatch looked = new CountDownLatch(1);
        AtomicInteger times = new AtomicInteger();
        looks.later("config"::equals, Duration.ofDays(1), () -> {
            times.incrementAndGet();
            looked.countDown();
        });

        new RepositoryEvents().onSCMHeadEvent(new Event("other"));
        assertThat(looks.happened("other")).isZero();
        new RepositoryEvents().onSCMHeadEvent(new Event("config"));

        assertThat(looks.happened("config")).as("woken already").isZero();
        assertThat(looked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(looks.happened("config")).as("nobody waits any more").isZero();
        assertThat(times).hasValue(1);
    }

    private static final class Event extends SCMHeadEvent<String> {

        private final String name;

        Event(String name) {
            super(SCMEvent.Type.UPDATED, "a payload", null);
            this.name = name;
        }

        @Override
        public String getSourceName() {
            return name;
        }
    }
}

package io.jenkins.plugins.gitops.steps.support.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.config.OpenedRepository;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Check;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import io.jenkins.plugins.gitops.steps.support.sync.AwaitSyncPlan.Leg;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Since when alerts count. */
class VerificationWaitTest {

    private static final Alerts ALERTS = new Alerts(Map.of("service", "shop"), Duration.ofMinutes(30));
    private static final Http SMOKE =
            new Http("smoke", "http://shop", 200, null, Duration.ZERO, Duration.ofSeconds(15));

    @TempDir
    private Path folder;

    @Test
    void alertsCountSinceTheCommitUnlessThatIsVeryOldOrNotKnown() throws Exception {
        try (ShopController shop = new ShopController(folder)) {
            String commit = shop.bump("prod", "1.1.0");
            Instant committed = Instant.ofEpochSecond(Long.parseLong(shop.git("log", "-1", "--format=%ct", commit)));
            Instant soon = committed.plus(Duration.ofMinutes(10));
            Instant late = committed.plus(Duration.ofHours(25));
            OpenedRepository opened = new RepositoryChoice("config", null, null).open(Pipelines.run("shop"));

            assertThat(deployedAt(commit, ALERTS, opened, soon))
                    .as("not before it, though Git keeps whole seconds")
                    .isEqualTo(committed.plusSeconds(1));
            assertThat(deployedAt(commit, ALERTS, opened, late)).isEqualTo(late);
            assertThat(deployedAt("f".repeat(40), ALERTS, opened, soon)).isEqualTo(soon);
            assertThat(deployedAt(commit, SMOKE, opened, soon)).isEqualTo(soon);
        }
    }

    private static Instant deployedAt(String commit, Check check, OpenedRepository opened, Instant healthyAt) {
        Leg leg = new Leg(
                "shop/prod", "shop", "prod", "main", commit, new LinkedHashMap<>(), opened.url(), new ArrayList<>());
        return VerificationWait.deployedAt(
                leg, new VerificationDefinition(Duration.ofMinutes(15), List.of(check)), opened, healthyAt);
    }
}

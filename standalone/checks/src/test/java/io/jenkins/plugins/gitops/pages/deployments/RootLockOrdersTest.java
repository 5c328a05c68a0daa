package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Locks that people set on the page of all deployments, up to stopping every promotion, against a real Git server. */
@Timeout(180)
class RootLockOrdersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private ShopController shop;
    private final RootDeploymentsApi api = new DeploymentsPage().getV1();
    private Run<?, ?> run;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        run = Pipelines.run("shop");
        StandIn.current().withItem(run.getParent());
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    @Test
    void anApplicationIsLockedAndUnlockedThere() throws Exception {
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");
        String application = page(all -> all.path("applications").size() == 1)
                .path("applications")
                .path(0)
                .path("id")
                .asText();

        api.doLock(application, "shop", "prod", "", "", "", "the database moves", "click");
        JsonNode lock = page(all -> !prod(all).path("locks").isEmpty());
        api.doUnlock(
                application, "prod", prod(lock).path("locks").path(0).path("id").asText(), "it has moved", "two");
        page(all -> prod(all).path("locks").isEmpty() && all.path("orders").size() == 2);

        assertThat(shop.git("log", "--format=%s", "refs/gitops/locks").lines())
                .hasSize(2)
                .allSatisfy(subject -> assertThat(subject).contains("ock shop/prod by "));
    }

    @Test
    void stoppingAllPromotionsAsksOnceMoreAndLocksEveryRepositoryOnce() throws Exception {
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");

        CapturedAnswer asked = CapturedAnswer.of(api.doStop("", "", "", "incident 7", "click"));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.body()).contains("in all config repositories on this page");
        assertThat(shop.git("for-each-ref", "refs/gitops")).isEmpty();

        CapturedAnswer stopped = CapturedAnswer.of(api.doStop("4h", "true", "true", "incident 7", "click"));
        api.doStop("4h", "true", "true", "incident 7", "click");
        assertThat(stopped.status()).isEqualTo(202);
        assertThat(GateJson.tree(stopped.body())).hasSize(1);
        page(all -> all.path("orders").size() == 1
                && all.path("orders").path(0).path("state").asText().equals("DONE"));

        JsonNode lock = prod(page(all -> !prod(all).path("locks").isEmpty()))
                .path("locks")
                .path(0);
        assertThat(lock.path("place").asText()).isEqualTo("*/*");
        assertThat(lock.path("reason").asText()).isEqualTo("incident 7");
        assertThat(lock.path("rollbacks").asBoolean()).isTrue();
        assertThat(shop.git("rev-list", "--count", "refs/gitops/locks")).isEqualTo("1");
    }

    @Test
    void aRepositoryThatOnlyAJobMayOpenIsNotLockedByWhoeverMayNotLockOnTheJob() throws Exception {
        DeployingJobs.get().remember(run, new RepositoryChoice("https://git.invalid/x/y.git", null, null), "other");
        StandIn.current()
                .withAccess(
                        (who, permission, where) -> permission != GitOpsPermissions.LOCK || !(where instanceof Job));

        ACLContext dora = ACL.as2(StandIn.user("dora", List.of()));
        JsonNode orders;
        try {
            orders = GateJson.tree(CapturedAnswer.of(api.doStop("", "", "true", "incident 7", "click"))
                    .body());
        } finally {
            dora.close();
        }

        assertThat(orders)
                .filteredOn(order -> order.path("state").asText().equals("REFUSED"))
                .singleElement()
                .satisfies(order -> assertThat(order.path("message").asText())
                        .isEqualTo(
                                "Not locked: it is configured in a folder, and you lack GitOps/Lock on every job that"
                                        + " uses it."));
    }

    @Test
    void anUnreasonableStopIsRefused() throws Exception {
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");

        assertThat(CapturedAnswer.of(api.doStop("tomorrow", "", "true", "why", "a"))
                        .body())
                .contains("'tomorrow' is neither a duration nor a point in time");
        assertThat(CapturedAnswer.of(api.doStop("", "", "true", " ", "b")).status())
                .isEqualTo(422);
        assertThat(CapturedAnswer.of(api.doStop("", "", "true", "why", "")).status())
                .isEqualTo(422);
        assertThat(shop.git("for-each-ref", "refs/gitops")).isEmpty();
    }

    private static JsonNode prod(JsonNode page) {
        for (JsonNode environment : page.path("applications").path(0).path("environments")) {
            if (environment.path("name").asText().equals("prod")) {
                return environment;
            }
        }
        return page.path("none");
    }

    /** What it shows, once it is so. */
    private JsonNode page(Predicate<JsonNode> wanted) {
        return await().atMost(PATIENCE)
                .until(
                        () -> GateJson.tree(
                                CapturedAnswer.of(api.doDeployments("")).body()),
                        wanted);
    }
}

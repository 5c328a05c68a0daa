package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Run;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import io.jenkins.plugins.gitops.pages.JsonAnswer;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kohsuke.stapler.HttpResponse;

/** Locks that people set on the Deployments page, against a real Git server. */
@Timeout(180)
class LockOrdersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Person MARY =
            new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE, Person.Permission.OVERRIDE));

    @TempDir
    private Path folder;

    private ShopController shop;
    private JobDeploymentsApi api;
    private String application;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        Run<?, ?> run = Pipelines.run("shop");
        StandIn.current().withItem(run.getParent());
        RepositoryChoice choice = new RepositoryChoice("config", null, null);
        DeployingJobs.get().remember(run, choice, "shop");
        application = DeploymentSource.of(run.getParent(), choice).idOf("shop");
        api = new JobDeployments(run.getParent()).getV1();
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    @Test
    void anOpenGateWaitsForTheLockAndGoesOnWhenItIsLifted() throws Exception {
        shop.live(shop.healthy("prod", "1.1.0"));
        api.doPromote(application, "live", "prod", "by hand", "click");
        LiveGate gate = await().atMost(PATIENCE)
                .until(() -> GitOpsServices.get().gates().all().stream().findFirst(), Optional::isPresent)
                .orElseThrow();

        lock("shop", "live", "", "lock-click");
        await().atMost(PATIENCE)
                .until(() -> gate.view().explanation().contains("lock (locked by ")
                        && gate.view().explanation().contains(": the database moves"));
        gate.decide("approval", MARY, (seen, decision) -> GateDecisions.approve(seen, decision, ""));
        assertThat(GateDecisions.waivable(gate.gate())).doesNotContain("lock");
        shop.assertRuns("live", "1.0.0");

        JsonNode locked = environment("live", one -> one.path("locks").size() == 1)
                .path("locks")
                .path(0);
        assertThat(locked.path("place").asText()).isEqualTo("shop/live");
        assertThat(locked.path("reason").asText()).isEqualTo("the database moves");
        api.doUnlock(application, "live", locked.path("id").asText(), "it has moved", "unlock-click");

        await().atMost(PATIENCE).until(() -> gate.gate().commit().isPresent());
        shop.assertRuns("live", "1.1.0");
        environment("live", one -> one.path("locks").isEmpty());
        assertThat(shop.git("log", "--format=%s", "refs/gitops/locks", "--", "locks.json")
                        .lines())
                .hasSize(2);
    }

    @Test
    void stoppingEverythingAsksOnceMore() throws Exception {
        CapturedAnswer asked = CapturedAnswer.of(api.doLock(application, "*", "*", "", "", "", "incident 7", "once"));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.body()).contains("This locks every environment of every application");
        assertThat(shop.git("for-each-ref", "refs/gitops")).isEmpty();

        assertThat(CapturedAnswer.of(api.doLock(application, "*", "*", "", "", "true", "incident 7", "once"))
                        .status())
                .isEqualTo(202);

        await().atMost(PATIENCE)
                .until(() -> !shop.git("for-each-ref", "refs/gitops").isEmpty());
    }

    @Test
    void theSameClickLocksOnce() throws Exception {
        lock("shop", "*", "4h", "click");
        lock("shop", "*", "4h", "click");

        environment("prod", one -> one.path("locks").size() == 1);
        assertThat(shop.git("rev-list", "--count", "refs/gitops/locks")).isEqualTo("1");
    }

    @Test
    void whatMakesNoSenseIsRefusedAtOnce() throws Exception {
        CapturedAnswer until =
                CapturedAnswer.of(api.doLock(application, "shop", "prod", "tomorrow", "", "", "why", "a"));
        assertThat(until.status()).isEqualTo(422);
        assertThat(until.body()).contains("'tomorrow' is neither a duration nor a point in time");
        CapturedAnswer name = CapturedAnswer.of(api.doLock(application, "a b", "prod", "", "", "", "why", "b"));
        assertThat(name.status()).isEqualTo(422);
        assertThat(name.body()).contains("Invalid 'application' of a lock");
    }

    private void lock(String applications, String environments, String until, String decision) {
        HttpResponse answer =
                api.doLock(application, applications, environments, until, "", "", "the database moves", decision);
        assertThat(answer).isInstanceOf(JsonAnswer.class);
    }

    /** As the page shows it, once it is so. */
    private JsonNode environment(String name, Predicate<JsonNode> wanted) throws Exception {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            for (JsonNode one : GateJson.tree(CapturedAnswer.of(api.doDeployments(""))
                                            .body())
                                    .path("applications")
                                    .path(0)
                                    .path("environments")) {
                                if (one.path("name").asText().equals(name)) {
                                    return one;
                                }
                            }
                            return GateJson.tree("{}");
                        },
                        one -> one.has("name") && wanted.test(one));
    }
}

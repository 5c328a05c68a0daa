package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.forge.ForgeServer;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A promotion that somebody started on a page, without a gate, and that waits in a pull request when Jenkins stops. */
class DeliveredOrdersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private ShopController shop;
    private ForgeServer forge;
    private Run<?, ?> run;
    private String application;

    @BeforeEach
    void order() throws Exception {
        shop = new ShopController(folder);
        shop.change(
                "gitops.yaml",
                declaration -> declaration.replaceFirst(
                        "(?s)gate:.*", "deliver: { by: pull-request, provider: github, merge: people }\n"));
        shop.live(shop.healthy("prod", "1.1.0"));
        forge = ForgeServer.gitHub(
                GitOpsConfiguration.get().getRepositories().get(0).getUrl());
        forge.tips = branch -> shop.git("rev-parse", branch).strip();
        forge.looking = pull -> pull.sha = forge.tips.apply(pull.head);
        run = Pipelines.run("shop");
        jobIsThere();
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");
        application = DeploymentSource.of(run.getParent(), new RepositoryChoice("config", null, null))
                .idOf("shop");
        new JobDeployments(run.getParent()).getV1().doPromote(application, "live", "prod", "by hand", "click");
    }

    private void jobIsThere() {
        StandIn.current().withItem(run.getParent());
        GitOpsConfiguration.get()
                .setRepositories(List.of(new ConfiguredRepository("config", forge.url("/acme/config.git"))));
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
        forge.close();
    }

    private void awaitOrder(Order.State state, String said) {
        await().atMost(PATIENCE)
                .until(
                        () -> Orders.get().of(Set.of(application)),
                        orders -> orders.stream()
                                .anyMatch(order -> order.state() == state
                                        && order.message().contains(said)));
    }

    private void restart() throws Exception {
        shop.restart();
        jobIsThere();
        GatedOrders.resume();
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        awaitOrder(Order.State.WAITING, "a person merges it");

        restart();
        awaitOrder(Order.State.WAITING, "a person merges it");
        assertThat(forge.pulls).hasSize(1);

        forge.pulls.get(0).state = "closed";
        forge.pulls.get(0).by = "carol";
        restart();

        awaitOrder(Order.State.REFUSED, "was closed by carol");
        assertThat(forge.pulls).hasSize(1);
    }

    @Test
    void takesBackWhatItHandedOverBeforeItsGateChecksAgain() throws Exception {
        awaitOrder(Order.State.WAITING, "a person merges it");
        List<Boolean> handedOver = new CopyOnWriteArrayList<>();
        forge.looking = pull -> {
            pull.sha = forge.tips.apply(pull.head);
            pull.checks.putIfAbsent("build", "pending");
            handedOver.add(pull.autoMerge);
        };
        shop.change("gitops.yaml", declaration -> declaration.replace("merge: people", "autoMerge: true"));
        restart();
        awaitOrder(Order.State.WAITING, "its server merges it by itself");
        handedOver.clear();

        restart();

        await().atMost(PATIENCE)
                .until(() -> handedOver.contains(false) && handedOver.lastIndexOf(true) > handedOver.indexOf(false));
        assertThat(handedOver.get(0)).isTrue();
        assertThat(forge.pulls).hasSize(1);
    }
}

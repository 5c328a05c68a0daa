package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.gate.GateDecisions;
import io.jenkins.plugins.gitops.engine.gate.GateStatus;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.engine.gate.LiveGate;
import io.jenkins.plugins.gitops.engine.gate.Person;
import io.jenkins.plugins.gitops.engine.promotion.PromotionEvent;
import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import io.jenkins.plugins.gitops.pages.gate.GateRecords;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A promotion that somebody started on a page and that waits at a gate: over restarts, renamed and deleted jobs. */
class GatedOrdersTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Person MARY = new Person("mary", "Mary", null, Set.of(), Set.of(Person.Permission.APPROVE));

    @TempDir
    private Path folder;

    private ShopController shop;
    private Run<?, ?> run;

    @BeforeEach
    void openTheGate() throws Exception {
        shop = new ShopController(folder);
        shop.live(shop.healthy("prod", "1.1.0"));
        run = Pipelines.run("shop");
        jobIsThere();
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");
        String application = DeploymentSource.of(run.getParent(), new RepositoryChoice("config", null, null))
                .idOf("shop");
        order(application);
        await().atMost(PATIENCE)
                .until(() -> gates().stream()
                        .anyMatch(gate -> gate.explanation().endsWith("waits for approvals (0 of 1).")));
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    private void order(String application) {
        new JobDeployments(run.getParent()).getV1().doPromote(application, "live", "prod", "by hand", "click");
    }

    private void jobIsThere() {
        StandIn.current().withItem(run.getParent());
    }

    private void restart() throws Exception {
        shop.restart();
        jobIsThere();
        GatedOrders.resume();
    }

    private GateRecords records() {
        return GatedOrders.get().of(run.getParent());
    }

    private List<GateView> gates() {
        return records().views();
    }

    private GateView gate() {
        return gates().get(0);
    }

    private LiveGate live() {
        return await().atMost(PATIENCE)
                .until(() -> GitOpsServices.get().gates().find(gate().id()), java.util.Optional::isPresent)
                .orElseThrow();
    }

    private void approve() {
        live().decide("approval", MARY, (gate, decision) -> GateDecisions.approve(gate, decision, ""));
    }

    private void awaitCommit() {
        await().atMost(PATIENCE).until(() -> gate().commit() != null);
        shop.assertRuns("live", "1.1.0");
        assertThat(shop.git("rev-list", "--count", "main", "--", "live").strip())
                .as("the first commit, and the promotion's")
                .isEqualTo("2");
        assertThat(gate().status()).isEqualTo(GateStatus.APPROVED);
    }

    @Test
    void anOpenGateIsThereAfterARestart() throws Exception {
        restart();

        approve();

        awaitCommit();
        assertThat(shop.heard(PromotionEvent.Kind.GATE_OPENED))
                .extracting(PromotionEvent::id)
                .as("told once, or again under the same id")
                .containsOnly(shop.heard(PromotionEvent.Kind.GATE_OPENED).get(0).id());
    }

    @Test
    void theSameClickAfterARestartOpensNoSecondGate() throws Exception {
        restart();
        LiveGate live = live();

        order(orderedApplication());

        await().atMost(PATIENCE)
                .until(() -> Orders.get().of(Set.of(orderedApplication())).stream()
                        .anyMatch(order -> order.state() == Order.State.WAITING));
        assertThat(gates()).hasSize(1);
        assertThat(live()).isSameAs(live);
        assertThat(gate().history())
                .filteredOn(line -> line.text().contains("opened"))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void whatWasApprovedIsCommittedOnceByTheNextController() throws Exception {
        shop.beginNoMoreWork();
        approve();

        restart();

        awaitCommit();
        assertThat(gate().approvals()).extracting(vote -> vote.by().id()).containsExactly("mary");
    }

    @Test
    void aFreezeThatBeganMeanwhileHoldsAndApprovalsStay() throws Exception {
        shop.beginNoMoreWork();
        approve();
        shop.pass(Duration.ofDays(2));

        restart();

        await().atMost(PATIENCE).until(() -> gate().explanation().contains("waits for freeze (frozen: audit, until "));
        assertThat(gate().approvals()).extracting(vote -> vote.by().id()).containsExactly("mary");
        shop.assertRuns("live", "1.0.0");
    }

    @Test
    void aRejectedOneCommitsNothingAndItsOrderSaysWhy() {
        String before = shop.tip();

        live().decide("no", MARY, (gate, decision) -> GateDecisions.reject(gate, decision, "not today"));

        assertThat(gate().status()).isEqualTo(GateStatus.REJECTED);
        assertThat(shop.tip()).isEqualTo(before);
        assertThat(Orders.get().of(Set.of(orderedApplication())))
                .singleElement()
                .satisfies(order -> assertThat(order.message()).contains("not today"));
    }

    @Test
    void itsApproverIsToldInTheHeaderAndOnTheirOwnPageHowManyWait() {
        StandIn.current().withAccess((who, permission, where) -> true).withUser(StandIn.user("mary", List.of()));
        try (ACLContext as = ACL.as2(StandIn.user("mary", List.of()))) {
            assertThat(as).isNotNull();
            assertThat(new DeploymentsPage().getBadge().getText()).isEqualTo("1");
            assertThat(new DeploymentsPage().isPrimaryAction()).isTrue();
            assertThat(new WaitingForMe.Factory().createFor(User.current()))
                    .singleElement()
                    .satisfies(action -> {
                        assertThat(action.getDisplayName()).isEqualTo("Gates waiting for me (1)");
                        assertThat(action.getUrlName())
                                .as("the menu of the signed-in user joins it to the user's address")
                                .doesNotContain("/");
                        assertThat(CapturedAnswer.of(((WaitingForMe) action).doIndex(), Map.of())
                                        .headers())
                                .containsEntry("Location", "/jenkins/gitops-deployments/");
                    });

            live().decide("approval", MARY, (gate, decision) -> GateDecisions.approve(gate, decision, ""));

            assertThat(new DeploymentsPage().getBadge()).isNull();
            assertThat(new DeploymentsPage().isPrimaryAction()).isFalse();
        }
        awaitCommit();
    }

    private String orderedApplication() {
        return DeploymentSource.of(run.getParent(), new RepositoryChoice("config", null, null))
                .idOf("shop");
    }

    @Test
    void theGateOfADeletedJobClosesAndItsFileGoes() throws Exception {
        LiveGate live = live();
        Path files = folder.resolve("home/gitops-promotion/gates");
        assertThat(files).isDirectoryContaining("glob:**.json");

        new GatedOrders.Follower().onDeleted(run.getParent());

        assertThat(live.gate().status()).isEqualTo(GateStatus.CLOSED);
        try (Stream<Path> left = Files.list(files)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theGateFollowsAJobThatIsRenamed() throws Exception {
        String id = gate().id();

        new GatedOrders.Follower().onLocationChanged(run.getParent(), "shop", "store");

        assertThat(GatedOrders.get().of(Pipelines.run("store").getParent()).views())
                .extracting(GateView::id)
                .containsExactly(id);
        assertThat(gates()).isEmpty();
        assertThat(folder.resolve("home/gitops-promotion/gates/" + id + ".json"))
                .content()
                .contains("\"job\":\"store\"");
    }

    @Test
    void aFileThatCannotBeReadCostsItsOwnGateAlone() throws Exception {
        Files.writeString(folder.resolve("home/gitops-promotion/gates/damaged.json"), "{\"work\":");

        restart();

        approve();
        awaitCommit();
    }
}

package io.jenkins.plugins.gitops.pages.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.config.GitOpsServices;
import io.jenkins.plugins.gitops.config.RepositoryChoice;
import io.jenkins.plugins.gitops.engine.gate.GateJson;
import io.jenkins.plugins.gitops.engine.gate.GateSubject;
import io.jenkins.plugins.gitops.engine.ledger.Provenance;
import io.jenkins.plugins.gitops.engine.model.GateDefinition;
import io.jenkins.plugins.gitops.engine.model.GateDefinition.Approvals;
import io.jenkins.plugins.gitops.pages.CapturedAnswer;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import io.jenkins.plugins.gitops.security.GitOpsPermissions;
import io.jenkins.plugins.gitops.standalone.StandIn;
import io.jenkins.plugins.gitops.steps.support.Pipelines;
import io.jenkins.plugins.gitops.steps.support.ShopController;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kohsuke.stapler.HttpResponse;

/** Two environments side by side, and what keeps promotions out in the days ahead, over a real Git server. */
class ComparisonTest {

    @TempDir
    private Path folder;

    private ShopController shop;
    private Run<?, ?> run;
    private JobDeployments page;

    @BeforeEach
    void begin() throws Exception {
        shop = new ShopController(folder);
        run = Pipelines.run("shop");
        StandIn.current()
                .withItem(run.getParent())
                .withAccess((who, permission, where) -> who.getName().equals("ada")
                        || permission.equals(Jenkins.READ)
                        || who.getName().equals("reader") && permission.equals(GitOpsPermissions.VIEW));
        page = new JobDeployments(run.getParent());
        DeployingJobs.get().remember(run, new RepositoryChoice("config", null, null), "shop");
    }

    @AfterEach
    void end() throws Exception {
        shop.close();
    }

    private static JsonNode json(HttpResponse answer) throws Exception {
        return GateJson.tree(CapturedAnswer.of(answer).body());
    }

    private JsonNode ready(JobOrRoot asked) throws Exception {
        return as(
                "reader",
                () -> await("an answer")
                        .atMost(Duration.ofMinutes(1))
                        .until(
                                () -> json(asked.ask()),
                                answer -> answer.path("ready").asBoolean()));
    }

    private interface JobOrRoot {
        HttpResponse ask() throws Exception;
    }

    private interface Deed<T> {
        T get() throws Exception;
    }

    private static <T> T as(String who, Deed<T> deed) throws Exception {
        ACLContext context = ACL.as2(StandIn.user(who, List.of()));
        try {
            return deed.get();
        } finally {
            context.close();
        }
    }

    private String id() throws Exception {
        return as(
                "reader",
                () -> await("the application")
                        .atMost(Duration.ofMinutes(1))
                        .until(
                                () -> json(page.getV1().doOverview())
                                        .at("/applications/0/id")
                                        .asText(),
                                id -> !id.isEmpty()));
    }

    private static List<String> requirements(JsonNode promotion) {
        return promotion.path("requirements").findValuesAsText("id");
    }

    @Test
    void aPromotionIsSeenBeforeItIsMadeAndNothingIsWrittenOrOpened() throws Exception {
        shop.live(shop.healthy("prod", "1.1.0"));
        String before = shop.tip();
        String id = id();

        JsonNode found = ready(() -> page.getV1().doComparison(id, "", "live"));

        assertThat(found.path("problem").isNull()).as(found.toString()).isTrue();
        assertThat(found.path("from").asText()).isEqualTo("prod");
        assertThat(found.path("environments").size()).isEqualTo(5);
        assertThat(found.path("versions").toString())
                .isEqualTo(
                        "[{\"name\":\"api\",\"from\":\"ghcr.io/acme/shop-api:1.1.0\",\"to\":\"ghcr.io/acme/shop-api:1.0.0\"}]");
        assertThat(found.at("/files/0/path").asText()).isEqualTo("live/kustomization.yaml");
        assertThat(found.at("/files/0/lines").findValuesAsText("text"))
                .containsExactly("    newTag: 1.0.0", "    newTag: 1.1.0");
        assertThat(found.at("/commits/0/subject").asText()).contains("1.1.0");
        JsonNode promotion = found.path("promotion");
        assertThat(promotion.path("problem").isNull()).as(promotion.toString()).isTrue();
        assertThat(promotion.path("gated").asBoolean()).isTrue();
        assertThat(requirements(promotion)).contains("approvals", "source", "freeze", "lock", "target", "turn");
        assertThat(promotion.at("/requirements/0/reason").asText()).isEqualTo("0 of 1");
        assertThat(shop.tip()).isEqualTo(before);
        assertThat(GitOpsServices.get().gates().all()).isEmpty();
    }

    @Test
    void environmentsBetweenWhichNothingIsPromotedAreComparedAsGitHasThem() throws Exception {
        shop.bump("eu", "1.2.0");
        String id = id();

        JsonNode found = ready(() -> page.getV1().doComparison(id, "eu", "us"));

        assertThat(found.path("promotion").isNull()).isTrue();
        assertThat(found.at("/versions/0/from").asText()).endsWith("1.2.0");
        assertThat(found.at("/versions/0/to").asText()).endsWith("1.0.0");
        assertThat(found.at("/files/0/path").asText()).isEqualTo("us/kustomization.yaml");
        assertThat(found.at("/commits/0/subject").asText()).contains("1.2.0");
    }

    @Test
    void whatWouldBeRefusedSaysWhyAndGitIsComparedAllTheSame() throws Exception {
        shop.bump("prod", "1.1.0");
        shop.degraded(shop.tip());
        String id = id();

        JsonNode found = ready(() -> page.getV1().doComparison(id, "prod", "live"));

        assertThat(found.at("/promotion/problem").asText()).contains("is not live and healthy");
        assertThat(found.at("/files/0/path").asText()).isEqualTo("live/kustomization.yaml");
    }

    /** Else whoever may look could have another server work, and open changes there, as often as they like. */
    @Test
    void checksAtOtherServersAreNamedAndNotAsked() throws Exception {
        shop.live(shop.healthy("prod", "1.1.0"));
        shop.change(
                "gitops.yaml",
                text -> text.replace(
                        "          approvals: { required: 1 }",
                        "          approvals: { required: 1 }\n"
                                + "          checks: { name: ticket, url: 'https://tickets.example.org/' }"));
        String id = id();

        JsonNode found = ready(() -> page.getV1().doComparison(id, "prod", "live"));

        assertThat(found.at("/promotion/unasked").toString())
                .as(found.toString())
                .isEqualTo("[\"ticket\"]");
        assertThat(requirements(found.path("promotion"))).doesNotContain("ticket");
    }

    @Test
    void whatThereIsNotOrMayNotBeSeenIsNotFoundAndReadsNothing() throws Exception {
        String id = id();

        for (String[] pair : new String[][] {{"prod", "nowhere"}, {"nowhere", "prod"}, {"prod", ""}}) {
            assertThat(as(
                            "reader",
                            () -> CapturedAnswer.of(page.getV1().doComparison(id, pair[0], pair[1]))
                                    .status()))
                    .isEqualTo(404);
        }
        DeploymentsPage root = new DeploymentsPage();
        assertThat(as(
                        "reader",
                        () -> CapturedAnswer.of(root.getV1().doComparison("another", "", "live"))
                                .status()))
                .isEqualTo(404);
        assertThat(as(
                        "stranger",
                        () -> CapturedAnswer.of(root.getV1().doComparison(id, "", "live"))
                                .status()))
                .as("an application of a job that they may not see")
                .isEqualTo(404);
        assertThat(as("stranger", () -> json(root.getV1().doCalendar()).toString()))
                .isEqualTo("{\"ready\":true,\"entries\":[]}");
    }

    /** The gate of live is frozen in two days; a soak and a lock come with the declaration and a person. */
    @Test
    void theCalendarTellsFreezesLocksAndSoakEndsByEnvironment() throws Exception {
        shop.change(
                "gitops.yaml",
                text -> text.replace(
                                "          approvals: { required: 1 }",
                                "          approvals: { required: 1 }\n          soak: 5h")
                        + "freezes:\n"
                        + "  year-end:\n"
                        + "    timeZone: UTC\n"
                        + "    environments: ['u*']\n"
                        + "    applications: [shop]\n"
                        + "    deny: { cron: '0 0 * * *', lasts: 1h }\n");
        shop.live(shop.healthy("prod", "1.1.0"));
        String id = id();
        as("ada", () -> page.getV1().doLock(id, "shop", "eu", "4h", "", "", "the database moves", "click"));

        JsonNode calendar = as(
                "reader",
                () -> await("the lock")
                        .atMost(Duration.ofMinutes(1))
                        .until(
                                () -> json(page.getV1().doCalendar()),
                                answer -> answer.toString().contains("LOCK")));

        List<JsonNode> entries = new ArrayList<>();
        calendar.path("entries").forEach(entries::add);
        assertThat(entries.stream()
                        .map(one -> one.path("environment").asText() + " "
                                + one.path("kind").asText() + " "
                                + one.path("what").asText())
                        .distinct())
                .containsExactly(
                        "eu LOCK ada: the database moves", "live SOAK prod", "live FREEZE audit", "us FREEZE year-end");
        assertThat(entries.stream()
                        .filter(one -> one.path("environment").asText().equals("us")))
                .hasSize(10);
        assertThat(entries).allSatisfy(one -> {
            assertThat(one.path("applications").toString()).isEqualTo("[\"shop\"]");
            assertThat(one.path("until").asText())
                    .isGreaterThan(one.path("from").asText());
        });
        assertThat(json(as("reader", () -> new DeploymentsPage().getV1().doCalendar())))
                .as("the same on the page of all jobs")
                .isEqualTo(calendar);
    }

    @Test
    void aRollbackNamesWhatItPassesOver() throws Exception {
        shop.healthy("prod", "1.1.0");
        shop.bump("prod", "1.2.0");
        shop.healthy("prod", "1.3.0");
        id();

        JsonNode rollback = as(
                "reader",
                () -> await("all deployments")
                        .atMost(Duration.ofMinutes(1))
                        .until(
                                () -> json(page.getV1().doDeployments(""))
                                        .at("/applications/0/environments/2/rollback"),
                                JsonNode::isObject));

        assertThat(rollback.path("images").toString()).contains("1.1.0");
        assertThat(rollback.path("passedOver").toString()).isEqualTo("[{\"api\":\"ghcr.io/acme/shop-api:1.2.0\"}]");
    }

    @Test
    void aQuestionIsShownToThoseWhomItWaitsForOnThePageOfAllJobs() throws Exception {
        Run<?, ?> other = Pipelines.run("questions");
        StandIn.current().withItem(other.getParent());
        ask(other, "Go on with <the migration>?");

        JsonNode gates = as("ada", () -> json(new DeploymentsPage().getV1().doOverview()))
                .path("gates");

        assertThat(gates).hasSize(1);
        assertThat(gates.at("/0/question").asText()).isEqualTo("Go on with <the migration>?");
        assertThat(gates.at("/0/application").asText()).isEmpty();
        assertThat(gates.at("/0/yours").asBoolean()).isTrue();
        assertThat(as("ada", () -> new DeploymentsPage().getBadge()).getText()).isEqualTo("1");
        assertThat(as("ada", () -> new DeploymentsPage().getIconFileName())).isNotNull();
        assertThat(as("reader", () -> json(new DeploymentsPage().getV1().doOverview()))
                        .at("/gates/0/yours")
                        .asBoolean())
                .isFalse();
        assertThat(as("stranger", () -> json(new DeploymentsPage().getV1().doOverview()))
                        .path("gates"))
                .isEmpty();
        assertThat(as("ada", () -> json(page.getV1().doOverview())).path("gates"))
                .as("of another job")
                .isEmpty();
    }

    /** As {@code gitopsApproval} opens one. */
    private static void ask(Run<?, ?> asking, String question) {
        GitOpsServices.get()
                .gates()
                .open(
                        new GateSubject.Question(
                                "question", question, new Provenance(null, "starter", null, List.of())),
                        new GateDefinition(List.of(new Approvals(1, List.of())), List.of()),
                        List.of(),
                        GateAction.of(asking).store("question"));
    }
}

package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The pages of deployments and what is behind them, for everybody. */
@WithJenkins
class DeploymentsJenkinsTest {

    private static final String JENKINSFILE = """
        gitopsBumpImage application: 'shop', environment: 'dev', tag: '%s'
        gitopsAwaitSync application: 'shop', environment: 'dev'
        """;

    private static final List<String> EVERYBODY = List.of(
            People.ANONYMOUS,
            People.STRANGER,
            People.READER,
            People.APPROVER,
            People.OUTSIDE_APPROVER,
            People.BUILDER,
            People.ADMINISTRATOR);

    private JenkinsRule jenkins;
    private JenkinsClient client;
    private Shop shop;
    private String page;

    @BeforeEach
    void deployTwoReleases(JenkinsRule rule, @TempDir Path folder) throws Exception {
        jenkins = rule;
        client = new JenkinsClient(rule);
        shop = new Shop(folder);
        shop.configure();
        People.letIn(jenkins);
        WorkflowJob job =
                Shop.pipeline(jenkins.jenkins, "shop", JENKINSFILE.formatted("1.1.0") + JENKINSFILE.formatted("1.2.0"));
        jenkins.buildAndAssertSuccess(job);
        page = job.getUrl() + "gitops/";
    }

    @AfterEach
    void stop() {
        shop.close();
    }

    private JSONObject shopAsSeenBy(String person) {
        return await("the shop in what " + person + " sees")
                .atMost(Duration.ofMinutes(1))
                .until(
                        () -> JSONObject.fromObject(client.get(person, page + "v1/deployments")
                                        .getContentAsString())
                                .getJSONArray("applications"),
                        applications -> !applications.isEmpty())
                .getJSONObject(0);
    }

    @Test
    void thePagesShowWhatTheirScriptNeedsAndNoButtonThatWouldBeRefused() throws Exception {
        assertThat(client.get(People.READER, page).getContentAsString())
                .contains(
                        "class=\"gitops-deployments\"",
                        "data-endpoint=\"" + jenkins.contextPath + "/" + page + "\"",
                        "data-may-promote=\"false\"",
                        "data-may-rollback=\"false\"",
                        "type=\"module\"")
                .doesNotContain("${");
        assertThat(client.get(People.BUILDER, page).getContentAsString())
                .contains("data-may-promote=\"true\"", "data-may-rollback=\"true\"");
        assertThat(client.get(People.READER, "gitops-deployments/").getContentAsString())
                .contains("class=\"gitops-deployments\"", "data-may-promote=\"false\"")
                .doesNotContain("${");
        assertThat(client.get(People.READER, "job/shop/").getContentAsString()).contains("/job/shop/gitops");
    }

    @Test
    void nobodyIsSentElsewhere() throws Exception {
        String id = shopAsSeenBy(People.READER).getString("id");
        for (String target :
                List.of("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example")) {
            String query = Stream.of("from", "url", "redirect", "redirect_uri", "next", "return_to", "goto")
                    .map(name -> name + "=" + URLEncoder.encode(target, StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&", "?", ""));
            for (String path : List.of(
                    page,
                    page + "v1/deployments",
                    page + "v1/history",
                    "gitops-deployments/",
                    "gitops-deployments/v1/deployments")) {
                assertStaysHere(client.get(People.ADMINISTRATOR, path + query));
            }
            assertStaysHere(client.post(
                    People.ADMINISTRATOR,
                    page + "v1/promote" + query,
                    "application",
                    id,
                    "environment",
                    "nowhere",
                    "decision",
                    UUID.randomUUID().toString()));
        }
    }

    private void assertStaysHere(WebResponse answer) throws Exception {
        assertThat(answer.getWebRequest().getUrl().getAuthority())
                .isEqualTo(jenkins.getURL().getAuthority());
        assertThat(answer.getResponseHeaderValue("Location")).isNull();
        assertThat(answer.getStatusCode() / 100).isNotEqualTo(3);
    }

    @Test
    void everybodyGetsWhatTheyMay() throws Exception {
        String shop = shopAsSeenBy(People.READER).getString("id");
        String history = "v1/history?environment=dev&application=" + shop;
        Map<String, List<Integer>> expected = Map.of(
                page,
                List.of(403, 404, 200, 200, 200, 200, 200),
                page + "v1/deployments",
                List.of(403, 404, 200, 200, 200, 200, 200),
                page + history,
                List.of(403, 404, 200, 200, 200, 200, 200),
                "gitops-deployments/",
                List.of(403, 200, 200, 200, 200, 200, 200),
                "gitops-deployments/v1/deployments",
                List.of(403, 200, 200, 200, 200, 200, 200),
                "gitops-deployments/" + history,
                List.of(403, 404, 200, 200, 200, 200, 200));
        for (Map.Entry<String, List<Integer>> one : expected.entrySet()) {
            for (int i = 0; i < EVERYBODY.size(); i++) {
                assertThat(client.get(EVERYBODY.get(i), one.getKey()).getStatusCode())
                        .as("%s for '%s'", one.getKey(), EVERYBODY.get(i))
                        .isEqualTo(one.getValue().get(i));
            }
        }
        assertThat(client.get(People.STRANGER, "gitops-deployments/v1/deployments")
                        .getContentAsString())
                .doesNotContain("shop");
    }

    @Test
    void whoeverMayNotRollBackChangesNothing() throws Exception {
        int before = shop.commits();
        String application = shopAsSeenBy(People.READER).getString("id");

        for (String action : List.of("promote", "rollback")) {
            for (String person : List.of(People.READER, People.APPROVER, People.OUTSIDE_APPROVER)) {
                assertThat(order(person, action, application).getStatusCode())
                        .as("%s by %s", action, person)
                        .isEqualTo(403);
            }
            assertThat(order(People.STRANGER, action, application).getStatusCode())
                    .isEqualTo(404);
            assertThat(order(People.ANONYMOUS, action, application).getStatusCode())
                    .isEqualTo(403);
            assertThat(client.send(People.BUILDER, HttpMethod.POST, page + "v1/" + action)
                            .getStatusCode())
                    .as("without a crumb")
                    .isEqualTo(403);
            assertThat(client.get(People.BUILDER, page + "v1/" + action).getStatusCode())
                    .as("with GET")
                    .isEqualTo(405);
        }
        assertThat(shop.commits()).isEqualTo(before);
    }

    @Test
    void whoeverMayRollsBackWithOneCommitThatNamesThem() throws Exception {
        int before = shop.commits();

        WebResponse answer =
                order(People.BUILDER, "rollback", shopAsSeenBy(People.BUILDER).getString("id"));

        assertThat(answer.getStatusCode()).isEqualTo(202);
        await("the rollback")
                .atMost(Duration.ofMinutes(1))
                .until(() -> shop.tag("dev").equals("1.1.0"));
        assertThat(shop.commits()).isEqualTo(before + 1);
        assertThat(shop.message()).contains("GitOps-Started-By: " + People.BUILDER, "GitOps-Reason: tests failed");
        await("the order's end")
                .atMost(Duration.ofMinutes(1))
                .until(() -> orders().stream()
                        .anyMatch(
                                order -> ((JSONObject) order).getString("state").equals("DONE")));
    }

    private JSONArray orders() throws Exception {
        return JSONObject.fromObject(
                        client.get(People.READER, page + "v1/deployments").getContentAsString())
                .getJSONArray("orders");
    }

    private WebResponse order(String person, String action, String application) throws Exception {
        return client.post(
                person,
                page + "v1/" + action,
                "application",
                application,
                "environment",
                "dev",
                "reason",
                "tests failed",
                "decision",
                UUID.randomUUID().toString());
    }
}

package io.jenkins.plugins.gitops.jenkins;

import static org.assertj.core.api.Assertions.assertThat;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Descriptor;
import hudson.util.Secret;
import io.jenkins.plugins.gitops.config.ArgoCdConnection;
import io.jenkins.plugins.gitops.config.ConfiguredDefaults;
import io.jenkins.plugins.gitops.config.ConfiguredImagePolicy;
import io.jenkins.plugins.gitops.config.ConfiguredRegistry;
import io.jenkins.plugins.gitops.config.ConfiguredRepository;
import io.jenkins.plugins.gitops.config.GitOpsConfiguration;
import io.jenkins.plugins.gitops.steps.approval.ApprovalStep;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncStep;
import io.jenkins.plugins.gitops.steps.bump.BumpImageStep;
import io.jenkins.plugins.gitops.steps.promote.PromoteStep;
import io.jenkins.plugins.gitops.steps.rollback.RollbackStep;
import io.jenkins.plugins.gitops.steps.status.StatusStep;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

@WithJenkins
class FormsJenkinsTest {

    private static final List<Class<?>> CONFIGURED = List.of(
            ArgoCdConnection.class,
            ConfiguredRepository.class,
            ConfiguredRegistry.class,
            ConfiguredImagePolicy.class,
            ConfiguredDefaults.class,
            GitOpsConfiguration.class);

    @Test
    void theSystemPageKeepsWhatIsConfigured(JenkinsRule jenkins) throws Exception {
        ConfiguredRepository repository = new ConfiguredRepository("config", "https://git.example.com/acme/config.git");
        repository.setBranch("live");
        repository.setAuthorName("Release bot");
        repository.setAuthorEmail("bot@example.com");
        repository.setSigningKeyId("signer");
        ArgoCdConnection connection = new ArgoCdConnection("prod", ArgoCdConnection.Kind.KUBERNETES);
        connection.setUrl("https://0123456789.gr7.eu-west-1.eks.amazonaws.com");
        connection.setNamespace("gitops");
        connection.setEksCluster("shop-prod");
        connection.setEksRegion("eu-west-1");
        ConfiguredImagePolicy policy = new ConfiguredImagePolicy();
        policy.setAllowedImages("ghcr.io/acme/*");
        policy.setMaximumAgeDays(30);
        GitOpsConfiguration configuration = GitOpsConfiguration.get();
        configuration.setRepositories(List.of(repository));
        configuration.setArgoCdConnections(List.of(connection));
        configuration.setRegistries(List.of(new ConfiguredRegistry("ghcr.io")));
        configuration.setImagePolicy(policy);
        ConfiguredDefaults defaults = new ConfiguredDefaults();
        defaults.setAuthorEmail("jenkins@example.com");
        defaults.setSigningKeyId("everybodys-key");
        defaults.setSyncTimeoutMinutes(20);
        configuration.setDefaults(defaults);
        configuration.setOnlyConfiguredRepositories(true);
        configuration.setWebhookUrl(Secret.fromString("https://hooks.example.com/gitops"));
        configuration.setWebhookCredentialsId("webhook-secret");
        configuration.setAlertsCredentialsId("alertmanager");

        jenkins.configRoundtrip();

        assertThat(configuration.getRepositories()).hasSize(1);
        jenkins.assertEqualDataBoundBeans(
                repository, configuration.getRepositories().get(0));
        assertThat(configuration.getArgoCdConnections()).hasSize(1);
        jenkins.assertEqualDataBoundBeans(
                connection, configuration.getArgoCdConnections().get(0));
        assertThat(configuration.getRegistries()).hasSize(1);
        jenkins.assertEqualDataBoundBeans(policy, configuration.getImagePolicy());
        jenkins.assertEqualDataBoundBeans(defaults, configuration.getDefaults());
        assertThat(configuration.isOnlyConfiguredRepositories()).isTrue();
        assertThat(configuration.getWebhookUrl().getPlainText()).isEqualTo("https://hooks.example.com/gitops");
        assertThat(configuration.getWebhookCredentialsId()).isEqualTo("webhook-secret");
        assertThat(configuration.getAlertsCredentialsId()).isEqualTo("alertmanager");

        configuration.configure(bindingNothing(), new JSONObject());

        assertThat(configuration.getRepositories()).as("the last was deleted").isEmpty();
        assertThat(configuration.getArgoCdConnections()).isEmpty();
        assertThat(configuration.getRegistries()).isEmpty();
        assertThat(configuration.getImagePolicy()).as("unchecked").isNull();
        assertThat(configuration.getDefaults()).isNull();
    }

    /** Stapler sets only what is in the form. */
    private static StaplerRequest2 bindingNothing() {
        return (StaplerRequest2) Proxy.newProxyInstance(
                StaplerRequest2.class.getClassLoader(),
                new Class<?>[] {StaplerRequest2.class},
                (request, method, arguments) -> null);
    }

    @Test
    void everyStepsFormKeepsItsParameters(JenkinsRule jenkins) throws Exception {
        GitOpsConfiguration.get()
                .setRepositories(
                        List.of(new ConfiguredRepository("config", "https://git.example.com/acme/config.git")));
        BumpImageStep bump = new BumpImageStep();
        bump.setApplication("shop");
        bump.setEnvironments(List.of("dev", "staging"));
        bump.setImages(Map.of("api", "1.1.0"));
        bump.setRepository("config");
        BumpImageStep file = new BumpImageStep();
        file.setFile("values.yaml");
        file.setKey("api.image");
        file.setImage("ghcr.io/acme/shop-api");
        file.setTag("1.1.0");
        AwaitSyncStep await = new AwaitSyncStep();
        await.setApplication("shop");
        await.setEnvironment("dev");
        await.setTimeout("10m");
        AwaitSyncStep several = new AwaitSyncStep();
        several.setApplication("shop");
        several.setEnvironments(List.of("dev", "staging"));
        several.setImages(Map.of("api", "ghcr.io/acme/shop-api:1.1.0"));
        several.setOnTimeout("unstable");
        several.setConnection("prod");
        AwaitSyncStep named = new AwaitSyncStep();
        named.setArgoApplications(List.of("shop-dev", "shop-staging"));
        RollbackStep rollback = new RollbackStep("shop");
        rollback.setEnvironments(List.of("staging", "prod"));
        rollback.setReason("Checkout fails");
        rollback.setBefore("2026-01-31T12:00:00Z");
        rollback.setTimeout("5m");
        StatusStep status = new StatusStep("shop");
        status.setRepository("https://git.example.com/acme/other.git");
        PromoteStep promote = new PromoteStep("shop", "prod");
        promote.setFrom("staging");
        ApprovalStep approval = new ApprovalStep("Shall it go out?");
        approval.setRequired(2);
        approval.setFrom(List.of("release-managers"));
        approval.setChecklist(List.of("Rollback plan documented"));
        StepConfigTester tester = new StepConfigTester(jenkins);

        for (Step step : List.of(bump, file, await, several, named, promote, approval, rollback, status)) {
            jenkins.assertEqualDataBoundBeans(step, tester.configRoundTrip(step));
        }
    }

    @Test
    void whoMayNotConfigureLearnsNothingFromTheForms(JenkinsRule jenkins) throws Exception {
        CredentialsProvider.lookupStores(jenkins.jenkins)
                .iterator()
                .next()
                .addCredentials(
                        Domain.global(),
                        new UsernamePasswordCredentialsImpl(
                                CredentialsScope.GLOBAL, "the-hidden-id", "hidden", "bot", "hidden-too"));
        People.letIn(jenkins);

        List<String> asked = new ArrayList<>();
        for (Class<?> configured : CONFIGURED) {
            Descriptor<?> descriptor =
                    jenkins.jenkins.getDescriptorOrDie(configured.asSubclass(hudson.model.Describable.class));
            for (Method method : descriptor.getClass().getMethods()) {
                if (!method.isAnnotationPresent(POST.class)) {
                    continue;
                }
                String endpoint = descriptor.getDescriptorUrl() + "/" + stem(method.getName());
                asked.add(endpoint);
                for (String person : List.of(People.READER, People.APPROVER, People.ANONYMOUS)) {
                    WebResponse answer = post(jenkins, person, endpoint);
                    if (answer.getStatusCode() == 200) {
                        assertThat(method.getName())
                                .as(endpoint)
                                .matches("do(Fill|Check)((Api|Webhook|Alerts)?Credentials|SigningKey)Id(Items)?"
                                        + "|doFillKindItems");
                        assertThat(answer.getContentAsString())
                                .as(endpoint)
                                .doesNotContain("hidden")
                                .matches(text ->
                                        !method.getName().endsWith("IdItems") || text.contains("the-current-one"));
                    } else {
                        assertThat(answer.getStatusCode())
                                .as(endpoint + " as " + person)
                                .isEqualTo(403);
                    }
                    if (answer.getStatusCode() == 200 && method.getName().startsWith("doCheck")) {
                        assertThat(post(jenkins, person, endpoint, "no-such-id").getContentAsString())
                                .as(endpoint + " does not tell which there are")
                                .isEqualTo(post(jenkins, person, endpoint, "the-hidden-id")
                                        .getContentAsString());
                    }
                }
                assertThat(post(jenkins, People.ADMINISTRATOR, endpoint).getStatusCode())
                        .as(endpoint + " as an administrator")
                        .isEqualTo(200);
            }
        }
        assertThat(asked).hasSizeGreaterThan(15);
    }

    /** As the browser asks: with the fields that {@code fillDependsOn} names. */
    @Test
    void theSnippetGeneratorOffersWhatGitopsYamlDeclares(JenkinsRule jenkins, @TempDir Path folder) throws Exception {
        try (Shop shop = new Shop(folder)) {
            shop.configure();
            WorkflowJob job = Shop.pipeline(jenkins.jenkins, "shop", "echo 'hello'");
            People.letIn(jenkins);
            String form = job.getUrl() + "descriptorByName/" + PromoteStep.class.getName() + "/";

            assertThat(post(jenkins, People.ADMINISTRATOR, form + "fillApplicationItems")
                            .getContentAsString())
                    .contains("\"shop\"");
            assertThat(post(jenkins, People.ADMINISTRATOR, form + "fillEnvironmentItems?application=shop")
                            .getContentAsString())
                    .contains("\"dev\"", "\"staging\"", "\"prod\"");
            assertThat(post(jenkins, People.READER, form + "fillApplicationItems")
                            .getContentAsString())
                    .doesNotContain("shop");
        }
    }

    private static String stem(String method) {
        return Character.toLowerCase(method.charAt(2)) + method.substring(3);
    }

    private static WebResponse post(JenkinsRule jenkins, String person, String endpoint) throws Exception {
        return post(jenkins, person, endpoint, "");
    }

    private static WebResponse post(JenkinsRule jenkins, String person, String endpoint, String value)
            throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false)) {
            client.setRefreshHandler((page, url, seconds) -> {});
            if (!person.isEmpty()) {
                client.withBasicCredentials(person);
            }
            WebRequest request = new WebRequest(new URL(jenkins.getURL(), endpoint), HttpMethod.POST);
            request.setRequestParameters(List.of(
                    new NameValuePair("value", value),
                    new NameValuePair("credentialsId", "the-current-one"),
                    new NameValuePair("apiCredentialsId", "the-current-one"),
                    new NameValuePair("signingKeyId", "the-current-one"),
                    new NameValuePair("webhookCredentialsId", "the-current-one"),
                    new NameValuePair("alertsCredentialsId", "the-current-one")));
            client.addCrumb(request);
            return client.getPage(request).getWebResponse();
        }
    }
}

package io.jenkins.plugins.gitops.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Alerts;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Http;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.JenkinsJob;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.KubernetesJob;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.NoData;
import io.jenkins.plugins.gitops.engine.model.VerificationDefinition.Prometheus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code verify} of an environment in {@code gitops.yaml}. */
class VerificationDeclarationTest {

    private static final Duration USUAL = Duration.ofSeconds(15);

    private static final String HEAD = """
        version: 1
        applications:
          shop:
            images: { api: ghcr.io/acme/shop-api }
            environments:
              staging:
                kustomization: staging/kustomization.yaml
                argocd: { application: shop-staging }
        """;

    @Test
    void anEnvironmentWithoutItVerifiesNothing() {
        assertThat(environment("").verification()).isEmpty();
    }

    @Test
    void checksAreReadInOrder() {
        VerificationDefinition verification = environment("""
                    verify:
                      within: 20m
                      checks:
                        smoke: { http: https://shop.example.org/health, expect: { status: 204, body: UP }, for: 2m }
                        errors: { prometheus: observability, query: 'sum(rate(errors[5m]))', below: 0.01, for: 10m }
                        e2e: { job: shop/e2e, parameters: { BASE: https://shop.example.org }, interval: 30s }
            """).verification().orElseThrow();

        assertThat(verification.within()).isEqualTo(Duration.ofMinutes(20));
        assertThat(verification.checks())
                .containsExactly(
                        new Http("smoke", "https://shop.example.org/health", 204, "UP", Duration.ofMinutes(2), USUAL),
                        new Prometheus(
                                "errors",
                                "observability",
                                "sum(rate(errors[5m]))",
                                null,
                                0.01,
                                NoData.WAIT,
                                Duration.ofMinutes(10),
                                USUAL),
                        new JenkinsJob(
                                "e2e", "shop/e2e", Map.of("BASE", "https://shop.example.org"), Duration.ofSeconds(30)));
    }

    @Test
    void aJobRunsInTheClusterOfTheEnvironmentUnlessItNamesAnother() {
        String check = "        verify: { checks: { migrate: { kubernetesJob: envs/staging/job.yaml%s } } }\n";

        assertThat(environment(check.formatted("")).verification().orElseThrow().checks())
                .containsExactly(new KubernetesJob("migrate", "envs/staging/job.yaml", null, null, USUAL));
        assertThat(check(check.formatted(""), "{ application: shop-staging, connection: west }"))
                .isEqualTo(new KubernetesJob("migrate", "envs/staging/job.yaml", "west", null, USUAL));
        assertThat(check(
                        check.formatted(", connection: east, namespace: shop"),
                        "{ application: shop-staging, connection: west }"))
                .isEqualTo(new KubernetesJob("migrate", "envs/staging/job.yaml", "east", "shop", USUAL));
        assertThatThrownBy(() -> check(
                        check.formatted(""),
                        "[{ application: a, connection: west }, { application: b, connection: east }]"))
                .hasMessageContaining(
                        "the Applications of this environment have several connections; choose the one of the"
                                + " check 'migrate' with 'connection'");
    }

    private static VerificationDefinition.Check check(String verify, String applications) {
        return DeclarationReader.read(
                        "gitops.yaml",
                        (HEAD.replace("{ application: shop-staging }", applications) + verify)
                                .getBytes(StandardCharsets.UTF_8))
                .application("shop")
                .environment("staging")
                .verification()
                .orElseThrow()
                .checks()
                .get(0);
    }

    @Test
    void whatIsNotDeclaredIsUsual() {
        VerificationDefinition verification = environment("""
                    verify:
                      checks:
                        smoke: { http: http://shop/health }
            """).verification().orElseThrow();

        assertThat(verification.within()).isEqualTo(Duration.ofMinutes(15));
        assertThat(verification.checks())
                .containsExactly(new Http("smoke", "http://shop/health", 200, null, Duration.ZERO, USUAL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        {}                                                        | the check 'a' has no kind; give one of 'http', 'prometheus', 'job', 'kubernetesJob'
        { http: http://a, prometheus: b }                          | the check 'a' has the kinds http and prometheus; give one of
        { http: http://a, query: up }                             | 'query' does not apply to the check 'a' with 'http'; remove it
        { http: ftp://a }                                         | the address of the check 'a' is not valid; write http:// or https://, without a password
        { http: http://a, for: 15m }                              | the check 'a' needs 15 min ('for'), and 'within' leaves 15 min; raise 'within'
        { http: http://a, interval: 1s }                          | 'interval' must be 5s to 5m
        { prometheus: p, below: 1 }                               | the check 'a' has no 'query'; add the PromQL that gives one value
        { prometheus: p, query: up }                              | the check 'a' has no bound; add 'above' or 'below'
        { prometheus: p, query: up, below: 1, above: 2 }          | no value is above 2.0 and below 1.0; correct the check 'a'
        { prometheus: p, query: up, below: 1.0e+999 }             | 'below' must be a finite number
        { prometheus: p, query: up, below: low }                  | 'applications.shop.environments.staging.verify.checks.a.below' must be a number, not text
        { http: http://a, for: soon }                             | 'soon' is not a duration; write for example 90s
        { job: e2e, for: 2m }                                     | 'for' does not apply to the check 'a' with 'job'; remove it
        { http: http://a, parameters: { BASE: b } }               | 'parameters' does not apply to the check 'a' with 'http'; remove it
        { job: e2e, parameters: { DRY: true } }                   | 'applications.shop.environments.staging.verify.checks.a.param…' must be text (quote it), not the boolean true
        { job: e2e, parameters: BASE }                            | 'applications.shop.environments.staging.verify.checks.a.param…' must be a mapping, not text
        { job: e2e, parameter: { BASE: b } }                      | 'parameter' is not known in 'applications.shop.environments.staging.verify.checks.a': did you mean 'parameters'?
        { job: '' }                                               | 'applications.shop.environments.staging.verify.checks.a.job' must be at least 1 characters long
        { job: e2e, connection: c }                               | 'connection' does not apply to the check 'a' with 'job'; remove it
        { kubernetesJob: a.yaml, for: 2m }                        | 'for' does not apply to the check 'a' with 'kubernetesJob'; remove it
        { kubernetesJob: ../a.yaml }                              | '../a.yaml' is not a path inside the repository
        { kubernetesJob: a.yaml, namespace: Shop }                | 'Shop' is not a namespace; write lower-case letters, digits and '-'
        { kubernetesJob: a.yaml, namspace: shop }                 | 'namspace' is not known in 'applications.shop.environments.staging.verify.checks.a': did you mean 'namespace'?
        { htp: http://a }                                         | 'htp' is not known in
        """)
    void aMistakeIsNamedWithItsPlace(String check, String sentence) {
        assertThatThrownBy(() -> environment("        verify: { checks: { a: " + check + " } }\n"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("gitops.yaml:9: ")
                .hasMessageContaining(sentence);
    }

    @Test
    void theBodyOfAStepHasItsNameAlone() {
        assertThatThrownBy(() -> environment("        verify: { checks: { pipeline: { http: http://a } } }\n"))
                .hasMessageContaining("gitops.yaml:9: ")
                .hasMessageContaining("'pipeline' names the body of a gitopsVerify step; give the check another name");
    }

    @Test
    void alertsAreOneMoreCheck() {
        VerificationDefinition verification = environment("""
                    verify:
                      within: 20m
                      alerts: { match: { service: 'shop-*', severity: critical }, observe: 1h }
                      checks:
                        smoke: { http: http://shop/health }
            """).verification().orElseThrow();

        Alerts alerts = new Alerts(Map.of("service", "shop-*", "severity", "critical"), Duration.ofHours(1));
        assertThat(verification.checks()).last().isEqualTo(alerts);
        assertThat(verification.takes()).isEqualTo(Duration.ofHours(1));
        assertThat(verification.takes(alerts)).isEqualTo(Duration.ofHours(1));
        assertThat(verification.takes(verification.checks().get(0))).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void alertsAreObservedForHalfAnHourUnlessDeclared() {
        assertThat(environment("        verify: { alerts: { match: { service: shop } } }\n")
                        .verification()
                        .orElseThrow()
                        .checks())
                .containsExactly(new Alerts(Map.of("service", "shop"), Duration.ofMinutes(30)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        alerts: {}                                                    | 'match' is missing in
        alerts: { match: {} }                                         | 'applications.shop.environments.staging.verify.alerts.match'
        alerts: { match: { service: 7 } }                             | must be text
        alerts: { match: { 'my label': shop } }                       | 'my label' in 'applications.shop.environments.staging.verify.alerts.match' is not a name
        alerts: { match: { a: b }, observe: 2s }                      | 'observe' must be 5s to 1d
        alerts: { match: { a: b }, observe: 2d }                      | 'observe' must be 5s to 1d
        alerts: { match: { a: b }, observ: 2m }                       | 'observ' is not known in
        alerts: { match: { a: b } }, checks: { alerts: { http: http://a } } | 'alerts' is the name of the observation of alerts beside it; give the check another name
        within: 5m                                                    | 'verify' asks for nothing; add 'checks' or 'alerts'
        """)
    void aMistakeInAlertsIsNamed(String verify, String sentence) {
        assertThatThrownBy(() -> environment("        verify: { " + verify + " }\n"))
                .isInstanceOf(InvalidDeclarationException.class)
                .hasMessageContaining("gitops.yaml:9: ")
                .hasMessageContaining(sentence);
    }

    @Test
    void whatNobodySeesHealthyIsNotVerified() {
        String unwatched = HEAD.replace("        argocd: { application: shop-staging }\n", "")
                + "        verify: { checks: { a: { http: http://a } } }\n";

        assertThatThrownBy(() -> DeclarationReader.read("gitops.yaml", unwatched.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining(
                        "nobody sees when a release here is healthy, so nothing verifies it; add 'argocd'");
    }

    @Test
    void anAutomaticRollbackNeedsAVerification() {
        assertThat(environment("""
                    verify: { checks: { a: { http: http://a } } }
                    rollback: { automatic: true }
            """).rollback().automatic()).isEqualTo(RollbackPolicy.Automatic.FAILED_VERIFICATION);
        assertThatThrownBy(() -> environment("        rollback: { automatic: true }\n"))
                .hasMessageContaining(
                        "nothing is rolled back automatically without 'verify'; add checks, or remove 'automatic'");
    }

    @Test
    void aVerificationEndsWithinADay() {
        assertThatThrownBy(() -> environment("        verify: { within: 2d, checks: { a: { http: http://a } } }\n"))
                .hasMessageContaining("a verification takes 1d at most; write a shorter 'within'");
    }

    private static Environment environment(String verify) {
        return DeclarationReader.read("gitops.yaml", (HEAD + verify).getBytes(StandardCharsets.UTF_8))
                .application("shop")
                .environment("staging");
    }
}

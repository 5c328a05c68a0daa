package io.jenkins.plugins.gitops.playground.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.pages.deployments.JobDeployments;
import io.jenkins.plugins.gitops.pages.deployments.JobDeploymentsApi;
import io.jenkins.plugins.gitops.pages.deployments.RootDeploymentsApi;
import io.jenkins.plugins.gitops.pages.gate.GateApi;
import io.jenkins.plugins.gitops.pages.verification.AlertsPage;
import io.jenkins.plugins.gitops.playground.controller.RunActions;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.GET;

/** docs/openapi.yaml has the requests that the plugin answers, and no others. Their answers {@link ApiClient} compares. */
class OpenApiTest {

    private static final ApiDocument DOCUMENT = ApiDocument.read();

    @Test
    void everyRequestIsDescribedWithItsParametersAndNoneThatIsNotThere() {
        Map<String, Set<String>> real = new TreeMap<>();
        real.putAll(requests("/{gates}", GateApi.class));
        real.putAll(requests("/{job}/" + JobDeployments.URL_NAME, JobDeploymentsApi.class));
        real.putAll(requests("/gitops-deployments", RootDeploymentsApi.class));

        requests("/gitops-alerts", AlertsPage.class)
                .forEach((request, parameters) -> real.put(request.replace("/v1/", "/"), parameters));

        assertThat(DOCUMENT.requests()).isEqualTo(real);
    }

    @Test
    void anAnswerThatTheDocumentDoesNotDescribeIsNoticed() {
        assertThat(
                        violations(
                                200,
                                "{\"ready\":true,\"applications\":[],\"problems\":[],\"orders\":[],\"gates\":[],\"deliveries\":[]}"))
                .isEmpty();
        assertThat(violations(
                        200, "{\"applications\":[],\"problems\":[],\"orders\":[],\"gates\":[],\"deliveries\":[]}"))
                .singleElement()
                .asString()
                .contains("ready");
        assertThat(
                        violations(
                                200,
                                "{\"ready\":true,\"applications\":[],\"problems\":[],\"orders\":[],\"gates\":[],\"deliveries\":[],\"more\":1}"))
                .singleElement()
                .asString()
                .contains("more");
        assertThat(violations(500, "{}")).singleElement().asString().contains("500");
    }

    private static List<String> violations(int status, String body) {
        return DOCUMENT.violations(
                "GET", "job/shop/gitops/v1/deployments", status, "application/json;charset=UTF-8", body);
    }

    private static Map<String, Set<String>> requests(String page, Class<?> api) {
        return Arrays.stream(api.getMethods())
                .filter(method -> RunActions.name(method).isPresent())
                .collect(Collectors.toMap(
                        method -> (method.isAnnotationPresent(GET.class) ? "GET " : "POST ") + page + "/v1/"
                                + RunActions.name(method).orElseThrow(),
                        OpenApiTest::parameters));
    }

    private static Set<String> parameters(Method endpoint) {
        return Arrays.stream(endpoint.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(QueryParameter.class))
                .map(Parameter::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

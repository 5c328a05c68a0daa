package io.jenkins.plugins.gitops.jenkins;

import static org.awaitility.Awaitility.await;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.promotion.GateView;
import io.jenkins.plugins.gitops.gate.GateAction;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/** Decides about the only gate of a run over HTTP, as somebody. */
final class GateClient {

    private final JenkinsRule jenkins;
    private final Run<?, ?> run;
    private final String id;

    private GateClient(JenkinsRule jenkins, Run<?, ?> run, String id) {
        this.jenkins = jenkins;
        this.run = run;
        this.id = id;
    }

    /** Waits until the run stands at its gate. */
    @NonNull
    static GateClient waitFor(@NonNull JenkinsRule jenkins, @NonNull Run<?, ?> run) {
        List<GateView> gates = await("the run's gate")
                .atMost(Duration.ofMinutes(2))
                .until(() -> views(run), views -> !views.isEmpty() || !run.isBuilding());
        return new GateClient(jenkins, run, gates.get(0).id());
    }

    private static List<GateView> views(Run<?, ?> run) {
        GateAction action = run.getAction(GateAction.class);
        return action == null ? List.of() : action.getViews();
    }

    /** Posts with a crumb and returns the status. */
    int post(@NonNull String person, @NonNull String action, @NonNull String... parameters) throws Exception {
        try (JenkinsRule.WebClient client = client(person)) {
            WebRequest request = request(HttpMethod.POST, action, parameters);
            client.addCrumb(request);
            return answer(client, request).getStatusCode();
        }
    }

    int postWithoutCrumb(@NonNull String person, @NonNull String action) throws Exception {
        return send(person, HttpMethod.POST, action);
    }

    /** As a script does it: with an API token, for which Jenkins asks no crumb. */
    int postWithToken(@NonNull String person, @NonNull String action) throws Exception {
        try (JenkinsRule.WebClient client = client(People.ANONYMOUS).withBasicApiToken(person)) {
            return answer(client, request(HttpMethod.POST, action)).getStatusCode();
        }
    }

    int send(@NonNull String person, @NonNull HttpMethod method, @NonNull String action) throws Exception {
        try (JenkinsRule.WebClient client = client(person)) {
            return answer(client, request(method, action)).getStatusCode();
        }
    }

    /** The gates as JSON. */
    @NonNull
    String read(@NonNull String person) throws Exception {
        try (JenkinsRule.WebClient client = client(person)) {
            return answer(client, request(HttpMethod.GET, "gates")).getContentAsString();
        }
    }

    /** What asking for the gates is answered with. */
    int status(@NonNull String person) throws Exception {
        return send(person, HttpMethod.GET, "gates");
    }

    private JenkinsRule.WebClient client(String person) {
        JenkinsRule.WebClient client = jenkins.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false);
        // Whoever is refused without having signed in is sent on to the login page, which is not an answer.
        client.setRefreshHandler((page, url, seconds) -> {});
        return person.isEmpty() ? client : client.withBasicCredentials(person);
    }

    private WebRequest request(HttpMethod method, String action, String... parameters) throws IOException {
        WebRequest request =
                new WebRequest(new URL(jenkins.getURL(), run.getUrl() + GateAction.URL_NAME + "/v1/" + action), method);
        List<NameValuePair> pairs = new ArrayList<>();
        pairs.add(new NameValuePair("gate", id));
        pairs.add(new NameValuePair("decision", UUID.randomUUID().toString()));
        for (int i = 0; i < parameters.length; i += 2) {
            pairs.add(new NameValuePair(parameters[i], parameters[i + 1]));
        }
        request.setRequestParameters(pairs);
        return request;
    }

    private static WebResponse answer(JenkinsRule.WebClient client, WebRequest request) throws IOException {
        return client.getPage(request).getWebResponse();
    }
}

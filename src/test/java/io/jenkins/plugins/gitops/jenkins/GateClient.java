package io.jenkins.plugins.gitops.jenkins;

import static org.awaitility.Awaitility.await;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.gitops.engine.gate.GateView;
import io.jenkins.plugins.gitops.pages.gate.GateAction;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.htmlunit.HttpMethod;
import org.jvnet.hudson.test.JenkinsRule;

/** Decides about the only gate of a run over HTTP, as somebody. */
final class GateClient {

    private final JenkinsClient jenkins;
    private final Run<?, ?> run;
    private final String id;

    private GateClient(JenkinsRule jenkins, Run<?, ?> run, String id) {
        this.jenkins = new JenkinsClient(jenkins);
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
        return action == null ? List.of() : action.getRecords().views();
    }

    /** Posts with a crumb and returns the status. */
    int post(@NonNull String person, @NonNull String action, @NonNull String... parameters) throws Exception {
        return jenkins.post(person, address(action), decision(parameters)).getStatusCode();
    }

    int postWithoutCrumb(@NonNull String person, @NonNull String action) throws Exception {
        return send(person, HttpMethod.POST, action);
    }

    /** As a script does it: with an API token, for which Jenkins asks no crumb. */
    int postWithToken(@NonNull String person, @NonNull String action) throws Exception {
        return jenkins.postWithToken(person, address(action), decision()).getStatusCode();
    }

    int send(@NonNull String person, @NonNull HttpMethod method, @NonNull String action) throws Exception {
        return jenkins.send(person, method, address(action), decision()).getStatusCode();
    }

    /** The gates as JSON. */
    @NonNull
    String read(@NonNull String person) throws Exception {
        return jenkins.get(person, address("gates")).getContentAsString();
    }

    /** What asking for the gates is answered with. */
    int status(@NonNull String person) throws Exception {
        return jenkins.get(person, address("gates")).getStatusCode();
    }

    private String address(String action) {
        return run.getUrl() + GateAction.URL_NAME + "/v1/" + action;
    }

    private String[] decision(String... parameters) {
        Stream<String> click =
                Stream.of("gate", id, "decision", UUID.randomUUID().toString());
        return Stream.concat(click, Stream.of(parameters)).toArray(String[]::new);
    }
}

package io.jenkins.plugins.gitops.engine.argocd.client;

import static io.jenkins.plugins.gitops.engine.argocd.Awaiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.StreamListener;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdApi;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdException.Reason;
import io.jenkins.plugins.gitops.engine.argocd.HealthState;
import io.jenkins.plugins.gitops.engine.argocd.Observation;
import io.jenkins.plugins.gitops.engine.argocd.Observation.Trait;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import io.jenkins.plugins.gitops.engine.argocd.RolloutAction;
import io.jenkins.plugins.gitops.engine.argocd.SimulatedApplication;
import io.jenkins.plugins.gitops.engine.net.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link ArgoCdServer} makes of a real server's answers. */
@Timeout(240)
class ArgoCdServerFaultsTest {

    private static final ApplicationName SHOP = new ApplicationName("argocd", "shop");

    private final List<ObjectNode> applications = new CopyOnWriteArrayList<>();
    private final List<ObjectNode> operations = new CopyOnWriteArrayList<>();
    private ArgoCdApi api;
    private ArgoCd argoCd;

    @BeforeEach
    void start() throws IOException {
        applications.add(new SimulatedApplication(SHOP, JsonNodeFactory.instance.objectNode()).resource());
        api = new ArgoCdApi(new Fixed());
        argoCd = api.connect("argocd");
    }

    @AfterEach
    void stop() {
        argoCd.close();
        api.close();
    }

    @Test
    void listsTheApplicationsOfTheNamespaceOnly() {
        applications.add(
                new SimulatedApplication(new ApplicationName("team-a", "shop"), JsonNodeFactory.instance.objectNode())
                        .resource());

        assertThat(argoCd.list("team-a").applications())
                .extracting(application -> application.name().toString())
                .containsExactly("team-a/shop");
    }

    @Test
    void aMissingApplicationIsNoError() {
        assertThat(argoCd.observe(new ApplicationName("argocd", "nowhere"))).isEmpty();
    }

    @Test
    void aWrongTokenIsRefusedInOneSentence() {
        ArgoCd other = new ArgoCdServer(new ArgoCdHttp(api.base(), HttpClients.DEFAULT, () -> "stale"), "argocd");

        assertThatThrownBy(() -> other.list("argocd"))
                .isInstanceOfSatisfying(
                        ArgoCdException.class,
                        cause -> assertThat(cause.reason()).isEqualTo(Reason.REFUSED))
                .hasMessage("Cannot list Applications at " + api.base()
                        + " (401, no session information): the token of the connection is unknown or has"
                        + " expired; generate another for its account or project role");
    }

    @Test
    void aRefusedStreamSaysWhy() {
        api.answerNext(403);
        Heard heard = new Heard();

        argoCd.watch("argocd", "", heard);

        await().until(() -> heard.ends.size() == 1);
        assertThat(heard.ends.get(0))
                .hasValueSatisfying(cause -> assertThat(cause).hasMessageContaining("(403, told to)"));
    }

    @Test
    void aStreamThatHasNothingToSayYetIsNoTrouble() {
        Heard heard = new Heard();
        applications.clear();

        argoCd.watch("argocd", "", heard);
        api.tell("ADDED", new SimulatedApplication(SHOP, JsonNodeFactory.instance.objectNode()).resource());

        await().until(() -> heard.changed.contains(SHOP));
        assertThat(heard.ends).isEmpty();
    }

    @Test
    void anErrorWithinTheStreamKeepsItsReason() {
        Heard heard = new Heard();
        argoCd.watch("argocd", "", heard);

        api.say("{\"error\": {\"grpc_code\": 7, \"http_code\": 403, \"message\": \"permission denied\"}}");

        await().until(() -> heard.ends.size() == 1);
        assertThat(heard.ends.get(0)).hasValueSatisfying(cause -> {
            assertThat(cause.reason()).isEqualTo(Reason.REFUSED);
            assertThat(cause).hasMessage("Argo CD ended its event stream: permission denied.");
        });
    }

    @Test
    void aStreamBeginsWithEverythingAndIsCutInTheMiddleOfAnEvent() {
        Heard heard = new Heard();

        argoCd.watch("argocd", "", heard);
        await().until(() -> heard.changed.contains(SHOP));
        api.breakStreams();

        await().until(() -> heard.ends.size() == 1);
        assertThat(heard.ends.get(0))
                .hasValueSatisfying(
                        cause -> assertThat(cause).hasMessageContaining("broke off in the middle of an event"));
    }

    @Test
    void aClosedStreamSaysNothingMore() {
        Heard heard = new Heard();
        ArgoCd.Stream stream = argoCd.watch("argocd", "", heard);
        await().until(() -> heard.changed.contains(SHOP));

        stream.close();
        api.breakStreams();

        assertThat(heard.ends).isEmpty();
    }

    @Test
    void aSyncWhileAnotherIsUnderWayIsRejected() {
        applications.get(0).putObject("operation").putObject("sync");

        assertThatThrownBy(() -> argoCd.sync(SHOP, "wait-1"))
                .isInstanceOfSatisfying(
                        ArgoCdException.class,
                        cause -> assertThat(cause.reason()).isEqualTo(Reason.REJECTED))
                .hasMessageContaining("another operation is already in progress");
    }

    @Test
    void aRequestedSyncIsRetriedTwiceOrAsThePolicySays() {
        argoCd.sync(SHOP, "wait-1");
        ((ObjectNode) applications.get(0).path("spec"))
                .putObject("syncPolicy")
                .putObject("retry")
                .put("limit", 9);
        argoCd.sync(SHOP, "wait-2");

        assertThat(operations)
                .extracting(operation -> operation.path("retry").path("limit").asInt())
                .containsExactly(2, 9);
    }

    @Test
    void theResourceTreeNamesWhatIsNotHealthy() {
        assertThat(argoCd.unhealthyResources(SHOP))
                .extracting(ResourceState::toString)
                .containsExactly(
                        "Pod shop/shop-api-5d4f: Degraded, Back-off pulling image \"ghcr.io/acme/shop:1.1.0\"");
    }

    @Test
    void theContainerOfANewPodThatCannotStartIsReadFromThePod() {
        api.tree("""
            {"nodes": [{"kind": "Pod", "version": "v1", "namespace": "shop", "name": "api-1", "createdAt": "2026-08-01T10:00:05Z",
             "health": {"status": "Degraded", "message": "secret \\"shop\\" not found"},
             "info": [{"name": "Status Reason", "value": "CreateContainerConfigError"}]}]}
            """);
        assertThat(argoCd.unhealthyResources(SHOP))
                .extracting(ResourceState::message)
                .containsExactly("CreateContainerConfigError, secret \"shop\" not found");

        api.manifest("Pod", "api-1", """
            {"kind": "Pod", "metadata": {"namespace": "shop", "name": "api-1", "creationTimestamp": "2026-08-01T10:00:05Z"},
             "spec": {"containers": [{"name": "api", "image": "ghcr.io/acme/shop:2"}]},
             "status": {"containerStatuses": [{"name": "api", "state": {"waiting": {"reason": "CreateContainerConfigError",
              "message": "secret \\"shop\\" not found"}}}]}}
            """);
        assertThat(argoCd.unhealthyResources(SHOP))
                .extracting(ResourceState::message)
                .containsExactly(
                        "CreateContainerConfigError, container api of ghcr.io/acme/shop:2, secret \"shop\" not found");
    }

    private static final String ROLLOUT_TREE = """
        {"nodes": [
          {"group": "argoproj.io", "kind": "Rollout", "version": "v1alpha1", "namespace": "shop", "name": "web",
           "health": {"status": "Suspended", "message": "CanaryPauseStep"}},
          {"group": "argoproj.io", "kind": "AnalysisRun", "version": "v1alpha1", "namespace": "shop", "name": "web-2",
           "health": {"status": "Degraded", "message": "Metric assessed Failed"}, "parentRefs": [
            {"group": "argoproj.io", "kind": "Rollout", "namespace": "shop", "name": "web"}],
           "info": [{"name": "Revision", "value": "Rev:%d"}]},
          {"group": "apps", "kind": "ReplicaSet", "version": "v1", "namespace": "shop", "name": "web-2",
           "health": {"status": "Healthy"}, "parentRefs": [
            {"group": "argoproj.io", "kind": "Rollout", "namespace": "shop", "name": "web"}],
           "info": [{"name": "Revision", "value": "Rev:2"}]}]}
        """;

    @Test
    void aRolloutIsReadFromItsLiveManifestAndElseFromTheTree() {
        api.tree(ROLLOUT_TREE.formatted(2));
        assertThat(argoCd.unhealthyResources(SHOP))
                .extracting(ResourceState::toString)
                .containsExactly(
                        "Rollout shop/web: Suspended, CanaryPauseStep",
                        "AnalysisRun shop/web-2: Degraded, Metric assessed Failed");
        assertThat(argoCd.unhealthyResources(SHOP)).noneMatch(ResourceState::isPausedRollout);

        api.manifest("Rollout", "web", """
            {"kind": "Rollout", "metadata": {"namespace": "shop", "name": "web"},
             "spec": {"strategy": {"canary": {"steps": [{"setWeight": 20}, {"pause": {}}]}}},
             "status": {"phase": "Paused", "currentStepIndex": 1, "pauseConditions": [{"reason": "CanaryPauseStep"}]}}
            """);
        assertThat(argoCd.rollouts(SHOP))
                .extracting(ResourceState::toString)
                .containsExactly("Rollout shop/web: Suspended, is paused at step 2 of 2 (pause)");
        assertThat(argoCd.rollouts(SHOP)).allMatch(ResourceState::isPausedRollout);
    }

    @Test
    void thatAListHasARolloutAsSuspendedSaysNothingOfHowItsPauseEnds() {
        api.tree(ROLLOUT_TREE.formatted(2));
        ((ObjectNode) applications.get(0).path("status"))
                .putArray("resources")
                .addObject()
                .put("kind", "Rollout")
                .put("name", "web");

        assertThat(argoCd.list("argocd").applications().get(0).resources())
                .singleElement()
                .hasToString("Rollout web: Suspended, CanaryPauseStep")
                .matches(rollout -> !rollout.isPausedRollout());
    }

    @Test
    void aResourceThatGitDoesNotHaveAnyMoreNeedsPruning() {
        assertThat(argoCd.list("argocd").applications()).noneMatch(shop -> shop.is(Trait.NEEDS_PRUNING));

        ((ObjectNode) applications.get(0).path("status"))
                .putArray("resources")
                .addObject()
                .put("kind", "Deployment")
                .put("status", "OutOfSync")
                .put("requiresPruning", true);

        assertThat(argoCd.list("argocd").applications()).allMatch(shop -> shop.is(Trait.NEEDS_PRUNING));
    }

    @Test
    void anAnalysisOfAnEarlierVersionIsNotNamed() {
        api.tree(ROLLOUT_TREE.formatted(1));

        assertThat(argoCd.unhealthyResources(SHOP))
                .extracting(ResourceState::kind)
                .containsExactly("Rollout");
    }

    @Test
    void anActionIsRequestedInTheFormThatTheServerKnows() {
        ResourceState rollout = new ResourceState("Rollout", "shop", "web", HealthState.SUSPENDED, "");
        argoCd.act(SHOP, rollout, RolloutAction.RESUME);
        api.beOlder();
        argoCd.act(SHOP, rollout, RolloutAction.PROMOTE_FULL);

        assertThat(api.actions()).containsExactly("Rollout/web resume", "Rollout/web promote-full");
        api.answerNext(403);
        assertThatThrownBy(() -> argoCd.act(SHOP, rollout, RolloutAction.ABORT))
                .hasMessageContaining("'applications, action/argoproj.io/Rollout/abort'");
    }

    @Test
    void whatIsNotArgoCdIsSaidToBeSo() throws IOException {
        try (ArgoCdApi page = new ArgoCdApi(new Fixed())) {
            URI wrong = URI.create(page.base().toString().replace("/root/", "/elsewhere/"));
            ArgoCd other =
                    new ArgoCdServer(new ArgoCdHttp(wrong, HttpClients.DEFAULT, () -> ArgoCdApi.TOKEN), "argocd");

            assertThatThrownBy(() -> other.list("argocd")).hasMessageContaining("check the address");
        }
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() {
        URI nobody = URI.create("http://127.0.0.1:9/");
        ArgoCd other = new ArgoCdServer(new ArgoCdHttp(nobody, HttpClients.DEFAULT, () -> "token"), "argocd");

        assertThatThrownBy(() -> other.list("argocd"))
                .isInstanceOfSatisfying(
                        ArgoCdException.class,
                        cause -> assertThat(cause.reason()).isEqualTo(Reason.UNAVAILABLE));
    }

    @Test
    void anApplicationHasAPageInTheUi() {
        assertThat(argoCd.page(SHOP)).contains(URI.create(api.base() + "applications/argocd/shop"));
    }

    private final class Fixed implements ArgoCdApi.Backing {

        @Override
        public List<ObjectNode> applications() {
            return applications;
        }

        @Override
        public void refresh(ApplicationName name, String how) {}

        @Override
        public void sync(ApplicationName name, ObjectNode operation) {
            operations.add(operation);
        }

        @Override
        public Runnable watch(ArgoCdApi.Watcher watcher) {
            return () -> {};
        }
    }

    private static final class Heard implements StreamListener {

        private final List<ApplicationName> changed = new CopyOnWriteArrayList<>();
        private final List<Optional<ArgoCdException>> ends = new CopyOnWriteArrayList<>();

        @Override
        public void changed(Observation application) {
            changed.add(application.name());
        }

        @Override
        public void deleted(ApplicationName application, String resourceVersion) {}

        @Override
        public void bookmark(String resourceVersion) {}

        @Override
        public void ended(Optional<ArgoCdException> cause) {
            ends.add(cause);
        }
    }
}

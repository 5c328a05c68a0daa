package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Kubernetes API tells of an Application that is not healthy. */
@Timeout(240)
class WorkloadsTest {

    private static final String APPLICATION = """
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
         "metadata": {"namespace": "argocd", "name": "shop", "resourceVersion": "7"},
         "spec": {"destination": {%s}},
         "status": {"health": {"status": "Degraded"}, "resources": [
           {"kind": "Service", "namespace": "shop", "name": "api", "version": "v1"},
           {"kind": "Deployment", "group": "apps", "namespace": "shop", "name": "api", "version": "v1"}]}}
        """;

    private static final String DEPLOYMENT = """
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"namespace": "shop", "name": "api", "annotations": {"deployment.kubernetes.io/revision": "2"}},
         "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "api"}}},
         "status": {"readyReplicas": 1, "updatedReplicas": 1, "conditions": [%s]}}
        """;

    private static final String LATE = """
        {"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": "ReplicaSet has timed out progressing."}
        """;

    private KubernetesResources cluster;
    private ArgoCd argoCd;

    @BeforeEach
    void start() throws IOException {
        cluster = new KubernetesResources()
                .with("applications", APPLICATION.formatted(""))
                .with("deployments", DEPLOYMENT.formatted(LATE))
                .with("replicasets", replicaSet(1))
                .with("replicasets", replicaSet(2))
                .with("pods", pod(1, "CrashLoopBackOff", "back-off 5m0s restarting failed container"))
                .with("pods", pod(2, "ImagePullBackOff", "Back-off pulling image"));
        argoCd = cluster.connect();
    }

    @AfterEach
    void stop() {
        argoCd.close();
        cluster.close();
    }

    @Test
    void thePodOfTheNewestVersionIsNamedFirstAndThenItsDeployment() {
        assertThat(unhealthy())
                .containsExactly(
                        "Pod shop/api-2: Degraded, ImagePullBackOff, container web of ghcr.io/acme/shop:2, Back-off"
                                + " pulling image",
                        "Deployment shop/api: Degraded, ProgressDeadlineExceeded, ReplicaSet has timed out"
                                + " progressing.");
    }

    @Test
    void aDeploymentOnItsWaySaysHowFarItIs() throws IOException {
        cluster.with("deployments", DEPLOYMENT.formatted(""));
        cluster.with("pods", pod(2, "ContainerCreating", ""));

        assertThat(unhealthy()).containsExactly("Deployment shop/api: Progressing, 1 of 2 pods are updated and ready");
    }

    @Test
    void aReadyPodOfTheEarlierVersionIsNotTakenForTheNewOne() throws IOException {
        cluster.with(
                "deployments",
                DEPLOYMENT
                        .formatted("")
                        .replace("\"replicas\": 2", "\"replicas\": 1")
                        .replace("\"readyReplicas\"", "\"replicas\": 2, \"readyReplicas\""));

        assertThat(unhealthy())
                .containsExactly(
                        "Pod shop/api-2: Degraded, ImagePullBackOff, container web of ghcr.io/acme/shop:2, Back-off"
                                + " pulling image",
                        "Deployment shop/api: Progressing, 0 of 1 pods are updated and ready");
    }

    @Test
    void onlyAPodOfTheNewestVersionIsNew() throws IOException {
        assertThat(argoCd.unhealthyResources(new ApplicationName("argocd", "shop")))
                .filteredOn(ResourceState::isStuck)
                .extracting(ResourceState::name)
                .containsExactly("api-2");

        cluster.forbid("replicasets");
        assertThat(argoCd.unhealthyResources(new ApplicationName("argocd", "shop")))
                .noneMatch(ResourceState::isStuck);
    }

    @ParameterizedTest
    @CsvSource({
        "StatefulSet, statefulsets, apps, 'updateRevision', controller-revision-hash",
        "Rollout, rollouts, argoproj.io, 'currentPodHash', rollouts-pod-template-hash"
    })
    void theNewestVersionOfAnotherWorkloadIsTheOneInItsStatus(
            String kind, String plural, String group, String field, String label) throws IOException {
        cluster.with("applications", """
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
             "metadata": {"namespace": "argocd", "name": "shop", "resourceVersion": "7"},
             "spec": {"destination": {}}, "status": {"resources": [
               {"kind": "%s", "group": "%s", "namespace": "shop", "name": "db"}]}}
            """.formatted(kind, group));
        cluster.with(plural, """
            {"apiVersion": "%s", "kind": "%s", "metadata": {"namespace": "shop", "name": "db"},
             "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "db"}}}, "status": {"%s": "two"}}
            """.formatted(group + "/v1", kind, field));
        cluster.with("pods", labelled("db-0", label, "one")).with("pods", labelled("db-1", label, "two"));

        assertThat(argoCd.unhealthyResources(new ApplicationName("argocd", "shop")))
                .filteredOn(ResourceState::isStuck)
                .extracting(ResourceState::name)
                .containsExactly("db-1");
    }

    private static String labelled(String name, String label, String value) {
        return pod(2, "ImagePullBackOff", "Back-off pulling image")
                .replace("api-2", name)
                .replace("\"app\": \"api\"", "\"app\": \"db\", \"" + label + "\": \"" + value + "\"");
    }

    @Test
    void aPermissionThatIsMissingIsNamed() {
        cluster.forbid("pods");

        assertThat(unhealthy())
                .containsExactly(
                        "Deployment shop/api: Degraded, ProgressDeadlineExceeded, ReplicaSet has timed out"
                                + " progressing.",
                        "Pod shop/*: Unknown, cannot be read: allow the account of the connection's credentials to list"
                                + " pods in namespace shop, with a Role and a RoleBinding there");
    }

    @Test
    void thePermissionToReadTheWorkloadIsNamed() {
        cluster.forbid("deployments");

        assertThat(unhealthy())
                .containsExactly(
                        "Deployment shop/*: Unknown, cannot be read: allow the account of the connection's credentials"
                                + " to get deployments.apps in namespace shop, with a Role and a RoleBinding there");
    }

    @Test
    void anotherClusterIsNotReadAndNamed() throws IOException {
        cluster.with("applications", APPLICATION.formatted("\"name\": \"prod-eu\""));

        assertThat(unhealthy())
                .containsExactly("Cluster prod-eu: Unknown, only a connection to Argo CD's API server can read it");
    }

    @Test
    void anApplicationThatIsGoneHasNothingUnhealthy() {
        assertThat(argoCd.unhealthyResources(new ApplicationName("argocd", "gone")))
                .isEmpty();
    }

    private List<String> unhealthy() {
        return argoCd.unhealthyResources(new ApplicationName("argocd", "shop")).stream()
                .map(ResourceState::toString)
                .toList();
    }

    private static String replicaSet(int revision) {
        return """
            {"apiVersion": "apps/v1", "kind": "ReplicaSet",
             "metadata": {"namespace": "shop", "name": "api-%1$d", "labels": {"app": "api", "pod-template-hash": "hash%1$d"},
             "annotations": {"deployment.kubernetes.io/revision": "%1$d"}}}
            """.formatted(revision);
    }

    private static String pod(int revision, String reason, String message) {
        return """
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"namespace": "shop", "name": "api-%1$d", "creationTimestamp": "2026-08-01T10:00:05Z",
              "labels": {"app": "api", "pod-template-hash": "hash%1$d"}},
             "spec": {"containers": [{"name": "web", "image": "ghcr.io/acme/shop:%1$d"}]},
             "status": {"containerStatuses": [{"name": "web", "image": "sha256:0", "state": {"waiting": {"reason": "%2$s", "message": "%3$s"}}}]}}
            """.formatted(revision, reason, message);
    }
}

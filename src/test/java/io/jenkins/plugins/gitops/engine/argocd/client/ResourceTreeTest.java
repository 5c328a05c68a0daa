package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.gitops.engine.argocd.ResourceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which pods of a resource tree are new and cannot start. */
class ResourceTreeTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String MANIFEST = """
        {"kind": "Pod", "metadata": {"namespace": "shop", "name": "%s", "creationTimestamp": "2026-08-01T10:00:05Z"},
         "spec": {"containers": [{"name": "api", "image": "ghcr.io/acme/shop:2"}]},
         "status": {"containerStatuses": [{"name": "api", "image": "sha256:0",
          "state": {"waiting": {"reason": "ImagePullBackOff", "message": "Back-off pulling image"}}}]}}
        """;

    private final List<String> manifestsRead = new ArrayList<>();

    @Test
    void aPodOfTheNewestReplicaSetIsNamedWithItsContainerAndImage() throws IOException {
        List<ResourceState> found = unhealthy(
                replicaSet("api-1", 1, "Deployment/api"),
                replicaSet("api-2", 2, "Deployment/api"),
                pod("api-2-x", "ReplicaSet/api-2", "ImagePullBackOff"));

        assertThat(found)
                .extracting(ResourceState::toString)
                .containsExactly("Pod shop/api-2-x: Degraded, ImagePullBackOff, container api of ghcr.io/acme/shop:2,"
                        + " Back-off pulling image");
        assertThat(found).allMatch(ResourceState::isStuck);
    }

    @Test
    void aPodOfAnOlderReplicaSetIsNotNew() throws IOException {
        assertThat(unhealthy(
                        replicaSet("api-1", 1, "Deployment/api"),
                        replicaSet("api-2", 2, "Deployment/api"),
                        pod("api-1-x", "ReplicaSet/api-1", "CrashLoopBackOff")))
                .hasSize(1)
                .noneMatch(ResourceState::isStuck);
        assertThat(manifestsRead).isEmpty();
    }

    @Test
    void theReplicaSetsOfAnotherDeploymentDoNotCount() throws IOException {
        assertThat(stuck(
                        replicaSet("api-1", 1, "Deployment/api"),
                        replicaSet("web-7", 7, "Deployment/web"),
                        pod("api-1-x", "ReplicaSet/api-1", "ErrImagePull")))
                .containsExactly("api-1-x");
    }

    @Test
    void aPodOfAStatefulSetOrDaemonSetIsNewWhereItIsOfTheNewestRevision() throws IOException {
        assertThat(stuck(
                        revision("db-5f", 1, "StatefulSet/db"),
                        revision("db-6a", 2, "StatefulSet/db"),
                        labelled("db-0", "StatefulSet/db", "db-5f"),
                        labelled("db-1", "StatefulSet/db", "db-6a"),
                        revision("log-77", 3, "DaemonSet/log"),
                        revision("log-78", 2, "DaemonSet/log"),
                        labelled("log-a", "DaemonSet/log", "77"),
                        labelled("log-b", "DaemonSet/log", "78")))
                .containsExactly("db-1", "log-a");
    }

    @Test
    void aPodWhoseVersionIsNotKnownIsNotTakenForNew() throws IOException {
        assertThat(stuck(
                        labelled("db-0", "StatefulSet/db", "db-5f"),
                        pod("op-0", "Cluster/op", "CrashLoopBackOff"),
                        pod("gone-0", "ReplicaSet/gone", "CrashLoopBackOff")))
                .isEmpty();
    }

    @Test
    void aPodOfAJobIsNewWhileTheJobRunsAndMayCrash() throws IOException {
        assertThat(stuck(
                        job("migrate", "Progressing", ""),
                        job("done", "Healthy", ""),
                        job("failed", "Degraded", ""),
                        job("nightly-1", "Progressing", "CronJob/nightly"),
                        pod("migrate-x", "Job/migrate", "ImagePullBackOff"),
                        pod("migrate-y", "Job/migrate", "CrashLoopBackOff"),
                        pod("done-x", "Job/done", "ImagePullBackOff"),
                        pod("failed-x", "Job/failed", "ImagePullBackOff"),
                        pod("nightly-1-x", "Job/nightly-1", "ImagePullBackOff")))
                .containsExactly("migrate-x");
    }

    @Test
    void anInitContainerAndAReasonThatHealthLeavesOutAreSeen() throws IOException {
        List<ResourceState> found = new ResourceTree(tree("""
            {"kind": "Pod", "version": "v1", "namespace": "shop", "name": "bare",
             "createdAt": "2026-08-01T10:00:05Z", "images": ["shop:2:2", "migrate:1"],
             "health": {"status": "Progressing"},
             "info": [{"name": "Status Reason", "value": "Init:InvalidImageName"}]}
            """), any -> Optional.empty()).unhealthy();

        assertThat(found)
                .extracting(ResourceState::toString)
                .containsExactly("Pod shop/bare: Progressing, InvalidImageName, migrate:1, shop:2:2");
        assertThat(found).allMatch(ResourceState::isStuck);
    }

    @Test
    void ofManyPodsThatCannotStartOnlyAFewAreRead() throws IOException {
        String[] nodes = IntStream.rangeClosed(0, 500)
                .mapToObj(number -> number == 0
                        ? replicaSet("api-1", 1, "Deployment/api")
                        : pod("api-1-" + number, "ReplicaSet/api-1", "ImagePullBackOff"))
                .toArray(String[]::new);

        assertThat(unhealthy(nodes)).hasSize(20).allMatch(ResourceState::isStuck);
        assertThat(manifestsRead).hasSize(3);
    }

    private List<String> stuck(String... nodes) throws IOException {
        return unhealthy(nodes).stream()
                .filter(ResourceState::isStuck)
                .map(ResourceState::name)
                .toList();
    }

    private List<ResourceState> unhealthy(String... nodes) throws IOException {
        return new ResourceTree(tree(nodes), this::manifest).unhealthy();
    }

    private Optional<JsonNode> manifest(JsonNode node) {
        String name = node.path("name").asText();
        manifestsRead.add(name);
        try {
            return Optional.of(JSON.readTree(MANIFEST.formatted(name)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode tree(String... nodes) throws IOException {
        return JSON.readTree("{\"nodes\": [" + String.join(",", nodes) + "]}");
    }

    private static String pod(String name, String owner, String reason) {
        return pod(name, owner, reason, "");
    }

    private static String labelled(String name, String owner, String hash) {
        return pod(
                name,
                owner,
                "ImagePullBackOff",
                ", \"networkingInfo\": {\"labels\": {\"controller-revision-hash\": \"" + hash + "\"}}");
    }

    private static String pod(String name, String owner, String reason, String more) {
        return """
            {"kind": "Pod", "version": "v1", "namespace": "shop", "name": "%s", "createdAt": "2026-08-01T10:00:05Z",
             "parentRefs": [%s], "images": ["ghcr.io/acme/shop:2"],
             "health": {"status": "Degraded", "message": "Back-off pulling image"},
             "info": [{"name": "Status Reason", "value": "%s"}, {"name": "Containers", "value": "0/1"}]%s}
            """.formatted(name, reference(owner), reason, more);
    }

    private static String replicaSet(String name, int revision, String owner) {
        return """
            {"group": "apps", "kind": "ReplicaSet", "version": "v1", "namespace": "shop", "name": "%s", "parentRefs": [%s],
             "health": {"status": "Healthy"}, "info": [{"name": "Revision", "value": "Rev:%d"}]}
            """.formatted(name, reference(owner), revision);
    }

    private static String revision(String name, int revision, String owner) {
        return """
            {"group": "apps", "kind": "ControllerRevision", "version": "v1", "namespace": "shop", "name": "%s",
             "parentRefs": [%s], "info": [{"name": "Revision", "value": "Rev:%d"}]}
            """.formatted(name, reference(owner), revision);
    }

    private static String job(String name, String health, String owner) {
        return """
            {"group": "batch", "kind": "Job", "version": "v1", "namespace": "shop", "name": "%s", "parentRefs": [%s],
             "health": {"status": "%s"}}
            """.formatted(name, owner.isEmpty() ? "" : reference(owner), health);
    }

    private static String reference(String owner) {
        String kind = owner.split("/")[0];
        String group =
                switch (kind) {
                    case "Job", "CronJob" -> "batch";
                    default -> "apps";
                };
        return """
            {"group": "%s", "kind": "%s", "namespace": "shop", "name": "%s", "uid": "1"}
            """.formatted(group, kind, owner.split("/")[1]);
    }
}

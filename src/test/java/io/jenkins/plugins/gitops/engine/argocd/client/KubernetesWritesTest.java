package io.jenkins.plugins.gitops.engine.argocd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.gitops.engine.argocd.ApplicationName;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCd.Refresh;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link KubernetesArgoCd} writes, beside a controller that writes the same Application all the time. */
@Timeout(240)
class KubernetesWritesTest {

    private static final ApplicationName SHOP = new ApplicationName("argocd", "shop");

    private KubernetesResources cluster;
    private ArgoCd argoCd;

    @BeforeEach
    void start() throws IOException {
        cluster = new KubernetesResources().with("applications", application(""));
        argoCd = cluster.connect();
    }

    @AfterEach
    void stop() {
        argoCd.close();
        cluster.close();
    }

    @Test
    void aSyncRequestThatComesTooLateIsWrittenAgain() {
        cluster.overtake(4);

        argoCd.sync(SHOP, "wait-1");

        assertThat(cluster.patches).hasSize(5);
        assertThat(cluster.patches
                        .get(4)
                        .path("metadata")
                        .path("resourceVersion")
                        .asText())
                .isEqualTo("7");
    }

    @Test
    void aRefreshRequestThatComesTooLateIsWrittenAgain() {
        cluster.overtake(4);

        assertThat(argoCd.refresh(argoCd.observe(SHOP).orElseThrow(), Refresh.NORMAL))
                .isPresent();
    }

    @Test
    void aRefreshIsRenewedByItsTimestamp() {
        argoCd.renewRefresh(SHOP);

        assertThat(cluster.patches.get(0).path("metadata").path("annotations").fieldNames())
                .toIterable()
                .containsExactly(ApplicationReader.REFRESH_TIMESTAMP_ANNOTATION);
    }

    @Test
    void conflictsThatDoNotEndAreTold() {
        cluster.overtake(5);

        assertThatThrownBy(() -> argoCd.sync(SHOP, "wait-1"))
                .hasMessageStartingWith("Cannot request a sync of argocd/shop at the Kubernetes API at ")
                .hasMessageEndingWith("(the object has been modified)");
    }

    @Test
    void aRequestedSyncIsRetriedTwice() {
        argoCd.sync(SHOP, "wait-1");

        assertThat(cluster.patches.get(0).path("operation")).hasToString("""
            {"sync":{"prune":false},"initiatedBy":{"username":"gitops-promotion"},\
            "info":[{"name":"gitops-promotion","value":"wait-1"}],"retry":{"limit":2}}\
            """);
    }

    @Test
    void theRetriesOfTheApplicationsPolicyHold() throws IOException {
        cluster.with("applications", application("\"syncPolicy\": {\"retry\": {\"limit\": 0}}"));

        argoCd.sync(SHOP, "wait-1");

        assertThat(cluster.patches.get(0).path("operation").path("retry")).hasToString("{\"limit\":0}");
    }

    private static String application(String spec) {
        return """
            {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
             "metadata": {"namespace": "argocd", "name": "shop", "resourceVersion": "7"}, "spec": {%s}}
            """.formatted(spec);
    }
}

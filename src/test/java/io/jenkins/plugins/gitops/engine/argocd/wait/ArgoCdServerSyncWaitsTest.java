package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;
import io.jenkins.plugins.gitops.engine.argocd.ArgoCdApi;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** Through a real HTTP server that speaks Argo CD's API. */
class ArgoCdServerSyncWaitsTest extends SyncWaitsContract {

    private ArgoCdApi api;

    @Override
    synchronized ArgoCd connect() throws IOException {
        if (api == null) {
            api = new ArgoCdApi(cluster.backing());
        }
        return api.connect("argocd");
    }

    @AfterEach
    void stopApi() {
        if (api != null) {
            api.close();
        }
    }
}

package io.jenkins.plugins.gitops.engine.argocd.wait;

import io.jenkins.plugins.gitops.engine.argocd.ArgoCd;

/** Through fabric8's mock Kubernetes API. */
class KubernetesSyncWaitsTest extends SyncWaitsContract {

    @Override
    ArgoCd connect() {
        return cluster.connect("argocd");
    }
}

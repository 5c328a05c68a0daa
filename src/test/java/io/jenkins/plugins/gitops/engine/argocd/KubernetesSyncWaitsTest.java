package io.jenkins.plugins.gitops.engine.argocd;

/** Through fabric8's mock Kubernetes API. */
class KubernetesSyncWaitsTest extends SyncWaitsContract {

    @Override
    ArgoCd connect() {
        return cluster.connect("argocd");
    }
}

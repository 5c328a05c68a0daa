/**
 * Watches Argo CD Applications and decides a sync's verdict.
 *
 * <p>A connection ({@link io.jenkins.plugins.gitops.engine.argocd.ArgoCd}) lists and watches Applications, through the
 * Kubernetes API or Argo CD's own. One {@link io.jenkins.plugins.gitops.engine.argocd.SharedFeed} per connection and
 * namespace turns that into the newest known state of each Application and serves every wait. A
 * {@link io.jenkins.plugins.gitops.engine.argocd.SyncWaits wait} holds no thread: it is a few records that are looked at
 * again when an Application changes or a time has come. What it then concludes is a pure function,
 * {@link io.jenkins.plugins.gitops.engine.argocd.VerdictRule}.
 */
package io.jenkins.plugins.gitops.engine.argocd;

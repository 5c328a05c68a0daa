/**
 * The two ways to connect to an Argo CD: through the Kubernetes API of its cluster, and through its own API server. Both
 * give the same observations.
 */
package io.jenkins.plugins.gitops.engine.argocd.client;

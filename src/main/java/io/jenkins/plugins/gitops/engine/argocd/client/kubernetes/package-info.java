/** Argo CD through the Kubernetes API of its cluster. */
package io.jenkins.plugins.gitops.engine.argocd.client.kubernetes;

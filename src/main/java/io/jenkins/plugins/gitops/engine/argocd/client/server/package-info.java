/** Argo CD through its own API server: REST, and the stream of events its UI uses. */
package io.jenkins.plugins.gitops.engine.argocd.client.server;

/**
 * What an administrator sets up: config repositories and Argo CD connections, globally and for a folder, the credentials
 * they name, and the engine's shared services built from them.
 */
package io.jenkins.plugins.gitops.config;

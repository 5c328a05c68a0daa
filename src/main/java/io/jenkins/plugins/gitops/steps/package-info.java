/** The Pipeline steps: each reads its parameters, finds what is configured, and leaves the rest to the engine. */
package io.jenkins.plugins.gitops.steps;

/** Offers gates as {@code input}, to what knows no other step that waits for people. Needs pipeline-input-step. */
package io.jenkins.plugins.gitops.pages.gate.input;

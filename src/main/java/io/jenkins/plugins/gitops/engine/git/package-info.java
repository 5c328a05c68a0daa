/** Reads and commits to a config repository without a work tree and without a {@code git} process. */
package io.jenkins.plugins.gitops.engine.git;

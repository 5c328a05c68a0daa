/** Reads and commits: one cache for each remote, one queue for each branch, and what happens when a push fails. */
package io.jenkins.plugins.gitops.engine.git.commit;

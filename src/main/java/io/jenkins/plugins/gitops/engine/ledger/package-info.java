/**
 * The deployment history of a config repository, read from its own commits and notes: what was deployed where, by whom
 * and what became of it. It knows nothing of those who write the commits.
 */
package io.jenkins.plugins.gitops.engine.ledger;

/**
 * What a wait makes of an Application: {@link io.jenkins.plugins.gitops.engine.argocd.verdict.VerdictRule} is a pure
 * function of what is expected, what was seen, how commits relate, and the time. The table {@code verdicts.txt} beside
 * its test has the states and the sentences.
 */
package io.jenkins.plugins.gitops.engine.argocd.verdict;

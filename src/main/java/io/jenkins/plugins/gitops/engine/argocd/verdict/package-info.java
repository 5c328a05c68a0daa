/**
 * What a wait makes of an Application: {@link io.jenkins.plugins.gitops.engine.argocd.verdict.VerdictRule} is a pure
 * function of what is expected, what was seen, how commits relate, and the time. The table {@code verdicts.txt} beside
 * its test has the states and the sentences.
 * Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.argocd.verdict;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

/**
 * Moves releases between environments: bump, promotion and its gate, and rollback; the ledger remembers them.
 *
 * <p>Everything here is a value or a function of values, but for the few classes that are handed a {@link
 * io.jenkins.plugins.gitops.engine.git.ConfigRepository}. Git is the only store: what a commit's {@link
 * io.jenkins.plugins.gitops.engine.ledger.Trailers trailers} and notes say is all the ledger knows. Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

/**
 * The deployment history of a config repository, read from its own commits and notes: what was deployed where, by whom
 * and what became of it. It knows nothing of those who write the commits. Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.ledger;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

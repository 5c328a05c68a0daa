/**
 * The gate before a promotion, or on its own: its events and what they add up to, the rules of who decides what, the
 * checks' answers, and the open gates of a controller. Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

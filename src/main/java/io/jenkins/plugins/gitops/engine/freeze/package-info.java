/**
 * When promotions are allowed: windows in local time, and what they mean on days on which clocks change.
 *
 * <p>A local time that a clock change skips stands for the moment of the change. One that comes twice stands for its
 * first occurrence as a beginning and for its second as an end, so that a window is never shorter than it says. Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.freeze;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

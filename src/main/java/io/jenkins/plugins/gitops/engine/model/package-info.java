/**
 * What {@code gitops.yaml} declares: applications, their images and environments, gates. {@link
 * io.jenkins.plugins.gitops.engine.model.DeclarationReader} reads it; everything else here is a value. Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.model;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

/**
 * Knows where an image stands in a kustomization, a Helm values file, a Kubernetes manifest or a version file, and how it
 * is written there. {@link io.jenkins.plugins.gitops.engine.manifest.ManifestFiles} is the way in; the text itself is
 * edited by {@code engine.yaml}.
 *
 * <p>Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.manifest;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

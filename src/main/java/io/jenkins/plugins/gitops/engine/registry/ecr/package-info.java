/**
 * Amazon ECR: what an image is and what its scan found, through AWS's own API; what is in it, through the OCI protocol.
 *
 * <p>Amazon ECR Public is an OCI registry like any other, {@code public.ecr.aws}: its own API has neither scans nor
 * more to say of an image, and no plugin brings its client.
 *
 * <p>Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.registry.ecr;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

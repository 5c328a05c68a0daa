/**
 * Asks Amazon ECR or any OCI registry what an image reference is, and decides by policy whether that image may move.
 *
 * <p>{@link io.jenkins.plugins.gitops.engine.registry.ReleaseVerification} is the door for bumps and promotions.
 *
 * <p>Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

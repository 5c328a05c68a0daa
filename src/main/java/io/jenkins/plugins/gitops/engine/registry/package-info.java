/**
 * Asks Amazon ECR or any OCI registry what an image reference is, and decides by policy whether that image may move.
 *
 * <p>{@link io.jenkins.plugins.gitops.engine.registry.ReleaseVerification} is the door for bumps and promotions.
 */
package io.jenkins.plugins.gitops.engine.registry;

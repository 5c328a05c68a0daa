/**
 * What {@code gitops.yaml} declares: applications, their images and environments, gates. {@link
 * io.jenkins.plugins.gitops.engine.model.DeclarationReader} reads it; everything else here is a value.
 */
package io.jenkins.plugins.gitops.engine.model;

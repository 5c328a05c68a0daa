/**
 * Edits YAML text in place.
 *
 * <p>A file is parsed to events that know their place in the text ({@link
 * io.jenkins.plugins.gitops.engine.yaml.YamlFile}); an edit ({@link
 * io.jenkins.plugins.gitops.engine.yaml.YamlEdit}) replaces as few characters as possible and nothing is ever
 * re-emitted. Every edit is parsed again before it is handed out, and must give the events of the old text but for the
 * ones that were meant to change: an edit that would do anything else is refused rather than made.
 *
 * <p>Knows nothing of images or Kubernetes; that is {@code engine.manifest}.
 *
 * <p>Nothing is null unless it is marked.
 */
@DefaultAnnotationForParameters(NonNull.class)
@ReturnValuesAreNonnullByDefault
package io.jenkins.plugins.gitops.engine.yaml;

import edu.umd.cs.findbugs.annotations.DefaultAnnotationForParameters;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.ReturnValuesAreNonnullByDefault;

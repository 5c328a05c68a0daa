package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * A rule that an image breaks.
 *
 * @param clause completes "Image … may not be released: "; says what is, what is allowed, and the remedy; no full stop
 */
public record Violation(@NonNull String clause) {}

package io.jenkins.plugins.gitops.engine.registry.oci;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Duration;

/** Waits between two attempts. */
@FunctionalInterface
public interface Pause {

    void of(@NonNull Duration time) throws InterruptedException;
}

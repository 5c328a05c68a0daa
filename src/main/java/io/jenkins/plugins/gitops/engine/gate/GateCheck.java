package io.jenkins.plugins.gitops.engine.gate;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;

/** One automatic check of a gate, asked again and again while the gate is open. Safe for any thread. */
public interface GateCheck {

    /** Names it within its gate; an override says it. */
    @NonNull
    String id();

    /**
     * What it says now. May block for a few seconds; what it throws counts as not answered, and it is asked again.
     *
     * @param gate as it stands
     */
    @NonNull
    CheckResult answer(@NonNull Gate gate, @NonNull Instant now);
}

package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.ImageReference;
import java.time.Duration;
import java.util.List;

/** What registry and policy say of one image. */
public sealed interface ImageCheck {

    /**
     * It may move.
     *
     * @param release the reference to write, pinned where the policy says so
     * @param sentence what was seen, for people
     */
    record Passed(@NonNull ImageReference release, @NonNull String sentence) implements ImageCheck {}

    /** Its scan has not finished: ask again. {@code state} says so to people, without a full stop. */
    record Waiting(@NonNull String state, @NonNull Duration askAgainIn) implements ImageCheck {}

    /**
     * It may not move.
     *
     * @param details the list behind the sentence, such as every finding; may be empty
     */
    record Refused(@NonNull String sentence, @NonNull List<String> details) implements ImageCheck {}
}

package io.jenkins.plugins.gitops.engine.promotion;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.engine.model.ImageChange;
import java.util.stream.Collectors;

/** One line that tells a person what a bump did: every commit the plugin makes is told once, by this. */
final class BumpStory {

    private BumpStory() {}

    @NonNull
    static String line(@NonNull BumpResult result) {
        String commit = Words.commit(result.commit());
        return switch (result.outcome()) {
            case COMMITTED -> "Committed " + commit + " to " + result.branch() + changes(result);
            case ALREADY_COMMITTED ->
                "Commit " + commit + " on " + result.branch() + " is this very change: nothing to repeat.";
            case UNCHANGED -> "Nothing to change: " + result.branch() + " at " + commit + " has these images already.";
        };
    }

    private static String changes(BumpResult result) {
        return result.changes().stream()
                .filter(ImageChange::isChange)
                .map(ImageChange::toString)
                .collect(Collectors.joining("; ", ": ", ""));
    }
}

package io.jenkins.plugins.gitops.steps.awaitsync;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.argocd.verdict.SyncStatus;
import io.jenkins.plugins.gitops.engine.ledger.Words;
import io.jenkins.plugins.gitops.steps.awaitsync.AwaitSyncPlan.Leg;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** How an await step tells what it waits for and how it ended, to a person and to the Pipeline. */
public final class AwaitSyncWords {

    private AwaitSyncWords() {}

    /** One line for each environment. */
    @NonNull
    public static List<String> beginning(@NonNull AwaitSyncPlan plan, @NonNull Instant now) {
        String time = left(Duration.between(now, plan.deadline()));
        return plan.legs().stream()
                .map(leg -> "Waiting up to " + time + " for " + leg.title()
                        + commit(leg)
                        + (leg.images().isEmpty()
                                ? "."
                                : ": " + String.join(", ", leg.images().values()) + "."))
                .toList();
    }

    private static String commit(AwaitSyncPlan.Leg leg) {
        String commit = leg.commit();
        return commit == null ? "" : " to run commit " + Words.commit(commit);
    }

    @NonNull
    static String end(@NonNull SyncStatus status) {
        return switch (status.kind()) {
            case HEALTHY -> "Live and healthy: " + sentence(status);
            case FAILED -> "Not live: " + sentence(status);
            case TIMED_OUT -> "Not live in time: " + sentence(status);
            case SUPERSEDED -> "Not live any more: " + sentence(status);
            case PENDING -> "Still waiting: " + sentence(status);
        };
    }

    /** Argo CD's own messages may end as a sentence does. */
    private static String sentence(SyncStatus status) {
        String summary = status.summary();
        return summary.endsWith(".") ? summary : summary + ".";
    }

    /** The step's result; plain maps, lists, strings and numbers, which a Pipeline may keep over a restart. */
    @NonNull
    static LinkedHashMap<String, Object> map(
            @NonNull AwaitSyncPlan plan, @NonNull SyncStatus status, @NonNull Duration took) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("verdict", status.kind().name());
        map.put("summary", status.summary());
        Leg first = plan.legs().get(0);
        map.put("commit", first.commit());
        LinkedHashMap<String, String> images = new LinkedHashMap<>();
        plan.legs().forEach(leg -> leg.images().forEach(images::putIfAbsent));
        map.put("images", images);
        map.put("targets", new ArrayList<>(plan.legs().stream().map(Leg::title).toList()));
        map.put("durationMillis", took.toMillis());
        return map;
    }

    /** {@code 45 s}, {@code 12 min}. */
    @NonNull
    static String left(@NonNull Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 120 ? seconds + " s" : (seconds + 59) / 60 + " min";
    }
}

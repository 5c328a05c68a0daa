package io.jenkins.plugins.gitops.engine.freeze;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;

/** Places local times on the time line, also those that a clock change skips or repeats. */
final class LocalTimes {

    private LocalTimes() {}

    @NonNull
    static Instant beginning(@NonNull LocalDateTime local, @NonNull ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty() ? change(local, zone) : local.toInstant(offsets.get(0));
    }

    @NonNull
    static Instant end(@NonNull LocalDateTime local, @NonNull ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        return offsets.isEmpty() ? change(local, zone) : local.toInstant(offsets.get(offsets.size() - 1));
    }

    private static Instant change(LocalDateTime skipped, ZoneId zone) {
        ZoneOffsetTransition transition = zone.getRules().getTransition(skipped);
        return transition.getInstant();
    }
}

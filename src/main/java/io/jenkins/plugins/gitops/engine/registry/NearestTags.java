package io.jenkins.plugins.gitops.engine.registry;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.gitops.engine.model.UnknownNameException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The tags a user may have meant. */
public final class NearestTags {

    private static final int NAMED = 3;

    private NearestTags() {}

    /** At most three of the known tags, nearest first; empty where none is near. */
    @NonNull
    public static List<String> to(@NonNull String tag, @NonNull Collection<String> known) {
        List<String> rest = new ArrayList<>(known);
        List<String> nearest = new ArrayList<>();
        while (nearest.size() < NAMED) {
            Optional<String> next = UnknownNameException.nearest(tag, rest);
            if (next.isEmpty()) {
                break;
            }
            nearest.add(next.get());
            rest.remove(next.get());
        }
        return nearest;
    }
}
